/**
 * Time drawn as text. A row per signal, a character per step: `#` true, `_` false, `?` nobody knows, digits for numbers (`a` is 10),
 * `n`ormal `i`nspection `f`ire for modes, `u` `d` `-` for directions. A row shorter than the longest keeps its last character.
 * The verdicts come back as lines `12.000 begin entrapment`.
 */

import { isDeepStrictEqual } from 'node:util';
import type { MonoMs } from '../../src/clock.ts';
import { Judge, type Mutes } from '../../src/detect/judge.ts';
import { FAULTS, type LiftEvent } from '../../src/lift/events.ts';
import { SIGNAL_NAMES, SIGNALS, type SignalName } from '../../src/lift/signals.ts';
import type { LiftFacts, LiftState } from '../../src/lift/state.ts';
import { facts } from '../facts.ts';

export type Drawing = { readonly [K in SignalName | 'atLevel']?: string };

export interface DrawOptions {
  readonly stepMs?: number;
  readonly lift?: LiftFacts;
  readonly mutes?: Partial<Mutes>;
  /** what each side says for itself, drawn the same way */
  readonly controller?: Drawing;
  readonly inputs?: Drawing;
  readonly link?: LiftState['link'];
  readonly miscount?: string;
  /** told by the level switches, not by a controller */
  readonly derived?: readonly SignalName[];
  /** `r`ight or `s`wapped */
  readonly pairOrder?: string;
  /** at this step another judge takes up what the one before it knows */
  readonly takenUpAt?: number;
  /** what a digit of these numbers stands for; 1 where left out */
  readonly units?: { readonly [K in SignalName]?: number };
}

type Units = NonNullable<DrawOptions['units']>;

const MODES: { [letter: string]: string } = { n: 'normal', i: 'inspection', f: 'fire-recall', s: 'stopped' };
const WAYS: { [letter: string]: string } = { u: 'up', d: 'down', '-': 'none' };

const PAIR_ORDERS: { [letter: string]: LiftState['pairOrder'] } = { r: 'right', s: 'swapped' };

function drawn(signal: SignalName | 'atLevel', row: string | undefined, step: number, units: Units = {}): unknown {
  if (row === undefined) return null;
  const letter = row[Math.min(step, row.length - 1)] ?? '?';
  if (letter === '?') return null;
  if (signal === 'mode') return MODES[letter];
  if (signal === 'direction') return WAYS[letter];
  if (signal !== 'atLevel' && SIGNALS[signal].kind === 'number')
    return Number.parseInt(letter, 36) * (units[signal] ?? 1);
  return letter === '#';
}

function side(drawing: Drawing | undefined, step: number, units: Units | undefined): object {
  return Object.fromEntries(
    Object.entries(drawing ?? {}).map(([signal, row]) => [signal, drawn(signal as SignalName, row, step, units)]),
  );
}

export function stateAt(drawing: Drawing, step: number, options: DrawOptions, nowMs: number): LiftState {
  const reading = (signal: SignalName | 'atLevel') => ({
    value: drawn(signal, drawing[signal], step, options.units),
    sinceMs: nowMs,
    source: options.derived?.some((derived) => derived === signal) ? 'derived' : 'controller',
  });
  return {
    ...Object.fromEntries(SIGNAL_NAMES.map((signal) => [signal, reading(signal)])),
    atLevel: reading('atLevel'),
    controller: side(options.controller, step, options.units),
    inputs: side(options.inputs, step, options.units),
    link: options.link ?? 'none',
    silentSinceMs: null,
    miscount: drawn('overload', options.miscount, step) === true,
    pairOrder: PAIR_ORDERS[options.pairOrder?.[step] ?? options.pairOrder?.at(-1) ?? '?'] ?? null,
  } as LiftState;
}

/** A reading keeps its moment while its value stays, and a side is the same object, as those of the senses are. */
function since(was: LiftState, now: LiftState): LiftState {
  const kept = [...SIGNAL_NAMES, 'atLevel' as const].filter((name) => was[name].value === now[name].value);
  const sides = (['controller', 'inputs'] as const).filter((side) => isDeepStrictEqual(was[side], now[side]));
  return { ...now, ...Object.fromEntries([...kept, ...sides].map((name) => [name, was[name]])) };
}

export const NO_MUTES = Object.fromEntries(FAULTS.map((fault) => [fault, []])) as unknown as Mutes;

/** Between two steps of a drawing nothing has so many deadlines. */
const MOST_LOOKS = 1000;

/** All events of a drawing, up to the end of its longest row. */
export function judge(drawing: Drawing, options: DrawOptions = {}): LiftEvent[] {
  const stepMs = options.stepMs ?? 1000;
  const newJudge = () => new Judge(options.lift ?? facts(), { ...NO_MUTES, ...options.mutes });
  let one = newJudge();
  const drawings = [drawing, options.controller, options.inputs].flatMap((rows) => Object.values(rows ?? {}));
  const rows = [...drawings, options.miscount ?? '', options.pairOrder ?? ''];
  const steps = Math.max(...rows.map((row) => row.length));
  const events: LiftEvent[] = [];
  let state = stateAt(drawing, 0, options, 0);
  const until = (toMs: number) => {
    for (let looks = 0; one.dueMs < toMs; looks++) {
      if (looks > MOST_LOOKS) throw new Error(`judgement looks for ever at ${one.dueMs} ms`);
      events.push(...one.step(state, one.dueMs as MonoMs));
    }
  };
  for (let step = 0; step < steps; step++) {
    if (step === options.takenUpAt) {
      const { memory } = one;
      one = newJudge();
      one.memory = structuredClone(memory);
    }
    // Where no row has another character nothing changes, and nobody is asked.
    if (step > 0 && rows.every((row) => step >= row.length || row[step] === row[step - 1])) continue;
    until(step * stepMs);
    state = since(state, stateAt(drawing, step, options, step * stepMs));
    events.push(...one.step(state, (step * stepMs) as MonoMs));
  }
  until(steps * stepMs);
  return events;
}

/** The fault events of a drawing as lines. */
export function faults(drawing: Drawing, options: DrawOptions = {}): string[] {
  return judge(drawing, options).flatMap((event) =>
    event.type === 'fault'
      ? `${(event.atMs / 1000).toFixed(3)} ${event.phase} ${event.fault}${event.subject ? `:${event.subject}` : ''}`
      : [],
  );
}

/** `#` for so many seconds, and so on: row('_', 3, '#', 60) */
export function row(...parts: (string | number)[]): string {
  let text = '';
  for (let at = 0; at < parts.length; at += 2) text += String(parts[at]).repeat(Number(parts[at + 1]));
  return text;
}

/** The sensors that were named, with how they are wrong. */
export function named(drawing: Drawing, options: DrawOptions = {}): string[] {
  return judge(drawing, options).flatMap((event) =>
    event.type === 'fault' && event.phase === 'begin' && event.fault === 'sensor-contradiction'
      ? [`${event.atMs / 1000} ${event.sensor} ${event.way}`]
      : [],
  );
}

/** So many trips of 10 s with 5 s of rest. */
export const trips = (count: number) =>
  Array.from({ length: count }, () => `${'#'.repeat(10)}${'_'.repeat(5)}`).join('');
