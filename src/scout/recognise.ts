/**
 * Which profile a slave's registers fit, and how surely. Every planned read of the profile is made once; what cannot be on a lift
 * speaks against it, what hardly any other device would answer speaks for it, in bits. Zeros say nothing. Pure.
 */

import type { Profile } from '../config/profile.ts';
import type { SignalName, SignalValues } from '../lift/signals.ts';
import { type Decoded, fieldsOf, fieldsWithin, type PlannedRead, planReads } from '../sense/decode.ts';
import type { Answer, IdentityObjects } from './asker.ts';
import { evidenceBits, isPlausible } from './plausible.ts';

/** A read of a profile's plan, and what came back. */
export interface Taken {
  readonly read: PlannedRead;
  readonly answer: Answer;
}

export type Sureness = 'certain' | 'likely' | 'possible';

export type Reason =
  | { readonly kind: 'reads'; readonly answered: number; readonly planned: number }
  /** fields whose words can be on a lift and are not all zero */
  | { readonly kind: 'telling'; readonly fields: number }
  | { readonly kind: 'implausible'; readonly signal: SignalName; readonly value: Decoded }
  | { readonly kind: 'byte-count' }
  | { readonly kind: 'refuses-others' }
  | { readonly kind: 'named'; readonly word: string }
  /** another profile fits as well */
  | { readonly kind: 'rival'; readonly profile: string };

export interface Recognised {
  readonly profile: string;
  readonly sure: Sureness;
  readonly bits: number;
  readonly reasons: readonly Reason[];
}

const CERTAIN_BITS = 30;
const LIKELY_BITS = 12;
/** a read reply with a 16-bit byte count, which one family alone sends */
const WIDE_BITS = 12;
/** an answered read of a slave that refuses others */
const SELECTIVE_BITS = 5;
const NAMED_BITS = 20;
const RIVAL_BITS = 6;
const STANDING_MM_PER_S = 500;

export function plannedReads(profile: Profile): PlannedRead[] {
  return planReads(fieldsOf(profile), profile.quirks);
}

/**
 * What is asked of a unit to hear whether it is there: the commonest register, and the first read of each profile; one of each table
 * before a second of any, for some slaves answer one table only.
 */
export function probesOf(profiles: readonly Profile[], most: number): Omit<PlannedRead, 'group'>[] {
  const wanted = [{ table: 'holding', address: 0, count: 1 } as const, ...profiles.flatMap(firstRead)];
  const isFirst = ({ table, address }: (typeof wanted)[number], at: number) =>
    wanted.findIndex((each) => each.table === table && each.address === address) === at;
  const once = wanted.filter(isFirst);
  const opens = (probe: (typeof wanted)[number]) => once.find(({ table }) => table === probe.table) === probe;
  return [...once.filter(opens), ...once.filter((probe) => !opens(probe))].slice(0, most);
}

function firstRead(profile: Profile) {
  return plannedReads(profile)
    .slice(0, 1)
    .map(({ table, address }) => ({ table, address, count: 1 }));
}

/** The profiles that fit, the best first. `takenOf`: the planned reads of each. `refuses`: it refused some register. */
export function recognise(
  takenOf: ReadonlyMap<Profile, readonly Taken[]>,
  refuses: boolean,
  identity: IdentityObjects,
): Recognised[] {
  const fits = [...takenOf].flatMap(([profile, taken]) => scoreOf(profile, taken, refuses, identity) ?? []);
  fits.sort((a, b) => RANK[a.sure] - RANK[b.sure] || b.bits - a.bits);
  const [best, next] = fits;
  if (best?.sure !== 'certain' || !next || next.sure === 'possible' || best.bits - next.bits > RIVAL_BITS) {
    return fits;
  }
  const reasons: Reason[] = [...best.reasons, { kind: 'rival', profile: next.profile }];
  return [{ ...best, sure: 'likely', reasons }, ...fits.slice(1)];
}

const RANK: { readonly [S in Sureness]: number } = { certain: 0, likely: 1, possible: 2 };

function scoreOf(
  profile: Profile,
  taken: readonly Taken[],
  refuses: boolean,
  identity: IdentityObjects,
): Recognised | null {
  const answered = taken.flatMap(({ read, answer }) => (answer.kind === 'values' ? [{ read, answer }] : []));
  const { byteCount } = profile.quirks;
  const otherWidth = answered.some(({ answer: { byteCountBits } }) => byteCountBits && byteCountBits !== byteCount);
  if (answered.length === 0 || otherWidth || 2 * answered.length < taken.length) return null;
  const { implausible, telling, bits } = weigh(profile, answered);
  const wide = byteCount === 16 && answered.some(({ answer }) => answer.byteCountBits === 16);
  const word = nameIn(profile, identity);
  const sum =
    bits + (wide ? WIDE_BITS : 0) + (refuses ? SELECTIVE_BITS * answered.length : 0) + (word === null ? 0 : NAMED_BITS);
  const sure = surenessOf(sum, implausible.length, answered.length === taken.length);
  if (!sure) return null;
  const reasons: Reason[] = [
    { kind: 'reads', answered: answered.length, planned: taken.length },
    { kind: 'telling', fields: telling },
    ...(wide ? [{ kind: 'byte-count' } as const] : []),
    ...(refuses ? [{ kind: 'refuses-others' } as const] : []),
    ...(word === null ? [] : [{ kind: 'named', word } as const]),
    ...implausible,
  ];
  return { profile: profile.profile, sure, bits: Math.round(sum * 10) / 10, reasons };
}

function surenessOf(bits: number, implausible: number, whole: boolean): Sureness | null {
  if (implausible > 1 || (implausible === 1 && bits < LIKELY_BITS)) return null;
  if (implausible === 1 || !whole || bits < LIKELY_BITS) return 'possible';
  return bits < CERTAIN_BITS ? 'likely' : 'certain';
}

type Implausible = Extract<Reason, { kind: 'implausible' }>;
type Values = { readonly [S in SignalName]?: Decoded };

function weigh(
  profile: Profile,
  answered: readonly { read: PlannedRead; answer: Extract<Answer, { kind: 'values' }> }[],
): { implausible: Implausible[]; telling: number; bits: number } {
  const fields = fieldsOf(profile);
  const faultCodes = new Set(Object.keys(profile.faultCodes));
  const implausible: Implausible[] = [];
  const values: { [S in SignalName]?: Decoded } = {};
  let telling = 0;
  let bits = 0;
  for (const { read, answer } of answered) {
    for (const { field, at } of fieldsWithin(fields, read)) {
      if (read.group !== field.group) continue;
      const value = field.decode(answer.values, at);
      if (!isPlausible(field, value, faultCodes)) {
        implausible.push({ kind: 'implausible', signal: field.signal, value });
        continue;
      }
      values[field.signal] = value;
      if (answer.values.slice(at, at + field.size).some((word) => word !== 0)) {
        const said = evidenceBits(field, faultCodes);
        bits += said;
        if (said > 0) telling++;
      }
    }
  }
  return { implausible: [...implausible, ...contradictions(values)], telling, bits };
}

/** What two fields cannot say together. */
function contradictions({ doorClosed, doorOpen, moving, speedMmPerS }: Values): Implausible[] {
  const found: Implausible[] = [];
  const tell = (signal: keyof SignalValues, value: Decoded) => found.push({ kind: 'implausible', signal, value });
  if (doorClosed === true && doorOpen === true) tell('doorOpen', true);
  if (moving === false && typeof speedMmPerS === 'number' && Math.abs(speedMmPerS) > STANDING_MM_PER_S) {
    tell('speedMmPerS', speedMmPerS);
  }
  return found;
}

/** The word of the profile's name that the slave says of itself. */
function nameIn({ profile, title }: Profile, identity: IdentityObjects): string | null {
  const capitalised = title.en.match(/\b[A-Z][A-Za-z0-9]{3,}/g) ?? [];
  const words = [...profile.split('-'), ...capitalised].filter((word) => word.length > 3 && !/^generic$/i.test(word));
  const said = identity.map(([, text]) => text.toLowerCase()).join(' ');
  return words.find((word) => said.includes(word.toLowerCase())) ?? null;
}
