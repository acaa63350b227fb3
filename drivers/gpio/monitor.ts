/** One process of gpiomon. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Clock, plus } from '../../src/clock.ts';
import { t } from '../../src/language.ts';
import {
  type CharacterChip,
  isBanner,
  monitorArgs,
  type PrintedEdge,
  parseEdge,
  plainEnv,
  saidOf,
  type Tools,
} from './gpiotools.ts';

/** gpiomon of version 1 does not say when it has its lines: one that could not have them has ended by then, ms. */
const UNSAID_READY_MS = 500;
const ERROR_LIMIT_CHARACTERS = 1000;

export interface MonitorParts {
  readonly clock: Clock;
  readonly tools: Tools;
  readonly chip: CharacterChip;
  readonly offsets: readonly number[];
}

export interface Monitor {
  /** Resolves with the reason, in the words of the tool. */
  readonly ended: Promise<string>;
  /** Ends it, and resolves when its lines are free. */
  end(): Promise<void>;
}

/** `ready`: it has its lines; told once, and before any edge. */
export function startMonitor(
  { clock, tools, chip, offsets }: MonitorParts,
  { ready, edge }: { ready(): void; edge(printed: PrintedEdge): void },
): Monitor {
  // In a group of its own, so that Ctrl-C at a terminal ends the gateway in order, and not its inputs first.
  const child = spawn(join(tools.dir, 'gpiomon'), monitorArgs(tools.major, chip.name, offsets), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: plainEnv(),
  });
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => {
    if (err.length < ERROR_LIMIT_CHARACTERS) err += bytes.toString();
  });
  let isReady = false;
  const begin = () => {
    if (!isReady) ready();
    isReady = true;
  };
  const unarm = tools.major === 1 ? clock.at(plus(clock.monoMs(), UNSAID_READY_MS), begin) : () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const printed = parseEdge(tools.major, line);
    if (printed || isBanner(line)) begin();
    if (printed) edge(printed);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // `close` comes after all that was printed.
    child.once('close', (code, by) => {
      const bare = t(`gpiomon ended (${by ?? code})`, `gpiomon 已退出（${by ?? code}）`);
      resolve(saidOf(err) || bare);
    });
  }).finally(unarm);
  return {
    ended,
    async end() {
      unarm();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
