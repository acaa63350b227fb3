/** A pair of serial ports that are wired to each other: two pseudo-terminals by socat. They carry bytes without baud or parity. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PtyPair {
  readonly a: string;
  readonly b: string;
  /** Pulls the adapter: both ends vanish. */
  unplug(): Promise<void>;
  /** Puts it back under the same names, where it was pulled. */
  plug(): Promise<void>;
  close(): Promise<void>;
}

/** `log`: a file for every byte, as `socat -x` writes it: `>` from a to b, `<` back. */
export async function openPtyPair({ log }: { readonly log?: string } = {}): Promise<PtyPair> {
  const dir = await mkdtemp(join(tmpdir(), 'hoistway-pty-'));
  const a = join(dir, 'a');
  const b = join(dir, 'b');
  let socat: ChildProcess | null = null;
  const plug = async () => {
    if (socat) return;
    const told = log === undefined ? 'ignore' : openSync(log, 'w');
    const words = log === undefined ? [] : ['-x'];
    socat = spawn('socat', [...words, `pty,raw,echo=0,link=${a}`, `pty,raw,echo=0,link=${b}`], {
      stdio: ['ignore', 'ignore', told],
    });
    if (typeof told === 'number') closeSync(told);
    const failed = new Promise<never>((_, reject) => socat?.once('error', reject));
    await Promise.race([appear(a, b), failed]);
  };
  const unplug = async () => {
    const gone = socat;
    socat = null;
    if (!gone) return;
    if (gone.exitCode === null && gone.signalCode === null) {
      const ended = new Promise((resolve) => gone.once('exit', resolve));
      // An adapter that is pulled tidies nothing up.
      gone.kill('SIGKILL');
      await ended;
    }
    await Promise.all([a, b].map((path) => rm(path, { force: true })));
  };
  await plug();
  return {
    a,
    b,
    plug,
    unplug,
    async close() {
      await unplug();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function appear(...paths: string[]): Promise<void> {
  const untilMs = Date.now() + 5000;
  while (!paths.every((path) => existsSync(path))) {
    if (Date.now() > untilMs) throw new Error(`socat made no pseudo-terminals at ${paths.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
