/** The loop of a line that another master polls, or on which controllers push frames: counts what is heard of each slave, and says when nothing is. */

import { type Clock, type MonoMs, sleep } from './clock.ts';
import { t } from './language.ts';
import { detailOf, exceptionWords, LineLoop, LONGEST_WAIT_MS, type OnTrouble, type Slave } from './loop.ts';
import type { HeardLine } from './ports.ts';
import type { Heard } from './sense/tap.ts';

/** Without a word of a slave for this long, its master is asked for, ms. */
const UNHEARD_MS = 10_000;

export class ListenLoop extends LineLoop {
  readonly line: HeardLine;
  readonly #clock: Clock;
  readonly #heardMs = new Map<Slave, MonoMs>();

  constructor(options: { line: HeardLine; slaves: readonly Slave[]; clock: Clock; onTrouble: OnTrouble }) {
    super(options.slaves, options.onTrouble);
    this.line = options.line;
    this.#clock = options.clock;
    this.line.listen({ chunk: () => undefined, heard: (heard) => this.#note(heard) });
  }

  protected async run(signal: AbortSignal): Promise<void> {
    for (const slave of this.slaves) this.#heardMs.set(slave, this.#clock.monoMs());
    while (!signal.aborted) {
      this.turns++;
      await sleep(this.#clock, LONGEST_WAIT_MS, signal);
      for (const slave of this.slaves) this.#look(slave);
    }
  }

  #look(slave: Slave): void {
    const { up, why } = this.line.state;
    const silentMs = this.#clock.monoMs() - (this.#heardMs.get(slave) ?? 0);
    if (!up && why) this.tally.failed(slave, null, why);
    else if (silentMs > UNHEARD_MS) {
      const s = Math.round(silentMs / 1000);
      const [en, zh] = [
        `nothing heard of unit ${slave.unit} for ${s} s: does its master poll it, or does it push frames?`,
        `${s} 秒未听到站号 ${slave.unit}，主站是否在轮询，或其是否在发送？`,
      ];
      this.tally.failed(slave, null, `${this.line.bus}: ${t(en, zh)}`);
    }
  }

  #note(heard: Heard): void {
    if (heard.kind === 'values') {
      const slave = this.slaves.find(({ unit }) => unit === heard.exchange.unit);
      if (!slave) return;
      this.#heardMs.set(slave, heard.exchange.atMs);
      this.tally.ok(slave);
    }
    if (heard.kind === 'exception' && heard.request) {
      const { unit } = heard.request;
      const slave = this.slaves.find((one) => one.unit === unit);
      const detail = detailOf(this.line.bus, heard.request, exceptionWords(heard.code));
      if (slave) this.tally.failed(slave, heard.request, detail);
    }
  }
}
