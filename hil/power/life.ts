/**
 * A life of the outbox: starts, appends of many sizes at once, a reader that forgets and sets aside, and orderly ends. What
 * it does is drawn from its seed; how it interleaves is the machine's affair. It says all it asks for and all it is promised.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { reasonOf } from '../../src/errors.ts';
import type { ReaderName, StoredRecord } from '../../src/outbox/port.ts';
import { Random } from '../lift/random.ts';
import { type Defect, defective } from './defects.ts';
import { openPort, type Port, type PortOptions } from './port.ts';
import { recordOf, type Said, type Spec, seenOf } from './said.ts';

export interface LifeOptions extends Omit<PortOptions, 'onTrouble'> {
  readonly seed: string;
  /** starts, each but the last ended in order; and calls of append in each. Null: until it is killed */
  readonly starts: number;
  readonly calls: number | null;
  /** number of the first record */
  readonly from: number;
  /** whether anything is read out and forgotten */
  readonly reads: boolean;
  /** characters of padding at most, of this share of the records */
  readonly pad: number;
  readonly padded: number;
  readonly defect?: Defect;
}

const LIFTS = [null, 'a', 'b', 'c'] as const;
const MOST_AT_ONCE = 12;
const MOST_OPEN_FAULTS = 30;
const MOST_IN_A_CALL = 24;

export async function live(options: LifeOptions, say: (said: Said) => void): Promise<void> {
  const random = new Random(options.seed);
  const work = new Work(options, random.fork('work'), say);
  for (let start = 0; start < options.starts; start++) {
    const opened = await openPort({ ...options, onTrouble: (why) => say({ say: 'trouble', why }) });
    const port = options.defect ? defective(opened, options.defect) : opened;
    say({ say: 'open', boot: port.boot, openFaults: port.openFaults.map(({ id }) => id) });
    const ending = new AbortController();
    const names: ReaderName[] = options.reads ? ['city', ...options.readers] : [];
    const readers = names.map((name) => new Reader(port, name, random.fork(`${name} ${start}`), say));
    const reading = readers.map((reader) => reader.read(ending.signal));
    await work.append(port);
    ending.abort();
    await Promise.all(reading);
    await port.close();
    say({ say: 'closed' });
  }
}

class Work {
  readonly #options: LifeOptions;
  readonly #random: Random;
  readonly #say: (said: Said) => void;
  #n: number;
  #calls = 0;

  constructor(options: LifeOptions, random: Random, say: (said: Said) => void) {
    this.#options = options;
    this.#random = random;
    this.#say = say;
    this.#n = options.from;
  }

  /** Hands in calls, some of them at once, and waits for all. */
  async append(port: Port): Promise<void> {
    const random = this.#random;
    const faults = port.openFaults.map(({ id, lift }) => ({ id, lift }));
    const under = new Set<Promise<void>>();
    for (let left = this.#options.calls ?? Number.POSITIVE_INFINITY; left > 0; left--) {
      const specs = this.#specs(faults);
      const call = ++this.#calls;
      this.#say({ say: 'want', call, specs });
      const stored = port.append(specs.map(recordOf)).then((records) => {
        this.#say({ say: 'kept', call, records: records.map(({ id, boot, seq }) => [id, boot, seq] as const) });
        under.delete(stored);
      });
      under.add(stored);
      const most = random.whole(0, MOST_AT_ONCE);
      while (under.size > most) await Promise.race(under);
      if (random.chance(0.3)) await turn();
    }
    await Promise.all(under);
  }

  #specs(faults: { id: string; lift: string | null }[]): Spec[] {
    const random = this.#random;
    const most = this.#options.maxBytes / 32 - 500;
    const count = random.chance(0.6) ? 1 : random.whole(1, MOST_IN_A_CALL);
    const specs: Spec[] = [];
    for (let bytes = 0; specs.length < count; ) {
      const spec = this.#spec(faults);
      bytes += spec.pad + 250;
      if (bytes > most && specs.length > 0) break;
      specs.push(spec);
    }
    return specs;
  }

  #spec(faults: { id: string; lift: string | null }[]): Spec {
    const random = this.#random;
    const n = this.#n++;
    const lift = random.pick(LIFTS);
    const pad = random.whole(0, random.chance(this.#options.padded) ? this.#options.pad : 300);
    if (random.chance(0.7)) return { lane: 'telemetry', lift, n, pad, fault: null };
    const ends = faults.length > 0 && (faults.length > MOST_OPEN_FAULTS || random.chance(0.5));
    if (random.chance(0.2)) return { lane: 'alarm', lift, n, pad, fault: null };
    if (!ends) {
      faults.push({ id: `f${n}`, lift });
      return { lane: 'alarm', lift, n, pad, fault: { phase: 'begin', id: `f${n}` } };
    }
    const [fault] = faults.splice(random.whole(0, faults.length - 1), 1);
    if (!fault) throw new Error('no fault is open');
    return { lane: 'alarm', lift: fault.lift, n, pad, fault: { phase: 'end', id: fault.id } };
  }
}

/** Reads on, forgets most of it when the receiver has it, sets a little aside, and begins anew now and then. */
class Reader {
  readonly #port: Port;
  readonly #name: ReaderName;
  readonly #random: Random;
  readonly #say: (said: Said) => void;

  constructor(port: Port, name: ReaderName, random: Random, say: (said: Said) => void) {
    this.#port = port;
    this.#name = name;
    this.#random = random;
    this.#say = say;
  }

  async read(signal: AbortSignal): Promise<void> {
    const random = this.#random;
    const reader = this.#name;
    const at = { alarm: 0, telemetry: 0 };
    while (!signal.aborted) {
      const lane = random.chance(0.5) ? 'alarm' : 'telemetry';
      const records = await this.#port.read(lane, at[lane], random.whole(1, 60), reader);
      if (records.length > 0) this.#say({ say: 'read', reader, lane, records: records.map(seenOf) });
      at[lane] = records.at(-1)?.id ?? at[lane];
      await this.#release(records).catch((error: unknown) => this.#say({ say: 'trouble', why: reasonOf(error) }));
      if (random.chance(0.05)) at[lane] = 0;
      for (let turns = random.whole(1, 6); turns > 0; turns--) await turn();
    }
  }

  async #release(records: readonly StoredRecord[]): Promise<void> {
    const random = this.#random;
    const reader = this.#name;
    const ids = records.map(({ id }) => id).filter(() => random.chance(0.9));
    const id = random.chance(0.1) ? ids.pop() : undefined;
    if (id !== undefined) {
      this.#say({ say: 'poison', reader, id });
      await this.#port.poison(id, 'refused by the receiver', reader);
      this.#say({ say: 'poisoned', reader, id });
    }
    if (ids.length === 0) return;
    this.#say({ say: 'forget', reader, ids });
    const forgotten = this.#port.forget(ids, reader).then(
      () => this.#say({ say: 'forgotten', reader, ids }),
      (error: unknown) => this.#say({ say: 'trouble', why: reasonOf(error) }),
    );
    if (random.chance(0.7)) await forgotten;
  }
}
