/** Whatever the links do: every record arrives, in order, alarms first, and nothing is forgotten before its acknowledgement. */

import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewRecord } from '../../src/outbox/port.ts';
import type { Delivery } from './fake-broker.ts';
import { fault, rig, trip } from './rig.ts';

type Kind = 'trip' | 'fault' | 'entrapment';
type Happening =
  | { readonly what: 'append'; readonly kinds: readonly Kind[] }
  | { readonly what: 'ack'; readonly which: number }
  | { readonly what: 'drop' }
  | { readonly what: 'disk'; readonly failing: boolean }
  | { readonly what: 'pass'; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('append' as const), kinds: kinds() }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('ack' as const), which: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('drop' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('disk' as const), failing: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('pass' as const), ms: fc.constantFrom(0, 1, 40, 700, 15_000) }),
  },
);

function kinds(): fc.Arbitrary<Kind[]> {
  return fc.array(fc.constantFrom<Kind>('trip', 'fault', 'entrapment'), { minLength: 1, maxLength: 9 });
}

const make: { readonly [K in Kind]: () => NewRecord } = { trip, fault, entrapment: () => fault('entrapment') };

const kindOf = ({ message }: Delivery): Kind =>
  message.type === 'trip' ? 'trip' : message.fault === 'entrapment' ? 'entrapment' : 'fault';

const order: { readonly [K in Kind]: number } = { entrapment: 0, fault: 1, trip: 2 };

/** Runs the happenings, then a good network for long enough, and returns the appended kinds by seq. */
async function play(happenings: readonly Happening[], window: number, receiveMaximum: number) {
  const parts = rig({ settings: { window } });
  const { clock, broker, outbox, start } = parts;
  broker.acknowledges = false;
  broker.granted = { ...broker.granted, receiveMaximum };
  const acked = new Set<number>();
  const appended: Kind[] = [];
  const tooEarly: number[] = [];
  const overtaken: number[] = [];
  broker.onDelivery = ({ message, link }) => {
    if (message.type !== 'trip') return;
    const carried = new Set(broker.delivered.flatMap((other) => (other.link === link ? [other.message.seq] : [])));
    const left = appended.some((kind, n) => kind !== 'trip' && !acked.has(n + 1) && !carried.has(n + 1));
    if (left) overtaken.push(message.seq);
  };
  const forget = outbox.forget.bind(outbox);
  outbox.forget = (ids) => {
    tooEarly.push(...ids.filter((id) => !acked.has(id)));
    return forget(ids);
  };
  const acknowledge = (which: number) => {
    const waiting = broker.waiting[which % Math.max(1, broker.waiting.length)];
    if (waiting && waiting.delivery.message.type !== 'status') acked.add(waiting.delivery.message.seq);
    broker.acknowledge(waiting);
  };
  const uplink = start();
  for (const event of happenings) {
    if (event.what === 'append' && outbox.failing === null) {
      appended.push(...event.kinds);
      await outbox.append(event.kinds.map((kind) => make[kind]()));
    } else if (event.what === 'ack') acknowledge(event.which);
    else if (event.what === 'drop' && broker.linked) broker.close();
    else if (event.what === 'disk') outbox.failing = event.failing ? 'the disk does not take it' : null;
    else if (event.what === 'pass') await clock.advance(event.ms);
    await clock.advance(0);
  }
  outbox.failing = null;
  for (let round = 0; round < 400 && (await outbox.waiting()) > 0; round++) {
    await clock.advance(500);
    while (broker.waiting.length > 0) acknowledge(0);
  }
  return { ...parts, uplink, appended, tooEarly, overtaken };
}

const scenario = [
  fc.array(happening, { maxLength: 60 }),
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 1, max: 6 }),
] as const;

test('every record is delivered, first deliveries are in order, and none is forgotten before its acknowledgement', async () => {
  await fc.assert(
    fc.asyncProperty(...scenario, async (happenings, window, receiveMaximum) => {
      const { broker, outbox, appended, tooEarly, overtaken, uplink, stop } = await play(
        happenings,
        window,
        receiveMaximum,
      );
      assert.is(await outbox.waiting(), 0, 'the outbox is drained in the end');
      assert.equal(tooEarly, [], 'nothing is forgotten before its acknowledgement');
      assert.equal(overtaken, [], 'no telemetry goes while an alarm waits');
      const firsts = new Map<number, Kind>();
      for (const delivery of broker.delivered)
        if (!firsts.has(delivery.message.seq)) firsts.set(delivery.message.seq, kindOf(delivery));
      assert.is(firsts.size, appended.length, 'every record was delivered');
      for (const kind of ['entrapment', 'fault', 'trip'] as const) {
        const seqs = [...firsts].filter(([, found]) => found === kind).map(([seq]) => seq);
        assert.equal(
          seqs,
          [...seqs].sort((a, b) => a - b),
          `${kind}: first deliveries in order`,
        );
      }
      await stop(uplink);
    }),
    { numRuns: 150, seed: 20_260_101 },
  );
});

test('what waits when a link begins goes in order of urgency', async () => {
  await fc.assert(
    fc.asyncProperty(kinds(), fc.integer({ min: 1, max: 6 }), async (waiting, window) => {
      const { clock, broker, outbox, start, stop } = rig({ settings: { window } });
      await outbox.append(waiting.map((kind) => make[kind]()));
      const uplink = start();
      await clock.advance(2000);
      const ranks = broker.delivered.map((delivery) => order[kindOf(delivery)]);
      assert.equal(
        ranks,
        [...ranks].sort((a, b) => a - b),
        'entrapments, alarms, telemetry',
      );
      assert.is(broker.delivered.length, waiting.length, 'each once, as no link dropped');
      await stop(uplink);
    }),
    { numRuns: 60, seed: 20_260_101 },
  );
});

test.run();
