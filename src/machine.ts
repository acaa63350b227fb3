/** Runs a state machine: its inputs one after the other, its effects, and the timer that its deadline asks for. */

import type { Clock, MonoMs, Stop } from './clock.ts';

export interface MachineParts<Session, Input, Effect> {
  readonly clock: Clock;
  /** from 0 up to 1; Math.random where left out */
  readonly random?: (() => number) | undefined;
  readonly start: Session;
  step(
    session: Session,
    input: Input,
    now: { readonly atMs: MonoMs; readonly random: number },
  ): readonly [Session, readonly Effect[]];
  /** when it next needs a `timeout`, or null */
  dueMs(session: Session): MonoMs | null;
  readonly timeout: Input;
  run(effect: Effect): void;
  /** told after every input, when all that came of it is done */
  settled(session: Session): void;
}

export class Machine<Session, Input, Effect> {
  readonly #parts: MachineParts<Session, Input, Effect>;
  readonly #waiting: Input[] = [];
  #session: Session;
  #timer: { readonly dueMs: MonoMs; readonly stop: Stop } | null = null;

  constructor(parts: MachineParts<Session, Input, Effect>) {
    this.#parts = parts;
    this.#session = parts.start;
  }

  get session(): Session {
    return this.#session;
  }

  /** Inputs are being taken: another would wait its turn. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Inputs that come while effects run wait their turn. */
  feed(input: Input): void {
    if (this.#waiting.push(input) > 1) return;
    const { clock, random = Math.random, step, run, settled } = this.#parts;
    for (let next: Input | undefined = input; next; next = this.#waiting[0]) {
      const [session, effects] = step(this.#session, next, { atMs: clock.monoMs(), random: random() });
      this.#session = session;
      for (const effect of effects) run(effect);
      this.#waiting.shift();
    }
    this.#arm();
    settled(this.#session);
  }

  #arm(): void {
    const { clock, dueMs, timeout } = this.#parts;
    const due = dueMs(this.#session);
    if (due === (this.#timer?.dueMs ?? null)) return;
    this.#timer?.stop();
    this.#timer = null;
    if (due === null) return;
    const stop = clock.at(due, () => {
      this.#timer = null;
      this.feed(timeout);
    });
    this.#timer = { dueMs: due, stop };
  }
}
