/** The command line as people call it: child processes of src/main.ts. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { sleep, systemClock } from '../../src/clock.ts';
import { packageRoot } from '../../src/package.ts';

const LIMIT_MS = 25_000;

export interface Started {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  /** the exit code, or the signal that ended it */
  readonly ended: Promise<number | string | null>;
  /** resolves once `stream` has said so; throws with all that was said where it ends or takes too long */
  says(stream: 'out' | 'err', words: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();

/** A test that fails leaves nothing behind. */
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startHoistway(words: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = packageRoot): Started {
  const child = spawn(
    process.execPath,
    ['--import', join(packageRoot, 'node_modules/tsx/dist/esm/index.mjs'), join(packageRoot, 'src/main.ts'), ...words],
    { cwd, env: { ...process.env, LC_ALL: 'C', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    said.out += bytes;
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said.err += bytes;
  });
  let over = false;
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => {
      over = true;
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  const endedInTime = inTime(
    ended,
    () => `${words.join(' ')} did not end:\n${said.out}${said.err}`,
    () => child.kill('SIGKILL'),
  );
  // A test that failed before it waits for the end has told why.
  endedInTime.catch(() => undefined);
  return {
    child,
    said,
    ended: endedInTime,
    async says(stream, wanted) {
      const untilMs = systemClock.monoMs() + LIMIT_MS;
      while (!wanted.test(said[stream])) {
        if (over || systemClock.monoMs() > untilMs) {
          throw new Error(`${words.join(' ')} never said ${wanted}:\n${said.out}${said.err}`);
        }
        await sleep(systemClock, 20);
      }
    },
    signal: (name) => void child.kill(name),
  };
}

async function inTime<T>(promise: Promise<T>, why: () => string, giveUp: () => void): Promise<T> {
  const stop = new AbortController();
  const late = sleep(systemClock, LIMIT_MS, stop.signal).then(() => {
    if (stop.signal.aborted) return;
    giveUp();
    throw new Error(why());
  });
  try {
    await Promise.race([promise, late]);
    return await promise;
  } finally {
    stop.abort();
  }
}

export interface Ran {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

export async function hoistway(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const { ended, said } = startHoistway(words, env);
  return { code: await ended, ...said };
}
