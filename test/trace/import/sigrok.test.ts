import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../../src/errors.ts';
import { readSigrok } from '../../../src/trace/import/sigrok.ts';
import { recording } from './recordings.ts';

const GRAPH = recording('flowmeter_graph_tool.sr');
const METADATA =
  '[device 1]\ncapturefile=logic-1\ntotal probes=2\nsamplerate=500 kHz\nprobe1=A\nprobe2=B\nunitsize=1\n';

/** A zip with these entries, every second one deflated. */
function zip(entries: { readonly [name: string]: string | Uint8Array }): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [n, [name, content]] of Object.entries(entries).entries()) {
    const plain = Buffer.from(content);
    const packed = n % 2 === 0 ? plain : deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(n % 2 === 0 ? 0 : 8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const place = Buffer.alloc(16);
    place.writeUInt32LE(offset, 12);
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common.subarray(0, 26), place.subarray(2), Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const entriesOf = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(entriesOf.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, entriesOf, Buffer.from('PK\x05\x06'), end]);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, GatewayError, String(error));
    assert.is((error as GatewayError).code, 'capture-invalid', 'its code');
    return (error as GatewayError).message;
  }
  return 'it was read';
}

test('a recording tells its rate, its channels and their names', () => {
  const session = readSigrok(GRAPH, 'graph.sr');
  assert.is(session.sampleRateHz, 4_000_000, 'samples a second');
  assert.equal(session.channelNames, ['0', '1', 'RXTX', '3', '4', '5', '6', '7'], 'channels');
  const { sampleCount, startsHigh, changes } = session.channel(2);
  assert.is(sampleCount, 2_496_985, 'bytes of logic-1-1');
  assert.is(startsHigh, true, 'the line is idle at first');
  assert.ok(changes.length > 153 * 2, 'a byte changes the level twice or more often');
  assert.equal(session.channel(5).changes, [], 'nothing is wired to channel 5');
});

test('blocks are joined in the order of their numbers, levels go on from one to the next', () => {
  const blocks = {
    'logic-1-10': Uint8Array.of(2, 0),
    'logic-1-2': Uint8Array.of(1, 3),
    'logic-1-1': Uint8Array.of(0, 1),
  };
  const session = readSigrok(zip({ version: '2', metadata: METADATA, ...blocks }), 'drawn.sr');
  assert.is(session.sampleRateHz, 500_000, '500 kHz');
  // 0 1 | 1 3 | 2 0
  assert.equal(session.channel(0), { sampleRateHz: 5e5, sampleCount: 6, startsHigh: false, changes: [1, 4] }, 'bit 0');
  assert.equal(session.channel(1), { sampleRateHz: 5e5, sampleCount: 6, startsHigh: false, changes: [3, 5] }, 'bit 1');
});

test('samples of two bytes, and the one block of older files', () => {
  const metadata = METADATA.replace('total probes=2', 'total probes=16').replace('unitsize=1', 'unitsize=2');
  const samples = { 'logic-1': Uint8Array.of(0, 0, 0, 0x80, 1, 0x80) };
  const session = readSigrok(zip({ version: '1', metadata, ...samples }), 'drawn.sr');
  assert.equal(session.channel(0).changes, [2], 'lowest bit of the first byte');
  assert.equal(session.channel(15).changes, [1], 'highest bit of the second');
});

for (const [what, entries, pattern] of [
  ['no version', { metadata: METADATA }, /it lacks version/],
  ['no metadata', { version: '2' }, /it lacks metadata/],
  ['another version', { version: '3', metadata: METADATA }, /version 3/],
  ['no rate', { version: '2', metadata: METADATA.replace('500 kHz', 'fast') }, /samplerate/],
  ['no unit size', { version: '2', metadata: METADATA.replace('unitsize=1', '') }, /unitsize/],
  ['no samples', { version: '2', metadata: METADATA }, /do not fit/],
  ['more channels than bits', { version: '2', metadata: METADATA.replace('=2', '=9'), 'logic-1': 'x' }, /do not fit/],
] as const) {
  test(`refuses a session with ${what}`, () => {
    assert.match(
      refusal(() => readSigrok(zip(entries), 'drawn.sr')),
      pattern,
      what,
    );
  });
}

test('refuses a channel that is not there', () => {
  const session = readSigrok(GRAPH, 'graph.sr');
  for (const number of [-1, 8, 1.5])
    assert.match(
      refusal(() => session.channel(number)),
      /no channel/,
      `${number}`,
    );
});

test('a wire that never rests is refused before it fills the memory', () => {
  const samples = Buffer.alloc(10_000_100, Buffer.of(0, 1));
  const session = readSigrok(zip({ version: '2', metadata: METADATA, 'logic-1': samples }), 'busy.sr');
  assert.match(
    refusal(() => session.channel(0)),
    /changes more than/,
    'told',
  );
  assert.equal(session.channel(1).changes, [], 'the quiet one is read');
});

test('a file cut off anywhere is refused', () => {
  for (let length = 0; length < GRAPH.length; length += 13) {
    assert.match(
      refusal(() => readSigrok(GRAPH.subarray(0, length), 'cut.sr')),
      /cut off/,
      `${length} bytes`,
    );
  }
});

test('a byte wrong anywhere: the samples are the same, or it is refused', () => {
  const whole = JSON.stringify(readSigrok(GRAPH, 'graph.sr').channel(2));
  let refused = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: GRAPH.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const spoilt = Uint8Array.from(GRAPH);
      spoilt[at] = (spoilt[at] ?? 0) ^ flip;
      const said = refusal(() =>
        assert.is(JSON.stringify(readSigrok(spoilt, 's.sr').channel(2)), whole, 'the samples'),
      );
      if (said !== 'it was read') refused++;
    }),
    { numRuns: 150 },
  );
  assert.ok(refused > 50, `most bytes matter: ${refused} of 150 refused`);
});

test.run();
