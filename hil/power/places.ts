/**
 * Where the lives of a run take place. The child is plain JavaScript in a folder of its own: through tsx each of ten thousand
 * starts would take half a second more.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.ts';

export interface Places {
  /** on a real disk */
  readonly folder: string;
  /** in memory where the machine has it: of what is simulated or only looked at, no disk is asked to sync anything */
  readonly memory: string;
  /** path of the compiled child */
  readonly child: string;
  remove(): void;
}

const STARTED = ['hil/power/child.ts', 'src/outbox/worker.ts'];

export function makePlaces(): Places {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-power-'));
  const memory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'hoistway-power-'));
  return {
    ...{ folder, memory, child: compileChild(folder) },
    remove() {
      for (const place of [folder, memory]) rmSync(place, { recursive: true, force: true });
    },
  };
}

function compileChild(folder: string): string {
  const outDir = join(folder, 'js');
  const typeRoots = [join(packageRoot, 'node_modules/@types')];
  const settings = {
    extends: join(packageRoot, 'tsconfig.json'),
    compilerOptions: { noEmit: false, noCheck: true, rootDir: packageRoot, outDir, typeRoots },
    files: STARTED.map((path) => join(packageRoot, path)),
    include: [],
  };
  mkdirSync(outDir, { recursive: true });
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(outDir, 'package.json'), JSON.stringify({ type: 'module', version: '0' }));
  symlinkSync(join(packageRoot, 'node_modules'), join(outDir, 'node_modules'));
  const tsc = join(packageRoot, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['-p', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  return join(outDir, 'hil/power/child.js');
}

/** Of a child: one that is killed leaves no coverage, and need not count it. */
export function childEnv(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  delete env.NODE_V8_COVERAGE;
  return env;
}
