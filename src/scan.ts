/**
 * The scan loop of one line: asks what is due, one request at a time, on a grid that does not drift. What a slave that is dead,
 * slow or noisy may cost the others is bounded (breaker.ts). Knows nothing of the network.
 */

import { Breaker } from './breaker.ts';
import { type Clock, type MonoMs, plus, sleep } from './clock.ts';
import { LineLoop, LONGEST_WAIT_MS, type OnTrouble, type Slave } from './loop.ts';
import type { ModbusLine, ReadOutcome } from './ports.ts';
import type { PlannedRead } from './sense/decode.ts';

const LINE_DOWN_POLL_MS = 50;

/** Lines of long intervals need no more than this to be apart, and are first read soon. */
const LONGEST_PHASE_MS = 200;

/** How much later than the first of `lines` the line at place `at` turns: read at once, each would wait for all the others. */
export function phaseMs(slaves: readonly Slave[], at: number, lines: number): number {
  const turnMs = Math.min(LONGEST_PHASE_MS, ...slaves.map(({ intervalMs }) => intervalMs.fast));
  return (turnMs * at) / lines;
}

interface Due {
  readonly slave: Slave;
  readonly breaker: Breaker;
  readonly read: PlannedRead;
  /** the one read that a dead slave is probed with */
  readonly probe: boolean;
  dueMs: MonoMs;
}

export class ScanLoop extends LineLoop {
  readonly line: ModbusLine;
  readonly #clock: Clock;
  readonly #phaseMs: number;
  readonly #breakers: ReadonlyMap<Slave, Breaker>;
  readonly #onStranger: () => void;
  /** the last read was a time-out */
  #timedOut = false;
  #strangers = 0;

  constructor(options: {
    line: ModbusLine;
    slaves: readonly Slave[];
    clock: Clock;
    lateReplyWindowMs: number;
    /** from start() to the first turn; 0 where left out */
    phaseMs?: number;
    onTrouble: OnTrouble;
    /** another master is on the line: told once */
    onStranger?: () => void;
  }) {
    super(options.slaves, options.onTrouble);
    this.line = options.line;
    this.#clock = options.clock;
    this.#phaseMs = options.phaseMs ?? 0;
    this.#onStranger = options.onStranger ?? (() => undefined);
    this.#breakers = new Map(options.slaves.map((slave) => [slave, new Breaker(options.lateReplyWindowMs)]));
    // A probe that is given up early may still be answered while nothing else was asked: that is an answer.
    this.line.listen({ chunk: () => undefined, exchange: ({ unit }) => this.#heard(unit) });
  }

  protected async run(signal: AbortSignal): Promise<void> {
    const startMs = plus(this.#clock.monoMs(), this.#phaseMs);
    const plan = this.slaves.flatMap((slave) =>
      slave.reads.map((read, at): Due => {
        const breaker = this.#breakers.get(slave) as Breaker;
        return { slave, breaker, read, probe: at === 0, dueMs: startMs };
      }),
    );
    if (plan.length === 0) return;
    while (!signal.aborted) {
      this.turns++;
      const waitMs = await this.#turn(plan);
      if (waitMs > 0) await sleep(this.#clock, Math.min(waitMs, LONGEST_WAIT_MS), signal);
    }
  }

  /** Makes the read that is due first. Resolves with how long nothing is due. */
  async #turn(plan: readonly Due[]): Promise<number> {
    const { up, why } = this.line.state;
    if (!up) {
      if (why) for (const slave of this.slaves) this.tally.failed(slave, null, why);
      return LINE_DOWN_POLL_MS;
    }
    const nowMs = this.#clock.monoMs();
    const next = this.#next(plan, nowMs);
    const waitMs = atMs(next) - nowMs;
    if (waitMs > 0) return waitMs;
    const { slave, breaker, read } = next;
    const { table, address, count } = read;
    const outcome = await this.line.read(
      { unit: slave.unit, table, address, count },
      breaker.patienceMs(() => this.#livingMs()),
    );
    // Turns left out because the slave was left alone are no overrun.
    this.#schedule(next, nowMs, breaker.living);
    this.#note(next, outcome, nowMs);
    return 0;
  }

  /**
   * What is due first. Never two time-outs in a row while a slave that answers is due: the dead wait for the living. And who had its
   * share of the line waits for those who had less of it; a slow one also for those who are due before it would be done.
   */
  #next(plan: readonly Due[], nowMs: MonoMs): Due {
    const earliest = (first: Due, due: Due) => (atMs(due) < atMs(first) ? due : first);
    const asked = plan.filter(({ breaker, probe }) => probe || !breaker.dead);
    const living = (due: Due) => atMs(due) <= nowMs && due.breaker.living;
    const answering = this.#timedOut ? asked.filter(living) : [];
    const first = (answering.length > 0 ? answering : asked).reduce(earliest);
    if (first.breaker.sharedUntilMs <= nowMs) return first;
    const least = (one: Due, due: Due) => (due.breaker.sharedUntilMs < one.breaker.sharedUntilMs ? due : one);
    const next = asked.filter((due) => atMs(due) <= nowMs).reduce(least, first);
    if (!next.breaker.isSlow(this.#livingMs())) return next;
    // The line waits a moment for others rather than begin what would hold them up for long.
    const doneMs = nowMs + next.breaker.answerMs;
    return asked.filter((due) => atMs(due) < doneMs).reduce(least, next);
  }

  /** The next turn on the same grid, so that the schedule does not drift; turns that are past are counted and left out. */
  #schedule(due: Due, nowMs: MonoMs, counts: boolean): void {
    const intervalMs = due.slave.intervalMs[due.read.group];
    const missed = Math.floor((nowMs - due.dueMs) / intervalMs);
    if (missed > 0 && counts) this.overruns += missed;
    due.dueMs = plus(due.dueMs, intervalMs * (missed + 1));
  }

  /** about what those take that answer, ms: half of them are quicker */
  #livingMs(): number {
    const living = [...this.#breakers.values()].filter((breaker) => breaker.living && breaker.answerMs > 0);
    return living.map(({ answerMs }) => answerMs).sort((a, b) => a - b)[living.length >> 1] ?? 0;
  }

  #note({ slave, breaker, read }: Due, outcome: ReadOutcome, fromMs: MonoMs): void {
    const nowMs = this.#clock.monoMs();
    breaker.took(fromMs, nowMs, this.slaves.length);
    this.#timedOut = !outcome.ok && outcome.why === 'timeout';
    if (outcome.ok) this.tally.ok(slave);
    else this.tally.failed(slave, read, outcome.detail);
    // Until its late reply can no longer come, another request to it could be answered by that one.
    if (this.#timedOut) breaker.silent(fromMs, nowMs);
    else if (outcome.ok || outcome.why === 'exception') breaker.answered(nowMs - fromMs);
    const { strangers } = this.line.counts;
    if (strangers > 0 && this.#strangers === 0) this.#onStranger();
    this.#strangers = strangers;
  }

  #heard(unit: number): void {
    for (const [slave, breaker] of this.#breakers) if (slave.unit === unit && breaker.dead) breaker.answered(0);
  }
}

/** When it is its turn, ms. */
function atMs({ breaker, dueMs }: Due): number {
  return Math.max(dueMs, breaker.restUntilMs);
}
