/** Frames without a start byte, of which the check alone says where one begins: DCP, six bytes whose XOR is 0. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { MonoMs } from '../../src/clock.ts';
import { readProfile } from '../../src/config/profiles.ts';
import { fieldsOf, payloadNeeds } from '../../src/sense/decode.ts';
import { LiftSense } from '../../src/sense/lift.ts';
import { PushReader } from '../../src/sense/push.ts';
import { facts } from '../facts.ts';

const outcome = readProfile('dcp-tap', 'site.yaml');
if (outcome.kind !== 'read' || !outcome.profile.frames) throw new Error('dcp-tap is a sound profile with frames');
const { profile } = outcome;
const { frames } = outcome.profile;

function tapped(combine: 'last' | 'or' = 'last') {
  const settings = { bus: 'b', unit: 1, needs: payloadNeeds(profile) };
  const reader = new PushReader({ ...settings, frames: { ...frames, start: [], end: [], combine } });
  const hear = (bytes: Iterable<number>, atMs = 0) => {
    const chunk = { bus: 'b', dir: 'rx', bytes: Uint8Array.from(bytes), atMs: atMs as MonoMs } as const;
    return reader.chunk(chunk).flatMap((heard) => (heard.kind === 'values' ? [heard.exchange] : []));
  };
  /** the first byte of each frame that was told */
  const firsts = (bytes: Iterable<number>, atMs = 0) => hear(bytes, atMs).map(({ values }) => values[0]);
  return { reader, hear, firsts };
}

function dcp(first: number, data: readonly [number, number] = [0, 0], channel: readonly [number, number] = [0, 0]) {
  const body = [first, ...data, ...channel];
  return [...body, body.reduce((sum, each) => sum ^ each, 0)];
}

/** enabled, to travel, at a speed; ready and running, by the bits of the specification */
const COMMAND = dcp(0b0000_1011, [0x80, 0]);
const REPLY = dcp(0b0000_0011);
const TURN = [...COMMAND, ...REPLY];

test('the third of a row is the first that is believed', () => {
  const { firsts, reader } = tapped();
  assert.equal(firsts([...TURN, ...TURN]), [COMMAND[0], REPLY[0]], 'the third and the fourth');
  assert.equal(reader.counts, { frames: 2, noise: 12 }, 'and what came before is none');
});

test('who comes in the middle of a frame finds the next', () => {
  for (let cut = 1; cut < 6; cut++) {
    const { firsts } = tapped();
    const found = firsts([...TURN.slice(cut), ...TURN, ...TURN]);
    assert.equal(found.slice(-2), [COMMAND[0], REPLY[0]], `${cut} bytes missed`);
    assert.ok(
      found.every((first) => first === COMMAND[0] || first === REPLY[0]),
      `${cut}: nothing else is told`,
    );
  }
});

test('one frame again and again says nothing of where it begins: its XOR is 0 over every rotation', () => {
  const same = Array.from({ length: 20 }, () => REPLY).flat();
  for (let cut = 0; cut < 6; cut++) {
    const { firsts } = tapped();
    assert.equal(firsts(same.slice(cut)), [], `from byte ${cut}: not told`);
    assert.equal(firsts([...TURN, ...TURN, ...TURN]).slice(-2), [COMMAND[0], REPLY[0]], `${cut}: until one differs`);
  }
  const { firsts } = tapped();
  firsts([...TURN, ...TURN]);
  assert.is(firsts(same).length, 20, 'who is in step goes on being told');
});

test('a damaged frame, or a byte between two, breaks the step', () => {
  const { firsts } = tapped();
  firsts([...TURN, ...TURN]);
  const damaged = COMMAND.map((each, at) => (at === 1 ? each ^ 0x10 : each));
  assert.equal(firsts([...damaged, ...REPLY, ...COMMAND]), [], 'two in a row are not enough');
  assert.equal(firsts(REPLY), [REPLY[0]], 'the third is');
  assert.equal(firsts([0xfe, ...TURN]), [], 'FE between two');
  assert.equal(firsts(TURN), [COMMAND[0], REPLY[0]], 'and on again');
});

test('a line that is held low brings zeros, whose XOR is 0: no frames', () => {
  const zeros = new Array<number>(600).fill(0);
  assert.equal(tapped().firsts(zeros), [], 'from the start');
  const { firsts } = tapped();
  firsts([...TURN, ...TURN]);
  assert.equal(firsts(zeros), [0], 'in step: a first may be one, the second is not');
  assert.equal(firsts(new Array<number>(600).fill(0xff)), [], 'nor ones');
});

test('noise is not told: of a million bytes no more than chance lets pass thrice in a row', () => {
  let state = 12_345;
  const noise = Array.from({ length: 1_000_000 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 16) & 0xff;
  });
  const { hear, reader } = tapped();
  let told = 0;
  for (let from = 0; from < noise.length; from += 4096) told += hear(noise.slice(from, from + 4096)).length;
  // A place passes once in 256, and two more straight behind it once in 65,536: 0.06 of a million.
  assert.ok(told <= 2, `${told} were told`);
  assert.is(reader.counts.frames, told, 'and counted');
});

test('however it is cut into chunks, the same is told', () => {
  const piece = fc.constantFrom(
    COMMAND,
    REPLY,
    dcp(0),
    dcp(1),
    dcp(0x53, [1, 2], [0x31, 0x1c]),
    [0],
    [0xfe],
    [0xff, 0],
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
  void fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), cuts, (pieces, sizes) => {
      const bytes = pieces.flat();
      const whole = tapped('or').firsts(bytes, 1);
      const { firsts } = tapped('or');
      const found: unknown[] = [];
      for (let from = 0, at = 0; from < bytes.length; at++) {
        const size = sizes[at % sizes.length] ?? 1;
        found.push(...firsts(bytes.slice(from, from + size), 1));
        from += size;
      }
      assert.equal(found, whole, 'in one chunk or in many');
    }),
    { numRuns: 300 },
  );
});

test('dcp-tap: moving from the travel command to the end of the run, whichever of the two came last', () => {
  const fields = fieldsOf(profile);
  assert.equal(
    fields.map(({ signal }) => signal),
    ['moving'],
    'nothing that reads otherwise in the other direction',
  );
  const controller = { bus: 'b', unit: 1, fields, staleAfterMs: { fast: 500, slow: 500 } };
  const sense = new LiftSense({ facts: facts(), inputs: {}, controller }, 0 as MonoMs);
  const { hear } = tapped('or');
  const seen: (boolean | null)[] = [];
  const turns: [command: number, reply: number][] = [
    ...Array.from({ length: 5 }, (): [number, number] => [0, 1]),
    // commanded, not running yet; running; no longer commanded, braking
    ...Array.from({ length: 5 }, (): [number, number] => [0b01011, 1]),
    ...Array.from({ length: 5 }, (): [number, number] => [0b01011, 0b11]),
    ...Array.from({ length: 5 }, (): [number, number] => [0, 0b11]),
    ...Array.from({ length: 5 }, (): [number, number] => [0, 1]),
  ];
  for (const [at, [command, reply]] of turns.entries()) {
    for (const exchange of hear([...dcp(command), ...dcp(reply)], at * 15)) {
      sense.exchange(exchange);
      const { value } = sense.state.moving;
      if (seen.at(-1) !== value) seen.push(value);
    }
  }
  assert.equal(seen, [false, true, false], 'once on, once off');
});

test.run();
