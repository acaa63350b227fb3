/** Keeps the OPC UA server running in a process of its own. Nothing here waits for it: the gateway pushes and goes on. */

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type Clock, type MonoMs, plus, type Stop } from '../../clock.ts';
import { t } from '../../language.ts';
import { siblingModule } from '../../package.ts';
import type { Board } from '../board.ts';
import type { FromServer, ToServer } from './messages.ts';

export interface OpcuaOptions {
  /** address to listen on; without security on loopback only */
  readonly host: string;
  /** TCP port; 0 takes any */
  readonly port: number;
  /** certificates go into its folder `opcua` */
  readonly stateDir: string;
  readonly clock: Clock;
  /** one line for the journal */
  remark(line: string): void;
}

export interface Opcua {
  /** The newest board; never waits, and older ones that were not yet sent are dropped. */
  push(board: Board): void;
  stop(): Promise<void>;
  readonly state: OpcuaState;
}

export type OpcuaState =
  | { readonly name: 'starting' }
  | { readonly name: 'serving'; readonly url: string; readonly pid: number }
  /** it ended, and is started again after a wait */
  | { readonly name: 'waiting'; readonly why: string }
  | { readonly name: 'stopped' };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A server that served for this long has earned a quick restart. */
const PROVEN_MS = 60_000;
/** Long enough for the start on the slowest box; a process that takes no board for this long hangs. */
const HANG_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 3000;
const STDERR_KEPT = 500;

/** Resolves at once; the server comes up in seconds, with the first board. Trouble is remarked and tried again for ever. */
export async function startOpcua(options: OpcuaOptions): Promise<Opcua> {
  return new Host(options);
}

class Host implements Opcua {
  readonly #options: OpcuaOptions;
  #state: OpcuaState = { name: 'starting' };
  #child: ChildProcess | null = null;
  /** the newest board, until it is sent; kept for the restart too */
  #board: Board | null = null;
  #fresh = false;
  /** the child has been told where to serve */
  #started = false;
  #inFlight = false;
  #startedMs: MonoMs;
  #waitMs = FIRST_WAIT_MS;
  #why = '';
  #stopTimer: Stop = () => undefined;
  #gone: (() => void) | null = null;

  constructor(options: OpcuaOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monoMs();
    this.#start();
  }

  get state(): OpcuaState {
    return this.#state;
  }

  push(board: Board): void {
    this.#board = board;
    this.#fresh = true;
    this.#send();
  }

  async stop(): Promise<void> {
    const { clock } = this.#options;
    this.#stopTimer();
    this.#state = { name: 'stopped' };
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => {
      this.#gone = resolve;
    });
    const kill = clock.at(plus(clock.monoMs(), STOP_LIMIT_MS), () => child.kill('SIGKILL'));
    this.#tell({ type: 'stop' });
    await gone;
    kill();
  }

  #start(): void {
    this.#state = { name: 'starting' };
    this.#started = false;
    this.#inFlight = false;
    this.#why = '';
    this.#startedMs = this.#options.clock.monoMs();
    const child = fork(siblingModule(import.meta.url, 'server'), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child = child;
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_KEPT);
    });
    child.on('message', (message: FromServer) => this.#heard(message));
    child.on('error', (error) => {
      this.#why = error.message;
      if (child.pid === undefined) this.#ended(child);
    });
    child.on('exit', (code, signal) => {
      this.#why ||= signal ?? `exit ${code} ${complaintOf(stderr)}`.trim();
      this.#ended(child);
    });
    this.#send();
  }

  #heard(message: FromServer): void {
    if (message.type === 'failed') {
      this.#why = message.why;
    } else if (message.type === 'serving') {
      if (this.#state.name !== 'starting') return;
      this.#state = { name: 'serving', url: message.url, pid: this.#child?.pid ?? 0 };
      this.#options.remark(t(`OPC UA at ${message.url}`, `OPC UA 地址 ${message.url}`));
    } else {
      this.#inFlight = false;
      this.#stopTimer();
      this.#send();
    }
  }

  /** One board at a time; while the child is busy only the newest waits. */
  #send(): void {
    if (!this.#fresh || !this.#board || this.#inFlight || !this.#child || this.#state.name === 'stopped') return;
    const { host, port, stateDir, clock } = this.#options;
    const board = this.#board;
    const wallMs = clock.wallMs();
    this.#fresh = false;
    this.#inFlight = true;
    if (this.#started) this.#tell({ type: 'board', board, wallMs });
    else this.#tell({ type: 'start', host, port, pkiDir: join(stateDir, 'opcua'), board, wallMs });
    this.#started = true;
    const child = this.#child;
    this.#stopTimer = clock.at(plus(clock.monoMs(), HANG_LIMIT_MS), () => child.kill('SIGKILL'));
  }

  /** A child that is going away cannot be told any more; its exit says the rest. */
  #tell(message: ToServer): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#stopTimer();
    this.#gone?.();
    if (this.#state.name === 'stopped') return;
    const { clock, remark } = this.#options;
    const nowMs = clock.monoMs();
    if (this.#state.name === 'serving' && nowMs - this.#startedMs > PROVEN_MS) this.#waitMs = FIRST_WAIT_MS;
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    this.#fresh = this.#board !== null;
    this.#state = { name: 'waiting', why: this.#why };
    const seconds = Math.round(waitMs / 1000);
    remark(
      t(
        `OPC UA ended: ${this.#why}. Starting again in ${seconds} s.`,
        `OPC UA 进程退出：${this.#why}。${seconds} 秒后重新启动。`,
      ),
    );
    this.#stopTimer = clock.at(plus(nowMs, waitMs), () => this.#start());
  }
}

/** The line of Node's last words that says what went wrong. */
function complaintOf(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.findLast((line) => /Error/.test(line)) ?? lines.at(-1) ?? '';
}
