/** What a box of the fleet tells: its n-th record, made of n alone, so that a receiver can tell what must have come. */

import { loadCatalogue } from '../../src/detect/catalogue.ts';
import type { NewRecord } from '../../src/outbox/port.ts';

/** Records between two faults. */
const FAULT_EVERY = 40;
/** Places of the begin and of the end among them; both of the same lift. */
const [BEGIN_AT, END_AT] = [20, 30];
const FAULTS = ['door-held-open', 'alarm-button', 'entrapment'] as const;
const LIFTS = ['a', 'b'] as const;
/** Five records of one lift, five of the other. */
const RUN = 5;

/** `atMs` says n again: what is read under a number must be what was written under it. */
export function atMsOf(n: number): number {
  return n * 1000;
}

/** `n` from 1. `wallMs`: when it is made. */
export function recordOf(n: number, wallMs: number): NewRecord {
  const lift = LIFTS[Math.floor(n / RUN) % LIFTS.length] ?? 'a';
  const place = n % FAULT_EVERY;
  const of = { lift, atMs: atMsOf(n), registrationNumber: `3110-${lift}`, wallMs, clockTrust: 'ntp' };
  if (place === BEGIN_AT || place === END_AT)
    return { lane: 'alarm', lift, body: { ...of, ...faultOf(n, place, lift) } };
  const trip = { from: n % 20, to: (n + 7) % 20, direction: 'up', distanceMm: 21_000, topSpeedMmPerS: 1750.5 };
  return { lane: 'telemetry', lift, body: { ...of, type: 'trip', startMs: of.atMs - 900, ...trip, passenger: true } };
}

function faultOf(n: number, place: number, lift: string) {
  const fault = FAULTS[Math.floor(n / FAULT_EVERY) % FAULTS.length] ?? FAULTS[0];
  const beganMs = atMsOf(n - place + BEGIN_AT);
  const { severity, title, codes } = loadCatalogue()[fault];
  const where = { rescueLabelNumber: '12345', address: '1 Example Road' };
  const id = `${lift}/${fault}@${beganMs}`;
  const phase = place === BEGIN_AT ? 'begin' : 'end';
  return { type: 'fault', phase, id, fault, beganMs, snapshot: {}, severity, title, codes, ...where };
}
