/**
 * What one slave may cost the others of its line. Silent once, it is left alone until its late reply can no longer come; silent
 * three times in a row, it is known to be dead, and probed at a cost that the others do not feel: with one read, and for no longer than
 * the living take, but now and then for as long as a slow one needs. One that answers but takes long is held to its share of the
 * line's time while others wait.
 */

import { type MonoMs, plus } from './clock.ts';

/** Silences in a row after which a slave is known to be dead. */
const DEAD_AFTER = 3;
/** So often a probe waits as long as the line allows: for one that is slower than all the others. */
const WHOLE_PROBE_EVERY = 20;
const SHORTEST_PROBE_MS = 20;
/** A reply takes no more than so many times what the living take. */
const PATIENCE = 3;
/** Of the longest answer, what is forgotten with each shorter one. */
const FORGET = 0.02;

export class Breaker {
  readonly #lateReplyWindowMs: number;
  #silences = 0;
  #probes = 0;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #sharedUntilMs = Number.NEGATIVE_INFINITY;
  #answerMs = 0;
  /** the longest that its reply was waited for, ms */
  #wholeMs = 0;

  constructor(lateReplyWindowMs: number) {
    this.#lateReplyWindowMs = lateReplyWindowMs;
  }

  get dead(): boolean {
    return this.#silences >= DEAD_AFTER;
  }

  /** the last read was answered, if by a refusal */
  get living(): boolean {
    return this.#silences === 0;
  }

  /** it is not asked before, ms */
  get restUntilMs(): number {
    return this.#restUntilMs;
  }

  /** about the longest that it lately took to answer, ms */
  get answerMs(): number {
    return this.#answerMs;
  }

  /** It holds up the others: `livingMs` is about what they take. */
  isSlow(livingMs: number): boolean {
    return this.#answerMs > PATIENCE * livingMs;
  }

  /** Until then it had its share of the line: while others wait, it waits, ms. */
  get sharedUntilMs(): number {
    return this.#sharedUntilMs;
  }

  /** How long its reply is waited for, ms; undefined: as long as the line allows. `livingMs`: about what the others take. */
  patienceMs(livingMs: () => number): number | undefined {
    if (!this.dead || this.#probes % WHOLE_PROBE_EVERY === 0) return undefined;
    const ms = livingMs();
    return ms === 0 ? undefined : Math.max(SHORTEST_PROBE_MS, PATIENCE * ms);
  }

  /** A read of it took from `fromMs` to `nowMs`. `slaves`: on its line. */
  took(fromMs: MonoMs, nowMs: MonoMs, slaves: number): void {
    this.#sharedUntilMs = plus(fromMs, (nowMs - fromMs) * slaves);
  }

  answered(tookMs: number): void {
    this.#silences = 0;
    this.#probes = 0;
    this.#restUntilMs = Number.NEGATIVE_INFINITY;
    this.#answerMs = Math.max(tookMs, this.#answerMs * (1 - FORGET));
  }

  /** Nothing came from `fromMs` to `nowMs`. Its late reply is counted from when the line itself would have given up. */
  silent(fromMs: MonoMs, nowMs: MonoMs): void {
    this.#silences++;
    if (this.dead) this.#probes++;
    this.#wholeMs = Math.max(this.#wholeMs, nowMs - fromMs);
    this.#restUntilMs = plus(fromMs, this.#wholeMs + this.#lateReplyWindowMs);
  }
}
