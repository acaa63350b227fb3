/** Whatever the platform does: every record is taken once, in order, alarms first, and nothing is forgotten before its answer. */

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewRecord } from '../../src/outbox/port.ts';
import type { Outcome } from '../../src/regional/http.ts';
import { type Request, status, TAKEN, TOKEN } from './fake-platform.ts';
import { alarm, entrapment, owed, rig, totals } from './rig.ts';

type Kind = 'totals' | 'alarm' | 'entrapment';
type Happening =
  | { readonly what: 'append'; readonly kinds: readonly Kind[]; readonly lift: string }
  | { readonly what: 'answer'; readonly with: Ill | 'taken' }
  | { readonly what: 'disk'; readonly failing: boolean }
  | { readonly what: 'pass'; readonly ms: number };

type Ill = '500' | '429' | '401' | 'garbage' | 'lost';
const ILL: { readonly [I in Ill]: Outcome } = {
  500: { answer: status(500) },
  429: { answer: status(429, 3000) },
  401: { answer: status(401) },
  garbage: { answer: status(200) },
  lost: { failure: { kind: 'lost', detail: 'closed' } },
};

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('append' as const),
      kinds: fc.array(fc.constantFrom<Kind>('totals', 'alarm', 'entrapment'), { minLength: 1, maxLength: 6 }),
      lift: fc.constantFrom('a', 'b'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('answer' as const),
      with: fc.constantFrom<Ill | 'taken'>('taken', 'taken', 'taken', '500', '429', '401', 'garbage', 'lost'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('disk' as const), failing: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.constantFrom(0, 60, 900, 16_000) }) },
);

let serial = 0;

/** Each record with its number in what the platform is told. */
function make(kind: Kind, lift: string): { record: NewRecord; number: string } {
  if (kind === 'totals') {
    const trips = ++serial;
    return { record: totals(lift, trips), number: String(trips) };
  }
  const record = kind === 'alarm' ? alarm('safety-chain-open', lift) : entrapment(lift);
  return { record, number: `box-1-${record.body.id}` };
}

function numberOf({ kind, body }: Request): string {
  if (kind === 'telemetry') return String(body.totalRunCount);
  return (body.faults as { faultNo: string }[])[0]?.faultNo ?? '';
}

/** Runs the happenings, then a good platform for long enough. */
async function play(happenings: readonly Happening[]) {
  const parts = rig({ random: 0.3 });
  const { clock, platform, outbox, start } = parts;
  const appended: { number: string; kind: Kind; lift: string }[] = [];
  const takenNumbers: string[] = [];
  const tooEarly: number[] = [];
  const ids = new Map<number, string>();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'state' ? TAKEN : null);
  const answer = (request: Request, outcome: Outcome) => {
    if ('answer' in outcome && outcome.answer === TAKEN) takenNumbers.push(numberOf(request));
    request.answer(outcome);
  };
  const forget = outbox.forget.bind(outbox);
  outbox.forget = (gone, reader) => {
    tooEarly.push(...gone.filter((id) => !takenNumbers.includes(ids.get(id) ?? '')));
    return forget(gone, reader);
  };
  const regional = start();
  for (const event of happenings) {
    if (event.what === 'append' && outbox.failing === null) {
      const made = event.kinds.map((kind) => ({ ...make(kind, event.lift), kind, lift: event.lift }));
      appended.push(...made);
      // Numbers of ids go on by one in the outbox in memory.
      for (const { number } of made) ids.set(ids.size + 1, number);
      await outbox.append(made.map(({ record }) => record));
    } else if (event.what === 'answer') {
      const [waiting] = platform.waiting;
      if (waiting) answer(waiting, event.with === 'taken' ? { answer: TAKEN } : ILL[event.with]);
    } else if (event.what === 'disk') outbox.failing = event.failing ? 'the disk does not take it' : null;
    else if (event.what === 'pass') await clock.advance(event.ms);
    await clock.advance(0);
  }
  outbox.failing = null;
  for (let round = 0; round < 600 && (await owed(outbox)) > 0; round++) {
    await clock.advance(500);
    while (platform.waiting.length > 0) {
      const [waiting] = platform.waiting;
      if (waiting) answer(waiting, { answer: TAKEN });
      await clock.advance(0);
    }
  }
  return { ...parts, regional, appended, takenNumbers, tooEarly };
}

test('every record is taken once, in order, and none is forgotten before its answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
      const { outbox, appended, takenNumbers, tooEarly, regional, stop } = await play(happenings);
      assert.is(await owed(outbox), 0, 'nothing is owed in the end');
      assert.equal(tooEarly, [], 'nothing is forgotten before it was taken');
      assert.is(new Set(takenNumbers).size, takenNumbers.length, 'none twice: an answer was heard to each');
      assert.is(takenNumbers.length, appended.length, 'every one');
      for (const lift of ['a', 'b']) {
        for (const kind of ['entrapment', 'alarm', 'totals'] as const) {
          const own = appended.filter((each) => each.kind === kind && each.lift === lift).map(({ number }) => number);
          const seen = takenNumbers.filter((number) => own.includes(number));
          assert.equal(seen, own, `${kind} of lift ${lift} in order`);
        }
      }
      await stop(regional);
    }),
    { numRuns: 150, seed: 20_260_101 },
  );
});

test('what waits when the platform comes back goes in order of urgency, statistics beside it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Kind>('totals', 'alarm', 'entrapment'), { minLength: 1, maxLength: 30 }),
      async (kinds) => {
        const { clock, platform, outbox, start, stop } = rig();
        await outbox.append(kinds.map((kind) => make(kind, 'a').record));
        const regional = start();
        await clock.advance(2000);
        const urgent = platform.of('alarm').map(({ path }) => path.includes('entrap'));
        assert.equal(
          urgent,
          [...urgent].sort((a, b) => Number(b) - Number(a)),
          'entrapments before other alarms',
        );
        assert.is(urgent.length + platform.of('telemetry').length, kinds.length, 'each once');
        await stop(regional);
      },
    ),
    { numRuns: 60, seed: 20_260_101 },
  );
});

test.run();
