/** Several brokers in order: which one is asked when, and what is told. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTEMPTS_EACH, brokerFor, namedAfter, nameOf } from '../../src/uplink/brokers.ts';
import { rig, seqs, trip } from './rig.ts';

const A = 'mqtts://a.test:8883';
const B = 'mqtts://b.test';
const C = 'mqtts://c.test';

test('three attempts each, in order, and round', () => {
  const asked = Array.from({ length: 11 }, (_, attempt) => brokerFor(attempt, A, [B, C]));
  assert.equal(asked, [A, A, A, B, B, B, C, C, C, A, A], 'whatever the number of failed ones in a row');
  assert.is(brokerFor(1_000_000, A, []), A, 'the only one, always');
});

test('the name of a broker is its host and port, without a secret', () => {
  assert.is(nameOf(A), 'a.test:8883', 'with its port');
  assert.is(nameOf('wss://user:secret@c.test/path?token=1'), 'c.test', 'and nothing else');
  const said = { en: 'is away', zh: '离线' };
  assert.equal(namedAfter(A, [], said), said, 'one broker needs no name');
  assert.equal(namedAfter(B, [B], said), { en: 'b.test: is away', zh: 'b.test：离线' }, 'one of several does');
});

/** A box with two brokers; `up` says which of them answer. */
function two(up: { a: boolean; b: boolean }) {
  const parts = rig({ settings: { url: A, alternatives: [B] } });
  const { broker, clock } = parts;
  const asked = () => broker.attempts.map(({ url }) => (url === A ? 'a' : 'b')).join('');
  /** Until `count` attempts are made; those at a broker that is down fail at once. */
  const attempts = async (count: number) => {
    while (broker.attempts.length < count || broker.linked) {
      const last = broker.attempts.at(-1);
      broker.accepts = false;
      if (broker.linked && last) {
        if (last.url === A ? up.a : up.b) return broker.accept();
        broker.close({ kind: 'unreachable', detail: 'ECONNREFUSED' });
      }
      await clock.advance(100);
    }
  };
  return { ...parts, asked, attempts };
}

test('the first does not answer: the second is asked after three attempts, and told by name', async () => {
  const { outbox, broker, clock, start, stop, remarks, asked, attempts } = two({ a: false, b: true });
  broker.accepts = false;
  await outbox.append([trip()]);
  const uplink = start();
  await attempts(4);
  await clock.advance(0);
  assert.is(asked(), 'aaab', 'in order');
  assert.is(uplink.state.state, 'online', 'with the second');
  assert.match(uplink.state.why.en, /^b\.test: connected/, 'the board names it');
  assert.equal(seqs(broker.delivered), [1], 'and it gets what waits');
  assert.equal(
    remarks,
    [
      'uplink: a.test:8883: the broker cannot be reached: ECONNREFUSED',
      'uplink: b.test: connecting to the broker',
      'uplink: b.test: connected to the broker',
    ],
    'the journal names who does not answer, and who is asked next',
  );
  await stop(uplink);
});

test('a session with the second is left alone, however long it stands; when it ends the first is asked again', async () => {
  const up = { a: false, b: true };
  const { broker, clock, start, stop, asked, attempts } = two(up);
  broker.accepts = false;
  const uplink = start();
  await attempts(4);
  up.a = true;
  await clock.advance(7 * 24 * 3_600_000);
  assert.is(asked(), 'aaab', 'the first is well again, and nobody leaves the second for it');
  broker.close();
  await attempts(5);
  assert.is(asked(), 'aaaba', 'the link ended by itself: the first again');
  await stop(uplink);
});

test('a broker that takes the box and throws it out is a failed one', async () => {
  const { broker, clock, start, stop, asked } = two({ a: true, b: true });
  const uplink = start();
  while (broker.attempts.length < ATTEMPTS_EACH + 1) {
    while (!broker.linked) await clock.advance(100);
    await clock.advance(1000);
    broker.close({ kind: 'kicked', detail: 'test' });
    await clock.advance(100);
    while (!broker.linked && broker.attempts.length < ATTEMPTS_EACH + 1) await clock.advance(100);
  }
  assert.is(asked(), 'aaab', 'so the next is asked');
  await stop(uplink);
});

test.run();
