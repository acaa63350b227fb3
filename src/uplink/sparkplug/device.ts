/** The edge node or one of its devices: its metrics, what they say in a birth, and the metrics of a record. */

import type { StoredRecord } from '../../outbox/port.ts';
import type { KnownType } from '../messages.ts';
import type { Datatype, Metric, Value } from './payload.ts';
import { OTHER_ROWS, RECORD_ROWS, type Row, TYPE_ROWS, unitOf } from './rows.ts';

type Body = StoredRecord['body'];

/** Types of records about the box itself; all others are about a lift. */
const BOX_TYPES: readonly KnownType[] = ['box-fault', 'gap'];

export function typesOf(lift: string | null): readonly KnownType[] {
  const types = Object.keys(TYPE_ROWS) as KnownType[];
  return types.filter((type) => BOX_TYPES.includes(type) === (lift === null));
}

/** What stands in births alone, and is always so. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly zh?: string;
}

/** A metric under its alias. */
interface Slot {
  readonly name: string;
  readonly alias: number;
  readonly datatype: Datatype;
  readonly properties: { readonly [key: string]: string };
  /** where the body of a record has it */
  readonly path: readonly string[];
}

export class Device {
  /** null: the box */
  readonly lift: string | null;
  /** the first alias that it leaves to others: within an edge node each stands for one metric */
  readonly nextAlias: number;
  readonly #facts: readonly Metric[];
  readonly #record: readonly Slot[];
  readonly #types: ReadonlyMap<unknown, readonly Slot[]>;
  readonly #other: Slot;
  /** by alias: the newest value, and its time */
  readonly #known = new Map<number, { readonly value: Value; readonly timestampMs: number }>();

  constructor(lift: string | null, facts: readonly Fact[], firstAlias: number) {
    let alias = firstAlias;
    const slotsOf = (group: string, rows: readonly Row[]) => rows.map((row) => slotOf(group, row, alias++));
    const [other] = OTHER_ROWS.map((row) => slotOf('other', row, alias++));
    if (!other) throw new TypeError('no metric for other records');
    this.lift = lift;
    this.#other = other;
    this.#record = slotsOf('record', RECORD_ROWS);
    this.#types = new Map(typesOf(lift).map((type) => [type, slotsOf(type, TYPE_ROWS[type])]));
    this.#facts = facts.map(({ name, value, zh }) => ({
      ...{ name, alias: alias++, datatype: 'String', datatypeTold: true, historical: false, value },
      ...(zh !== undefined && { properties: { zh } }),
    }));
    this.nextAlias = alias;
  }

  /** A record is the newest that is known: what a birth says from now on. Whether it was sent is another matter. */
  note({ body }: StoredRecord, nowMs: number): void {
    const timestampMs = timeOf(body) ?? nowMs;
    for (const { alias, datatype, path } of this.#types.get(body.type) ?? [])
      this.#known.set(alias, { value: valueAt(body, path, datatype), timestampMs });
  }

  /** Every metric that may ever come, with what it says now. */
  birth(nowMs: number): readonly Metric[] {
    const born = (slot: Slot): Metric => {
      const { value, timestampMs } = this.#known.get(slot.alias) ?? { value: null, timestampMs: nowMs };
      const { name, alias, datatype, properties } = slot;
      return { name, alias, timestampMs, datatype, datatypeTold: true, historical: false, value, properties };
    };
    const slots = [...this.#record, this.#other, ...[...this.#types.values()].flat()];
    const facts = this.#facts.map((fact) => ({ ...fact, timestampMs: nowMs }));
    return [...slots.map(born), ...facts];
  }

  /** The metrics of a record: which one it is, then all that its type has, also what nobody can say. */
  metricsOf(record: StoredRecord, timestampMs: number, historical: boolean): readonly Metric[] {
    const { boot, seq, body } = record;
    const sent = (slot: Slot, value: Value): Metric => {
      return { alias: slot.alias, timestampMs, datatype: slot.datatype, datatypeTold: false, historical, value };
    };
    const head = this.#record.map((slot) => sent(slot, valueAt({ ...body, boot, seq }, slot.path, slot.datatype)));
    const slots = this.#types.get(body.type);
    if (!slots) return [...head, sent(this.#other, JSON.stringify(body))];
    return [...head, ...slots.map((slot) => sent(slot, valueAt(body, slot.path, slot.datatype)))];
  }
}

function slotOf(group: string, { name, datatype, zh }: Row, alias: number): Slot {
  const unit = unitOf(name);
  return {
    ...{ name: `${group}/${name}`, alias, datatype, path: name.split('/') },
    properties: unit === null ? { zh } : { engUnit: unit, zh },
  };
}

/** The wall clock at a record, ms; null where it has no time of its own. */
export function timeOf({ wallMs }: Body): number | null {
  return typeof wallMs === 'number' ? Math.max(0, Math.round(wallMs)) : null;
}

function valueAt(body: Body, path: readonly string[], datatype: Datatype): Value {
  const found = path.reduce<unknown>((at, key) => (at as Body | null | undefined)?.[key], body);
  switch (datatype) {
    case 'Boolean':
      return typeof found === 'boolean' ? found : null;
    case 'String':
      return textOf(found);
    default:
      return typeof found === 'number' ? found : null;
  }
}

function textOf(found: unknown): string | null {
  if (Array.isArray(found)) return found.join(',');
  if (typeof found === 'object' && found !== null) return JSON.stringify(found);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null;
}
