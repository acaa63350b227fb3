/** Packages that only a bench needs: installed from the registry into a folder of the temporary directory that is kept for the next run. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const INSTALL_LIMIT_MS = 600_000;

export interface OnDemand {
  /** what `node_modules` stands in */
  readonly folder: string;
  /** Null when they are there, or why they cannot be. */
  install(): string | null;
}

/** `scripts`: whether theirs may run, as those that compile */
export function onDemand(packages: readonly string[], { scripts = false } = {}): OnDemand {
  const folder = join(tmpdir(), `hoistway-bench-${packages.join('-')}`);
  /** written when the install is whole */
  const mark = join(folder, 'installed');
  return {
    folder,
    install() {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (statSync(folder).uid !== process.getuid?.()) return `${folder} belongs to somebody else`;
      if (existsSync(mark)) return null;
      console.error(`installing ${packages.join(' and ')} into ${folder}, once`);
      const quiet = ['--no-audit', '--no-fund', '--fetch-retries=1', ...(scripts ? [] : ['--ignore-scripts'])];
      const words = ['install', '--prefix', folder, ...quiet, ...packages];
      const { status, stderr, error } = spawnSync('npm', words, { timeout: INSTALL_LIMIT_MS, encoding: 'utf8' });
      if (status !== 0) return error?.message ?? (stderr.trim().split('\n')[0] || 'npm failed');
      writeFileSync(mark, '');
      return null;
    },
  };
}
