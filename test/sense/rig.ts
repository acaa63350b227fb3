/** A lift for tests of the senses: two registers read fast, one read slowly, and the inputs that a test wires. */

import * as v from 'valibot';
import type { MonoMs } from '../../src/clock.ts';
import { profileSchema } from '../../src/config/profile.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import { fieldsOf } from '../../src/sense/decode.ts';
import { LiftSense, type Wiring } from '../../src/sense/lift.ts';
import { facts } from '../facts.ts';

const profile = v.parse(profileSchema, {
  profile: 'test',
  title: { en: 'test', zh: '测试' },
  source: 'made for this test',
  tested: 'simulated',
  addressBase: 0,
  wordOrder: 'high-first',
  fields: [
    { signal: 'moving', table: 'input', address: 0, bit: 0 },
    { signal: 'doorClosed', table: 'input', address: 0, bit: 1 },
    { signal: 'passenger', table: 'input', address: 0, bit: 2 },
    { signal: 'landing', table: 'input', address: 1 },
    { signal: 'faultCode', table: 'input', address: 9, group: 'slow' },
  ],
});

export function sense(inputs: SignalName[] = [], controller = true): LiftSense {
  const wiring: Wiring = {
    facts: facts(),
    inputs: Object.fromEntries(inputs.map((signal) => [signal, { settleMs: 10 }])),
    controller: controller
      ? { bus: 'b', unit: 1, fields: fieldsOf(profile), staleAfterMs: { fast: 700, slow: 11_000 } }
      : null,
  };
  return new LiftSense(wiring, 0 as MonoMs);
}

export const words = (atMs: number, bits: number, landing = 0, unit = 1) => ({
  ...{ kind: 'exchange' as const, bus: 'b', unit, table: 'input' as const, address: 0, count: 2 },
  values: [bits, landing],
  atMs: atMs as MonoMs,
});
export const edge = (signal: SignalName, on: boolean, atMs: number) => ({
  kind: 'edge' as const,
  lift: 'a',
  signal,
  on,
  atMs: atMs as MonoMs,
});
