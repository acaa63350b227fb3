/** The child as plain JavaScript in a folder of its own: through tsx each of ten thousand starts would take half a second more. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.ts';

const STARTED = ['hil/power/child.ts', 'src/outbox/worker.ts'];

/** Compiles into `folder`; returns the path of the child. */
export function compileChild(folder: string): string {
  const outDir = join(folder, 'js');
  const settings = {
    extends: join(packageRoot, 'tsconfig.json'),
    compilerOptions: { noEmit: false, noCheck: true, rootDir: packageRoot, outDir, typeRoots: [join(packageRoot, 'node_modules/@types')] },
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
