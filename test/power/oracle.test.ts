import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Oracle } from '../../hil/power/oracle.ts';
import type { Contents, Kept } from '../../hil/power/port.ts';
import { recordOf, type Said, type Spec } from '../../hil/power/said.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';

const BOOT = '0000abcd.1';

const begin: Spec = { lane: 'alarm', lift: 'a', n: 1, pad: 20, fault: { phase: 'begin', id: 'f1' } };
const trip = (n: number, lift = 'a'): Spec => ({ lane: 'telemetry', lift, n, pad: 0, fault: null });
const stored = (spec: Spec, seq: number, boot = BOOT): StoredRecord => ({ id: seq, boot, seq, ...recordOf(spec) });

/** Two calls answered: an alarm and a trip, then two trips; a third, of two trips, is under way. */
const LIFE: readonly Said[] = [
  { say: 'open', boot: BOOT, openFaults: [] },
  { say: 'want', call: 1, specs: [begin, trip(2)] },
  { say: 'want', call: 2, specs: [trip(3), trip(4, 'b')] },
  { say: 'kept', call: 1, records: [1, 2].map((seq) => [seq, BOOT, seq] as const) },
  { say: 'kept', call: 2, records: [3, 4].map((seq) => [seq, BOOT, seq] as const) },
  { say: 'want', call: 3, specs: [trip(5), trip(6)] },
];
const alarm = [stored(begin, 1)];
const trips = [stored(trip(2), 2), stored(trip(3), 3), stored(trip(4, 'b'), 4)];
const under = [stored(trip(5), 5), stored(trip(6), 6)];

type Other = Partial<Omit<Contents, 'kept'>> & { kept?: Kept };

function contents(telemetry: readonly StoredRecord[], { kept = { alarm, telemetry }, ...other }: Other = {}): Contents {
  const waiting = { alarm: kept.alarm.length, telemetry: kept.telemetry.length };
  const ofCity = new Map([['city' as const, kept]]);
  return { boot: '0000abcd.2', setAside: null, openFaults: ['f1'], poisoned: 0, waiting, ...other, kept: ofCity };
}

function problems(found: Contents, more: readonly Said[] = []): string {
  const oracle = new Oracle();
  for (const said of [...LIFE, ...more]) oracle.hear(said);
  return oracle.check(found).join('\n');
}

test('all that was acknowledged, with or without what was under way: nothing is wrong', () => {
  assert.is(problems(contents(trips)), '', 'without');
  assert.is(problems(contents([...trips, ...under])), '', 'with');
});

const wrong: readonly (readonly [what: string, says: RegExp, found: Contents, more?: readonly Said[]])[] = [
  ['an acknowledged record is missing', /0000abcd\.1 3: lost/, contents(trips.filter(({ seq }) => seq !== 3))],
  ['the last one is missing', /0000abcd\.1 4: lost/, contents(trips.slice(0, 2))],
  ['an alarm is missing', /0000abcd\.1 1: lost/, contents(trips, { kept: { alarm: [], telemetry: trips } })],
  ['a call is there in part', /call 3: 1 of 2/, contents([...trips, ...under.slice(0, 1)])],
  ['a record stands under two names', /stored twice/, contents([...trips, stored(trip(3), 5), stored(trip(6), 6)])],
  ['a body is another', /not what was handed in/, contents([...trips.slice(0, 2), stored(trip(4, 'c'), 4)])],
  [
    'a body is damaged',
    /nobody handed in/,
    contents([...trips.slice(0, 2), { ...trips[2], body: { n: 4 } } as StoredRecord]),
  ],
  [
    'two of a lift are exchanged',
    /out of order in lift a/,
    contents([stored(trip(3), 2), stored(trip(2), 3), ...trips.slice(2)]),
  ],
  ['the boot is used again', /boot 0000abcd\.1 after/, contents(trips, { boot: BOOT })],
  ['it is another store', /another store/, contents([], { boot: '11112222.1', kept: { alarm: [], telemetry: [] } })],
  ['an open fault is missing', /open faults/, contents(trips, { openFaults: [] })],
  ['the file was set aside', /damaged/, contents(trips, { setAside: 'outbox.db.damaged-1' })],
  ['the count is off', /telemetry: 7 counted, 3 there/, contents(trips, { waiting: { alarm: 1, telemetry: 7 } })],
  ['something was set aside unasked', /1 set aside/, contents(trips, { poisoned: 1 })],
  [
    'what was forgotten is there again',
    /there again/,
    contents(trips),
    [
      { say: 'forget', reader: 'city', ids: [2] },
      { say: 'forgotten', reader: 'city', ids: [2] },
    ],
  ],
];
for (const [what, says, found, more] of wrong) {
  test(`it sees that ${what}`, () => {
    assert.match(problems(found, more), says, 'and says so');
  });
}

test('a forget that was not promised may be undone', () => {
  const asked: Said[] = [{ say: 'forget', reader: 'city', ids: [2] }];
  assert.is(problems(contents(trips), asked), '', 'still there');
  assert.is(problems(contents(trips.slice(1)), asked), '', 'or gone');
});

test('what another reader lets go is still owed to this one', () => {
  const asked: Said[] = [{ say: 'forget', reader: 'maintainer', ids: [2] }];
  assert.match(problems(contents(trips.slice(1)), asked), /0000abcd\.1 2: lost/, 'and missed');
});

test('evicted records are told of, no fewer and no more', () => {
  const gap = (count: number): StoredRecord => {
    const body = { type: 'gap', gapBoot: BOOT, firstSeq: 2, lastSeq: 3, count };
    return { id: 5, lane: 'alarm', lift: null, boot: BOOT, seq: 5, body };
  };
  const left = trips.slice(2);
  const withGap = (count: number) => contents(left, { kept: { alarm: [...alarm, gap(count)], telemetry: left } });
  assert.is(problems(withGap(2)), '', 'two are gone, of two it tells');
  assert.match(problems(withGap(1)), /2 of 5 missing, gap records tell of 1/, 'one too few');
  assert.match(problems(withGap(3)), /gap records tell of 3/, 'one too many');
});

test('what has been seen after a cut must stay', () => {
  const oracle = new Oracle();
  for (const said of LIFE) oracle.hear(said);
  oracle.goOn(contents([...trips, ...under]));
  oracle.hear({ say: 'open', boot: '0000abcd.2', openFaults: ['f1'] });
  const next = contents(trips, { boot: '0000abcd.3' });
  assert.match(oracle.check(next).join('\n'), /0000abcd\.1 5: lost/, 'though it was never acknowledged');
});

test('trouble that is told is a problem', () => {
  assert.match(
    problems(contents(trips), [{ say: 'trouble', why: 'the disk is full' }]),
    /the disk is full/,
    'by its words',
  );
});

test.run();
