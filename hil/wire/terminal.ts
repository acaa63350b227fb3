/** A pseudo-terminal of which this process is the far end: nothing stands between it and who opens the other one. Linux. */

import { execFileSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Terminal {
  /** of our end: reads block until bytes come, and writes reach the other end at once */
  readonly fd: number;
  /** what the other side opens as its serial port */
  readonly path: string;
}

export function openTerminal(): Terminal {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const library = koffi.load('libc.so.6');
  const [grant, unlock] = [library.func('int grantpt(int)'), library.func('int unlockpt(int)')];
  const name = library.func('char *ptsname(int)');
  const fd = openSync('/dev/ptmx', 'r+');
  if (grant(fd) !== 0 || unlock(fd) !== 0) throw new Error('the kernel gives no pseudo-terminal');
  const path = String(name(fd));
  // Held open, so that our end lives on while nobody has the other one. Without O_NOCTTY a first terminal would become ours.
  openSync(path, 'r+');
  execFileSync('stty', ['-F', path, 'raw', '-echo']);
  return { fd, path };
}
