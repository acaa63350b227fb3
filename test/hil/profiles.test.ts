/** Every controller profile against the simulated controller that is generated from it: a day's values go round unchanged. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SimLift } from '../../hil/lift/lift.ts';
import { Random } from '../../hil/lift/random.ts';
import { Registers } from '../../hil/lift/registers.ts';
import { steady } from '../../hil/lift/traffic.ts';
import { type MonoMs, plus } from '../../src/clock.ts';
import type { Profile } from '../../src/config/profile.ts';
import { readProfile } from '../../src/config/profiles.ts';
import type { SignalValues } from '../../src/lift/signals.ts';
import { packageRoot } from '../../src/package.ts';
import { fieldsOf, planReads } from '../../src/sense/decode.ts';
import { readFrame, replyFrame } from '../../src/sense/frame.ts';
import { LiftSense } from '../../src/sense/lift.ts';
import { RtuReader } from '../../src/sense/rtu.ts';
import { facts } from '../facts.ts';

const folder = join(packageRoot, 'seeds/controllers');
// What is pushed is not read: test/sense/push-step.test.ts and test/pushed.test.ts.
const names = readdirSync(folder)
  .map((file) => file.replace(/\.yaml$/, ''))
  .filter((name) => !profileOf(name).frames);

function profileOf(name: string): Profile {
  const outcome = readProfile(name, join(packageRoot, 'seeds/sites/demo.yaml'));
  if (!('profile' in outcome)) throw new Error(`${name} is not sound`);
  return outcome.profile;
}

/** These tell doors and landings too; the others are drives. */
const CONTROLLERS = ['generic', 'monarch-nice3000'];

/** What the simulated lift holds, with fault numbers that change; a drive has a direction only while it runs. */
function valuesOf(name: string, sim: SimLift, faultCode: number): SignalValues {
  const values = { ...sim.values(), faultCode };
  return CONTROLLERS.includes(name) || values.moving ? values : { ...values, direction: 'none' };
}

test('there are profiles to test', () => {
  assert.ok(names.includes('generic') && names.length >= 9, names.join(', '));
  assert.equal(
    CONTROLLERS.filter((name) => !names.includes(name)),
    [],
    'controllers among them',
  );
});

for (const name of names) {
  test(`${name}: what the simulated controller holds is what is read`, () => {
    const profile = profileOf(name);
    const fields = fieldsOf(profile);
    const reads = planReads(fields, profile.quirks);
    const byteCountBitsOf = () => profile.quirks.byteCount;
    const reader = new RtuReader({ bus: 'b', responseTimeoutMs: 300, byteCountBitsOf });
    const staleAfterMs = { fast: 1000, slow: 1000 };
    const start = 0 as MonoMs;
    const sense = new LiftSense(
      { facts: facts(), inputs: {}, controller: { bus: 'b', unit: 1, fields, staleAfterMs } },
      start,
    );
    const sim = new SimLift({ facts: facts(), random: new Random(7), startMs: start, traffic: steady(200) });
    const registers = new Registers(profile);
    const seen = new Map(fields.map(({ signal }) => [signal, new Set<unknown>()]));
    const listed = Object.keys(profile.faultCodes).map(Number);
    const codes = [0, ...(listed.length > 0 ? listed : [3, 57, 255])];
    for (let nowMs = start; nowMs < 1_200_000; nowMs = plus(nowMs, 500)) {
      sim.advanceTo(nowMs);
      const values = valuesOf(name, sim, codes[Math.floor(nowMs / 10_000) % codes.length] ?? 0);
      registers.set(values);
      for (const read of reads) {
        const request = { unit: 1, ...read };
        assert.ok(read.count <= profile.quirks.maxRegisters, 'no read is longer than the controller takes');
        reader.chunk({ bus: 'b', dir: 'tx', bytes: readFrame(request), atMs: nowMs });
        const words = registers.read(request);
        assert.ok(words, `${read.table} ${read.address}+${read.count} is there`);
        const bytes = replyFrame(request, words, profile.quirks.byteCount);
        const reply = reader.chunk({ bus: 'b', dir: 'rx', bytes, atMs: nowMs });
        assert.is(reply?.kind, 'values', 'a reply');
        if (reply?.kind === 'values') sense.exchange(reply.exchange);
      }
      for (const { signal } of fields) {
        const read = sense.state[signal].value;
        seen.get(signal)?.add(read);
        const field = profile.fields.find((one) => one.signal === signal);
        const truth = values[signal];
        if (typeof truth !== 'number' || typeof read !== 'number') assert.is(read, truth, `${signal} at ${nowMs} ms`);
        else {
          const unsigned = field?.type === 'uint16' && truth < 0;
          if (!unsigned)
            assert.ok(
              Math.abs(read - truth) <= Math.abs(field?.scale ?? 1) / 2 + 1e-6,
              `${signal}: ${read} for ${truth}`,
            );
        }
      }
    }
    assert.equal([...(seen.get('faultCode') ?? [])], codes, 'every fault number it lists');
    for (const signal of ['moving', 'doorClosed', 'direction', 'landing'] as const) {
      if (!CONTROLLERS.includes(name) && signal !== 'moving' && !seen.has(signal)) continue;
      assert.ok((seen.get(signal)?.size ?? 0) >= 2, `${signal} took more than one value`);
    }
  });
}

test.run();
