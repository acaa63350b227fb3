/** The scan plan: every field is brought, in the fewest reads that the quirks allow, and none is asked for twice. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { type Profile, profileSchema } from '../../src/config/profile.ts';
import { GatewayError } from '../../src/errors.ts';
import { type Field, fieldsOf, fieldsWithin, type PlannedRead, planReads } from '../../src/sense/decode.ts';
import { TABLES, type Table } from '../../src/sense/observation.ts';

const decode = () => null;
const STANDARD: Profile['quirks'] = {
  maxRegisters: 125,
  maxBits: 2000,
  groupSize: 65_536,
  mergeGap: 8,
  gapMs: 0,
  byteCount: 8,
};

const field = (address: number, more: Partial<Field> = {}): Field => ({
  ...{ signal: 'landing', table: 'holding', address, size: 1, group: 'fast', decode },
  ...more,
});
const text = ({ group, table, address, count }: PlannedRead) => `${group} ${table} ${address}+${count}`;
const plan = (fields: readonly Field[], quirks: Partial<Profile['quirks']> = {}) =>
  planReads(fields, { ...STANDARD, ...quirks }).map(text);

test('a slow field within a fast read is not asked for again', () => {
  const slow = (address: number, size = 1) => field(address, { group: 'slow', size });
  assert.equal(plan([field(0), slow(2), field(4)]), ['fast holding 0+5'], 'in the hole between two fast ones');
  assert.equal(plan([field(0), slow(0)]), ['fast holding 0+1'], 'in the same register');
  assert.equal(plan([field(0), slow(0, 2)]), ['fast holding 0+1', 'slow holding 0+2'], 'half of it is not it');
  assert.equal(
    plan([field(0), field(4), slow(2), slow(6), slow(8)]),
    ['fast holding 0+5', 'slow holding 6+3'],
    'the slow reads are of what is left',
  );
  const input = field(2, { group: 'slow', table: 'input' });
  assert.equal(plan([field(0), field(4), input]), ['fast holding 0+5', 'slow input 2+1'], 'another table');
});

test('bits have a limit of their own', () => {
  const coil = (address: number) => field(address, { table: 'coil' });
  assert.equal(plan([coil(0), coil(8)], { maxRegisters: 4 }), ['fast coil 0+9'], 'that of registers is not theirs');
  assert.equal(plan([coil(0), coil(8)], { maxBits: 8 }), ['fast coil 0+1', 'fast coil 8+1'], 'one too many');
  assert.equal(plan([coil(0), coil(7)], { maxBits: 8 }), ['fast coil 0+8'], 'just as many');
  const spread = Array.from({ length: 250 }, (_, at) => coil(at * 9));
  assert.equal(plan(spread), ['fast coil 0+1999', 'fast coil 2007+235'], 'two thousand in the standard');
});

test('no read crosses a group', () => {
  const fields = [field(0x08fe), field(0x08ff), field(0x0900)];
  assert.equal(plan(fields, { groupSize: 256 }), ['fast holding 2302+2', 'fast holding 2304+1'], 'groups of 256');
  assert.equal(plan(fields), ['fast holding 2302+3'], 'no groups');
});

test('a field that no allowed read can bring is refused as a part of its profile', () => {
  const refused = (quirks: object, address: number) => {
    const number = { signal: 'positionMm', table: 'holding', address, type: 'uint32' };
    const profile = v.parse(profileSchema, {
      ...{ profile: 'test', title: { en: 'test', zh: '测试' }, source: 'made for this test', tested: 'simulated' },
      ...{ addressBase: 0, wordOrder: 'high-first', fields: [number], quirks },
    });
    try {
      fieldsOf(profile);
      return null;
    } catch (error) {
      return error instanceof GatewayError ? error.hint : String(error);
    }
  };
  assert.match(refused({ maxRegisters: 1 }, 0) ?? '', /maxRegisters/, 'two registers where a read takes one');
  assert.is(refused({ maxRegisters: 2 }, 0), null, 'two where it takes two');
  assert.match(refused({ groupSize: 256 }, 255) ?? '', /groupSize/, 'across two groups');
  assert.is(refused({ groupSize: 256 }, 254), null, 'the last two of a group');
});

const anyQuirks = fc.record({
  maxRegisters: fc.integer({ min: 2, max: 125 }),
  maxBits: fc.integer({ min: 1, max: 2000 }),
  groupSize: fc.constantFrom(4, 10, 256, 65_536),
  mergeGap: fc.integer({ min: 0, max: 20 }),
  gapMs: fc.constant(0),
  byteCount: fc.constant(8 as const),
});
const anyField = fc
  .record({
    table: fc.constantFrom(...TABLES),
    address: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3000 })),
    long: fc.boolean(),
    group: fc.constantFrom('fast' as const, 'slow' as const),
  })
  .map(({ table, address, long, group }) => field(address, { table, group, size: long && !isBit(table) ? 2 : 1 }));

const isBit = (table: Table) => table === 'coil' || table === 'discrete';
const groupsOf = ({ address, count }: { address: number; count: number }, size: number) => [
  Math.floor(address / size),
  Math.floor((address + count - 1) / size),
];

/** Whether a controller of these quirks takes one read from the first of the two to the end of the last. */
function mergeable(a: PlannedRead, b: PlannedRead, quirks: Profile['quirks']): boolean {
  if (a.group !== b.group || a.table !== b.table) return false;
  const [first, last] = a.address <= b.address ? [a, b] : [b, a];
  const hole = last.address - (first.address + first.count);
  const count = Math.max(first.address + first.count, last.address + last.count) - first.address;
  const [from, to] = groupsOf({ address: first.address, count }, quirks.groupSize);
  return hole <= quirks.mergeGap && count <= (isBit(a.table) ? quirks.maxBits : quirks.maxRegisters) && from === to;
}

test('any fields, any quirks: all brought, none twice, nothing over a limit or a group, no two reads that could be one', () => {
  let planned = 0;
  void fc.assert(
    fc.property(fc.array(anyField, { minLength: 1, maxLength: 60 }), anyQuirks, (drawn, quirks) => {
      const fields = drawn.filter(({ address, size }) => {
        const [from, to] = groupsOf({ address, count: size }, quirks.groupSize);
        return from === to;
      });
      const reads = planReads(fields, quirks);
      planned += reads.length;
      for (const one of fields) {
        const by = reads.filter((read) => fieldsWithin([one], read).length > 0);
        assert.ok(
          by.some(({ group }) => group === one.group || group === 'fast'),
          `${one.group} ${one.table} ${one.address} is brought as often as it asks`,
        );
      }
      const fast = reads.filter(({ group }) => group === 'fast');
      for (const read of reads) {
        const most = isBit(read.table) ? quirks.maxBits : quirks.maxRegisters;
        assert.ok(read.count >= 1 && read.count <= most, `${text(read)}: of ${most} at most`);
        const [from, to] = groupsOf(read, quirks.groupSize);
        assert.is(from, to, `${text(read)}: within a group of ${quirks.groupSize}`);
        const news = fieldsWithin(fields, read).filter(
          ({ field }) =>
            field.group === read.group && !fast.some((one) => one !== read && fieldsWithin([field], one)[0]),
        );
        assert.ok(news.length > 0, `${text(read)}: brings what no fast read does`);
      }
      for (const [at, a] of reads.entries()) {
        for (const b of reads.slice(at + 1)) {
          assert.not.ok(mergeable(a, b, quirks), `${text(a)} and ${text(b)} could be one`);
        }
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(planned > 1000, 'there were reads to look at');
});

test.run();
