/** The registers of a controller as its profile describes them: a simulated controller is generated from the profile. */

import type { Profile, ProfileField } from '../../src/config/profile.ts';
import { SIGNALS, type SignalName, type SignalValues } from '../../src/lift/signals.ts';
import { type ReadRequest, TABLES, type Table } from '../../src/sense/observation.ts';

/** Words (or bits) by table and 0-based wire address. What no field names is absent, as on a real device. */
export class Registers {
  readonly #words: { readonly [T in Table]: Map<number, number> };
  readonly #writers: readonly ((values: SignalValues) => void)[];

  constructor(profile: Profile) {
    this.#words = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as unknown as {
      [T in Table]: Map<number, number>;
    };
    for (const field of profile.fields) {
      const address = field.address - profile.addressBase;
      for (let at = 0; at < wordsOf(field); at++) this.#words[field.table].set(address + at, 0);
    }
    // Holes between fields of one table answer 0, so that a read may go across them.
    for (const words of Object.values(this.#words)) {
      const addresses = [...words.keys()].sort((a, b) => a - b);
      addresses.forEach((address, at) => {
        const gap = (addresses[at + 1] ?? address) - address;
        if (gap <= profile.quirks.mergeGap + 1) for (let hole = 1; hole < gap; hole++) words.set(address + hole, 0);
      });
    }
    this.#writers = profile.fields.map((field) => writerOf(field, profile, this.#words[field.table]));
  }

  set(values: SignalValues): void {
    for (const write of this.#writers) write(values);
  }

  /** The words of a read, or null where the device has none there (exception 2). */
  read({ table, address, count }: Omit<ReadRequest, 'unit'>): number[] | null {
    const words: number[] = [];
    for (let at = address; at < address + count; at++) {
      const word = this.#words[table].get(at);
      if (word === undefined) return null;
      words.push(word);
    }
    return words;
  }

  /** All words of a table, for a slave that keeps its own store. */
  image(table: Table): ReadonlyMap<number, number> {
    return this.#words[table];
  }
}

/** Writes one field where its value is another than before. */
function writerOf(field: ProfileField, { addressBase, wordOrder }: Profile, words: Map<number, number>) {
  const address = field.address - addressBase;
  const rawOf = encoderOf(field);
  const write = (raw: number) => {
    if (field.bit !== undefined || field.bits) {
      const [low, high] = field.bits ?? [field.bit ?? 0, field.bit ?? 0];
      const mask = (2 ** (high - low + 1) - 1) << low;
      words.set(address, ((words.get(address) ?? 0) & ~mask) | ((raw << low) & mask));
    } else if (wordsOf(field) === 2) {
      const pair = [(raw >>> 16) & 0xffff, raw & 0xffff];
      if (wordOrder === 'low-first') pair.reverse();
      words.set(address, pair[0] ?? 0);
      words.set(address + 1, pair[1] ?? 0);
    } else {
      words.set(address, raw & 0xffff);
    }
  };
  let last: SignalValues[SignalName] | null = null;
  return (values: SignalValues) => {
    const value = values[field.signal];
    if (value === last) return;
    last = value;
    write(rawOf(value));
  };
}

function wordsOf({ type }: ProfileField): 1 | 2 {
  return type === 'uint32' || type === 'int32' || type === 'float32' ? 2 : 1;
}

function encoderOf(field: ProfileField): (value: SignalValues[SignalName]) => number {
  const { values, invert, offset, scale, type } = field;
  if (values) {
    // Where several numbers mean one thing, the lowest is shown.
    const rows = Object.entries(values).map(
      ([raw, value]) => [value as SignalValues[SignalName], Number(raw)] as const,
    );
    const raws = new Map(rows.sort((a, b) => b[1] - a[1]));
    return (value) => raws.get(value) ?? 0;
  }
  if (SIGNALS[field.signal].kind === 'flag') return (value) => Number(Boolean(value) !== invert);
  const raw = (value: SignalValues[SignalName]) => (Number(value) - offset) / scale;
  if (type !== 'float32') return (value) => Math.round(raw(value));
  const view = new DataView(new ArrayBuffer(4));
  return (value) => {
    view.setFloat32(0, raw(value));
    return view.getUint32(0);
  };
}
