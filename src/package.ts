/** Where the package stands on disk: the same from a clone (src/) and from a build (dist/src/). */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}

export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

export const packageVersion = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
).version;

/** A sibling module to start as a thread or process: `.ts` when run by tsx, `.js` when built. `name` has no ending. */
export function siblingModule(of: string, name: string): URL {
  return new URL(`./${name}${of.endsWith('.ts') ? '.ts' : '.js'}`, of);
}

/** Starts a sibling module as a thread, by tsx or as it was built. */
export function startThread(of: string, name: string, workerData: unknown): Worker {
  const { href } = siblingModule(of, name);
  if (!href.endsWith('.ts')) return new Worker(new URL(href), { workerData });
  const [loader, module] = [import.meta.resolve('tsx/esm/api'), href].map((url) => JSON.stringify(url));
  return new Worker(`import(${loader}).then(({ register }) => (register(), import(${module})))`, {
    workerData,
    eval: true,
  });
}
