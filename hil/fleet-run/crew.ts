/** The processes of a fleet: those that hold the boxes, and the `listen` workers that share what comes. */

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { siblingModule } from '../../src/package.ts';
import type { Order, Report, Standing } from './boxes.ts';
import type { Heard } from './receipt.ts';

/** A crew that its parent leaves behind would go on for ever. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

function watch(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export class BoxProcess {
  standing: Standing = { type: 'standing', mark: 0, there: 0, made: 0, sent: 0 };
  /** why it cannot go on */
  trouble: string | null = null;
  readonly #child: ChildProcess;
  readonly #report: Promise<Report | null>;

  constructor() {
    const module = fileURLToPath(siblingModule(import.meta.url, 'boxes'));
    this.#child = fork(module, [], { execArgv: process.execArgv, serialization: 'advanced' });
    watch(this.#child);
    let reported = false;
    this.#report = new Promise((resolve) => {
      this.#child.on('message', (message: Standing | Report) => {
        if (message.type === 'standing') this.standing = message;
        else {
          reported = true;
          resolve(message);
        }
      });
      this.#child.once('exit', (code, signal) => {
        if (!reported) this.trouble = `a process of boxes ended: ${code ?? signal}`;
        resolve(null);
      });
    });
  }

  tell(order: Order): void {
    this.#child.send(order);
  }

  /** Null where the process died. */
  end(): Promise<Report | null> {
    if (this.trouble === null) this.tell({ type: 'end' });
    return this.#report;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** `hoistway listen` as a platform runs it: a session of its own name, which the broker keeps while it is away. */
export class ListenWorker {
  readonly ready: Promise<void>;
  /** what it said on standard error last */
  said = '';
  readonly #child: ChildProcess;

  constructor(words: readonly string[], name: string, onHeard: (heard: Heard) => void) {
    const main = fileURLToPath(siblingModule(import.meta.url, '../../src/main'));
    const call = [...process.execArgv, main, 'listen', '--json', '--session', name, ...words];
    const child = spawn(process.execPath, call, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.#child = child;
    watch(child);
    createInterface({ input: child.stdout }).on('line', (line) => onHeard(JSON.parse(line)));
    this.ready = new Promise((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.said = line;
        if (line.startsWith('listening')) resolve();
      });
      child.once('exit', () => reject(new Error(`a listener ended: ${this.said}`)));
    });
    this.ready.catch(() => undefined);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exit;
  }
}
