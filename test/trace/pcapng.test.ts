import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { interfaceBlock, packetBlock, sectionBlock } from '../../src/trace/pcapng.ts';
import { type Block, BlockReader } from '../../src/trace/pcapng-reader.ts';

/** Writes blocks in either byte order, apart from the code under test. */
function foreign(little: boolean) {
  const words = (...list: (number | bigint)[]) => {
    const bytes = Buffer.alloc(list.reduce<number>((sum, one) => sum + (typeof one === 'bigint' ? 8 : 4), 0));
    let at = 0;
    for (const one of list) {
      if (typeof one === 'bigint') at = little ? bytes.writeBigInt64LE(one, at) : bytes.writeBigInt64BE(one, at);
      else at = little ? bytes.writeUInt32LE(one, at) : bytes.writeUInt32BE(one, at);
    }
    return bytes;
  };
  const halves = (a: number, b: number) => (little ? words(a + b * 65_536) : words(a * 65_536 + b));
  const block = (type: number, ...parts: Uint8Array[]) => {
    const body = Buffer.concat(parts);
    const length = body.length + 12;
    return Buffer.concat([words(type, length), body, words(length)]);
  };
  return { words, halves, block };
}

function read(...parts: Uint8Array[]): Block[] {
  const reader = new BlockReader('capture');
  const blocks = [...reader.push(Buffer.concat(parts))];
  assert.is(reader.end(), null, 'the file is whole');
  return blocks;
}

for (const little of [true, false]) {
  const { words, halves, block } = foreign(little);
  const order = little ? 'little-endian' : 'big-endian';
  const section = block(0x0a0d0d0a, words(0x1a2b3c4d), halves(1, 0), words(-1n));

  /** one interface with these options and one packet at `ticks` */
  const packetTimeUs = (options: Uint8Array[], ticks: bigint) => {
    const port = block(1, halves(250, 0), words(0), ...options);
    const high = Number(ticks >> 32n);
    const low = Number(ticks & 0xffffffffn);
    const packet = block(6, words(0, high, low, 3, 3), Buffer.of(7, 8, 9, 0));
    const last = read(section, port, packet).at(-1);
    assert.ok(last?.kind === 'packet', `a packet, ${order}`);
    assert.equal([...last.data], [7, 8, 9], `its bytes without the padding, ${order}`);
    return last.timeUs;
  };
  const resolution = (value: number) => Buffer.concat([halves(9, 1), Buffer.of(value, 0, 0, 0)]);

  test(`any time resolution is read, ${order}`, () => {
    assert.is(packetTimeUs([], 1_500_001n), 1_500_001n, 'microseconds where nothing is said');
    assert.is(
      packetTimeUs([resolution(9)], 1_767_225_600_000_000_499n),
      1_767_225_600_000_000n,
      'nanoseconds, rounded',
    );
    assert.is(packetTimeUs([resolution(9)], 1_500n), 2n, 'half a microsecond is rounded up');
    assert.is(packetTimeUs([resolution(3)], 12n), 12_000n, 'milliseconds');
    assert.is(packetTimeUs([resolution(0x80 | 10)], 1536n), 1_500_000n, 'parts of 1024');
  });

  test(`the offset of an interface is added, ${order}`, () => {
    const offset = (s: bigint) => Buffer.concat([halves(14, 8), words(s)]);
    assert.is(packetTimeUs([offset(1_000n)], 5n), 1_000_000_005n, 'after 1970');
    assert.is(packetTimeUs([offset(-2n)], 5n), -1_999_995n, 'before 1970');
  });

  test(`blocks of other kinds are stepped over, ${order}`, () => {
    const port = block(1, halves(250, 0), words(0));
    const statistics = block(5, words(0, 0, 0));
    const names = block(4, words(0));
    const simple = block(3, words(4), Buffer.of(1, 2, 3, 4));
    const own = block(0x80000bad, words(1, 2, 3));
    const kinds = read(section, names, port, statistics, own, simple).map(({ kind }) => kind);
    assert.equal(kinds, ['section', 'interface'], 'only what a capture is made of');
  });
}

test('what is written is read', () => {
  const [section, port, packet] = read(
    sectionBlock('comment 梯'),
    interfaceBlock(250, 'line-1', -7),
    packetBlock(0, 2 ** 40 + 5, Uint8Array.of(1, 2, 3)),
  );
  assert.ok(section?.kind === 'section' && section.comment === 'comment 梯', 'the comment');
  assert.ok(port?.kind === 'interface', 'the interface');
  assert.equal([port.linktype, port.name, port.offsetS, port.ticksPerS], [250, 'line-1', -7n, 1_000_000n], 'its facts');
  assert.ok(packet?.kind === 'packet' && packet.from === port, 'the packet knows its interface');
  assert.is(packet.timeUs, BigInt(2 ** 40 + 5) - 7_000_000n, 'a time beyond 32 bits');
});

test('a second section begins its own interfaces', () => {
  const reader = new BlockReader('capture');
  const bytes = [sectionBlock(''), interfaceBlock(250, 'a', 0), sectionBlock(''), packetBlock(0, 1, Uint8Array.of(1))];
  assert.throws(() => [...reader.push(Buffer.concat(bytes))], /interface 0/, 'the old interface is gone');
});

test('a block that claims too much is refused before its bytes come', () => {
  const reader = new BlockReader('capture');
  const start = Buffer.from(packetBlock(0, 1, Uint8Array.of(1)).subarray(0, 12));
  start.writeUInt32LE(64 * 1024 * 1024, 4);
  assert.throws(() => [...reader.push(Buffer.concat([sectionBlock(''), start]))], /16 MiB/, 'said at once');
});

test.run();
