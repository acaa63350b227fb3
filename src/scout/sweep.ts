/**
 * The sweep of a serial line: listens at each setting before it asks anything, and asks the likely addresses at every likely
 * setting before the other addresses.
 *
 * Another master ends it, and nothing is sent from then on. Bytes that nothing of ours explains are a talker whose setting is not
 * known yet: from then on it only listens, at the nearest settings first, until it understands that talker or has been round twice.
 */

import { sleep } from '../clock.ts';
import { type OpenPort, type PortEvents, SerialAsker } from './asker.ts';
import { Asking, type ScoutOptions } from './asking.ts';
import type { MasterAsk } from './ear.ts';
import type { Slave } from './examine.ts';
import { type LineSettings, nearestFirst } from './settings.ts';

/** How the sweep ended. `talker`: something talks that could not be understood. `stopped`: by the person. */
export type End = 'whole' | 'budget' | 'stopped' | 'master' | 'talker';

export interface Scouted {
  readonly end: End;
  /** where slaves or a master were found; null: nowhere, or a TCP connection */
  readonly settings: LineSettings | null;
  readonly slaves: readonly Slave[];
  /** what another master was heard to ask */
  readonly asks: readonly MasterAsk[];
  /** something came back, and no frame could be made of it */
  readonly unclear: readonly { readonly settings: LineSettings; readonly unit: number }[];
  /** units that answered; only the first sixteen are in `slaves` */
  readonly answering: number;
  /** settings at which slaves were asked */
  readonly settingsAsked: number;
  readonly requestsSent: number;
}

export interface SweepOptions extends ScoutOptions {
  readonly open: OpenPort;
  readonly settings: readonly LineSettings[];
}

/** Addresses that are asked at every setting. */
const FIRST_UNITS = 16;
const LISTEN_MS = 1000;
/** Where a talker is known to be, it may be one that asks seldom. */
const LISTEN_FOR_TALKER_MS = 3000;
/** What a master asks is gathered so long; listening harms nobody. */
const GATHER_MS = 4000;
const PROBE_MS = 200;
const SLOW_PROBE_MS = 1000;
/** After the last address of a setting. */
const LATE_WAIT_MS = 300;
/** Fewer bytes are what a bus does when a driver lets go. */
const TALKING_BYTES = 4;
const TALKING_TIMES = 3;
/** So many unclear answers at one setting, and others are tried first. */
const UNCLEAR_LIMIT = 3;
const MOST_UNCLEAR = 32;
/** Bursts that answer nothing of ours: the second is a talker that says little. */
const UNEXPLAINED_LIMIT = 2;
const OPENS_REFUSED_IN_A_ROW = 3;

type Verdict = 'go-on' | 'leave' | 'talker' | 'master';

export async function sweepLine(options: SweepOptions): Promise<Scouted> {
  return new Sweep(options).run();
}

class Sweep {
  readonly #options: SweepOptions;
  readonly #asking: Asking;
  readonly #unclear: { settings: LineSettings; unit: number }[] = [];
  readonly #asked = new Set<LineSettings>();
  readonly #first: readonly number[];
  readonly #others: readonly number[];
  #asks: readonly MasterAsk[] = [];
  #refusedOpens = 0;
  #unexplained = 0;
  #sent = 0;

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#asking = new Asking(options);
    this.#first = options.units.filter((unit) => unit <= FIRST_UNITS);
    this.#others = options.units.filter((unit) => unit > FIRST_UNITS);
  }

  async run(): Promise<Scouted> {
    const { settings } = this.#options;
    const rounds = [this.#first, this.#others].filter((units) => units.length > 0);
    for (const units of rounds) {
      for (let rest = [...settings], next = rest.shift(); next; next = rest.shift()) {
        const verdict = await this.#at(next, units);
        if (verdict === 'master') return this.#ended('master', next);
        if (verdict === 'talker') return this.#listenRound(next);
        if (this.#asking.foundCount > 0) return this.#ended(this.#asking.over ?? 'whole', next);
        if (this.#asking.over) return this.#ended(this.#asking.over, null);
        if (verdict === 'leave') rest = nearestFirst(rest, next);
      }
    }
    return this.#ended('whole', null);
  }

  /** One setting: listens, then asks. What answers there is the line's setting, so all other units are asked there too. */
  async #at(settings: LineSettings, units: readonly number[]): Promise<Verdict> {
    const asker = await this.#open(settings);
    if (!asker) return 'go-on';
    try {
      const heard = await this.#listen(asker, settings, LISTEN_MS);
      if (heard !== 'go-on') return heard;
      this.#asked.add(settings);
      const asked = await this.#askUnits(asker, settings, units);
      if (asked !== 'go-on' || this.#asking.foundCount === 0) return asked;
      if (!(await this.#asking.examineFound(asker, settings))) return await this.#broken(asker);
      if (units === this.#others) return 'go-on';
      const more = await this.#askUnits(asker, settings, this.#others);
      if (more !== 'go-on') return more;
      return (await this.#asking.examineFound(asker, settings)) ? 'go-on' : await this.#broken(asker);
    } finally {
      await asker.close();
    }
  }

  async #askUnits(asker: SerialAsker, settings: LineSettings, units: readonly number[]): Promise<Verdict> {
    let unclear = 0;
    for (const unit of units) {
      if (this.#asking.over) return 'go-on';
      if (this.#asking.has(unit)) continue;
      this.#asking.progress('ask', settings, unit);
      const answer = await this.#asking.unit(asker, unit, PROBE_MS);
      if (answer.kind === 'master' || answer.kind === 'lost') return this.#broken(asker);
      await this.#askLate(asker);
      if (asker.ear.master) return this.#broken(asker);
      if (answer.kind !== 'silence' || answer.noiseBytes < TALKING_BYTES) continue;
      const heard = await this.#doubt(asker, settings, unit);
      if (heard !== 'unclear') {
        if (heard !== 'go-on') return heard;
        continue;
      }
      if (this.#unclear.length < MOST_UNCLEAR) this.#unclear.push({ settings, unit });
      if (++unclear >= UNCLEAR_LIMIT && this.#asking.foundCount === 0) return 'leave';
    }
    await sleep(this.#options.clock, LATE_WAIT_MS, this.#options.signal);
    await this.#askLate(asker);
    if (asker.ear.master) return this.#broken(asker);
    return unclear > 0 && this.#asking.foundCount === 0 ? 'leave' : 'go-on';
  }

  /** Unclear bytes after a request: did they answer it, garbled, or does somebody else talk? What answers does so again. */
  async #doubt(asker: SerialAsker, settings: LineSettings, unit: number): Promise<Verdict | 'unclear'> {
    const heard = await this.#listen(asker, settings, LISTEN_FOR_TALKER_MS);
    if (heard !== 'go-on') return heard;
    await this.#askLate(asker);
    if (this.#asking.has(unit)) return 'go-on';
    const again = await this.#asking.unit(asker, unit, PROBE_MS);
    if (again.kind === 'master' || again.kind === 'lost' || asker.ear.master) return this.#broken(asker);
    if (again.kind !== 'silence') return 'go-on';
    if (again.noiseBytes >= TALKING_BYTES) return 'unclear';
    return ++this.#unexplained >= UNEXPLAINED_LIMIT ? 'talker' : 'go-on';
  }

  /** Who answered after his time is there, and is asked with patience. */
  async #askLate(asker: SerialAsker): Promise<void> {
    for (const unit of asker.ear.takeLate()) {
      if (!this.#asking.has(unit)) await this.#asking.unit(asker, unit, SLOW_PROBE_MS, true);
    }
  }

  async #listen(asker: SerialAsker, settings: LineSettings, ms: number): Promise<Verdict> {
    const { clock, signal } = this.#options;
    this.#asking.progress('listen', settings, null);
    asker.ear.forget();
    await sleep(clock, ms, signal);
    // At a far lower baud a whole frame is one byte: a few bytes are listened to for longer.
    if (asker.ear.strayBytes > 0 && !isTalking(asker)) await sleep(clock, LISTEN_FOR_TALKER_MS, signal);
    if (asker.ear.master) return this.#broken(asker);
    return isTalking(asker) ? 'talker' : 'go-on';
  }

  /** Another master was heard: what it asks is gathered. Or the port was lost. */
  async #broken(asker: SerialAsker): Promise<'master'> {
    if (asker.lost !== null) throw new Error(asker.lost);
    const { clock, signal } = this.#options;
    await sleep(clock, GATHER_MS, signal);
    this.#asks = asker.ear.asks;
    return 'master';
  }

  /** Something talks at a setting that is not known: listens for it, and sends nothing more. */
  async #listenRound(at: LineSettings): Promise<Scouted> {
    const round = nearestFirst(this.#options.settings, at);
    for (const settings of [...round, ...round]) {
      if (this.#asking.over) break;
      const asker = await this.#open(settings);
      if (!asker) continue;
      try {
        const heard = await this.#listen(asker, settings, LISTEN_FOR_TALKER_MS);
        if (heard === 'master') return this.#ended('master', settings);
      } finally {
        await asker.close();
      }
    }
    return this.#ended(this.#asking.over === 'stopped' ? 'stopped' : 'talker', null);
  }

  /** Null: the adapter cannot be set so. Throws where the port cannot be opened at all. */
  async #open(settings: LineSettings): Promise<SerialAsker | null> {
    const { clock, open } = this.#options;
    try {
      const asker = await SerialAsker.open(clock, settings, async (at: LineSettings, told: PortEvents) => {
        const port = await open(at, told);
        const send = (bytes: Uint8Array) => {
          this.#sent++;
          port.send(bytes);
        };
        return { send, close: () => port.close() };
      });
      this.#refusedOpens = 0;
      return asker;
    } catch (error) {
      const never = this.#asked.size === 0 && this.#refusedOpens === 0;
      if (never || ++this.#refusedOpens >= OPENS_REFUSED_IN_A_ROW) throw error;
      return null;
    }
  }

  #ended(end: End, settings: LineSettings | null): Scouted {
    const { slaves, foundCount } = this.#asking;
    const counts = { answering: foundCount, settingsAsked: this.#asked.size, requestsSent: this.#sent };
    return { end, settings, slaves, asks: this.#asks, unclear: this.#unclear, ...counts };
  }
}

function isTalking({ ear }: SerialAsker): boolean {
  return ear.strayBytes >= TALKING_BYTES || ear.strayTimes >= TALKING_TIMES;
}
