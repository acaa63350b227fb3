/** The project as it is shipped: compiled, so that a figure holds for the box, which has neither tsx nor its memory. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../src/package.ts';

const folder = join(packageRoot, 'node_modules/.cache/hoistway-built');

/** Compiles it, and returns the path of a module in it, given from the root of the project without its ending. */
export function builtModule(name: string): string {
  const words = ['tsc', '--noEmit', 'false', '--outDir', folder];
  const { status, stdout } = spawnSync('npx', words, { cwd: packageRoot, encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
  return join(folder, `${name}.js`);
}
