/** The gate: each way in which a request is refused, and what it remembers. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ClockTrust, monoMs } from '../../src/clock.ts';
import {
  type Arrival,
  BURST,
  finished,
  type Gate,
  LIFE_MS,
  MOST_RUNNING,
  newGate,
  receive,
  UNREAD_BELOW,
  type Verdict,
} from '../../src/requests/gate.ts';
import { RESEND_LIMIT } from '../../src/requests/order.ts';
import { newKey, parseKeys } from '../../src/requests/sign.ts';
import { keys, publicLine, requestOf } from './keys.ts';

const WALL = Date.UTC(2026, 0, 1);

/** A gate that is told one request after the other, at times of its monotonic clock. */
function gateOf(clockTrust: ClockTrust = 'ntp') {
  let gate: Gate = newGate(monoMs(0));
  let nonces = 0;
  const take = (payload: string, more: Partial<Arrival> & { at?: number } = {}): Verdict => {
    const at = more.at ?? 1000;
    const [next, verdict] = receive(gate, {
      ...{ payload: Buffer.from(payload), retained: false, box: 'box-1', keys, nonce: `nonce-${++nonces}` },
      ...{ atMs: monoMs(at), wallMs: WALL + at, clockTrust, ...more },
    });
    gate = next;
    return verdict;
  };
  const why = (payload: string, more: Partial<Arrival> & { at?: number } = {}) => {
    const verdict = take(payload, more);
    return verdict.type === 'refuse' ? verdict.reason : verdict.type;
  };
  return {
    take,
    why,
    finish: () => {
      gate = finished(gate);
    },
    get now() {
      return gate;
    },
  };
}

test('a good request is let through, and its order is what was signed', () => {
  const verdict = gateOf().take(requestOf({ id: 'live-0001', what: 'live', args: { minutes: 3 } }));
  assert.is(verdict.type, 'do', 'let through');
  if (verdict.type !== 'do') return;
  assert.is(verdict.by, 'tester', 'by whom');
  assert.equal(
    verdict.order,
    { box: 'box-1', id: 'live-0001', sentMs: WALL + 1000, what: 'live', args: { minutes: 3 } },
    'what',
  );
});

test('forged: another key, another text, a name of nobody, no signature', () => {
  const { why } = gateOf();
  const other = newKey('tester');
  assert.is(why(requestOf({}, { pem: other.privatePem })), 'not-authorised', 'signed by another key of the same name');
  assert.is(why(requestOf({}, { name: 'nobody' })), 'not-authorised', 'a name that the box does not know');
  const good = JSON.parse(requestOf({ id: 'forged-01' }));
  assert.is(
    why(JSON.stringify({ ...good, order: good.order.replace('self-test', 'doctor') })),
    'not-authorised',
    'the text was changed',
  );
  assert.is(why(JSON.stringify({ ...good, signature: '' })), 'not-authorised', 'no signature');
  assert.is(why(requestOf({}), { keys: [] }), 'not-authorised', 'no keys on the box');
});

test('retained, unreadable, too large, for another box', () => {
  const { take, why } = gateOf();
  assert.is(why(requestOf({}), { retained: true }), 'retained', 'a retained one');
  assert.is(why('{'), 'unreadable', 'no JSON');
  assert.is(why('{"order":"{}","key":"k","signature":"s"}'), 'unreadable', 'an order without an id');
  assert.is(why(requestOf({ id: 'a/b#c+d-e' })), 'unreadable', 'an id that would lead to another topic');
  assert.equal(take('x'.repeat(5000)), { type: 'refuse', id: null, reason: 'too-large' }, 'without an id');
  assert.is(why(requestOf({ box: 'box-2' })), 'other-box', 'signed for another one');
});

test('unknown, and arguments that are off', () => {
  const { why } = gateOf();
  assert.is(why(requestOf({ what: 'write' })), 'unknown', 'nothing else can be asked');
  const off: readonly (readonly [what: string, args: object])[] = [
    ['live', { minutes: 11 }],
    ['live', {}],
    ['self-test', { more: 1 }],
    ['resend', { boot: 'b.1', firstSeq: 2, lastSeq: 1 }],
    ['resend', { boot: 'b.1', firstSeq: 1, lastSeq: RESEND_LIMIT + 1 }],
    ['evidence', { event: 'a', capture: 'b', offset: 0, pieces: 1, pieceBytes: 1024 }],
    ['evidence', { offset: 0, pieces: 1, pieceBytes: 1024 }],
    ['evidence', { event: 'a', offset: -1, pieces: 1, pieceBytes: 1024 }],
    ['evidence', { event: 'a', offset: 0, pieces: 1, pieceBytes: 32_769 }],
  ];
  for (const [what, args] of off) assert.is(why(requestOf({ what, args })), 'unclear', JSON.stringify(args));
});

test('a key may be bound to some requests', () => {
  const { why } = gateOf();
  const bound = parseKeys(`${publicLine} live,doctor`).keys;
  assert.is(why(requestOf({}), { keys: bound }), 'not-allowed', 'self-test is none of them');
  assert.is(why(requestOf({ what: 'doctor' }), { keys: bound }), 'do', 'doctor is');
});

test('a repeat is refused as long as its time would let it through', () => {
  const { why } = gateOf();
  const request = requestOf({});
  assert.is(why(request), 'do', 'the first time');
  assert.is(why(request), 'repeated', 'the second');
  assert.is(why(request, { at: 1000 + LIFE_MS }), 'repeated', 'at the last moment');
  assert.is(why(request, { at: 2000 + LIFE_MS * 2 }), 'stale', 'forgotten, and too old');
});

test('a repeat after a restart of the box is refused: it was sent before', () => {
  const { take } = gateOf();
  const verdict = take(requestOf({ sentMs: WALL - 1 }));
  assert.is(verdict.type === 'refuse' && verdict.reason, 'stale', 'an earlier run may have done it');
});

test('stale by a trusted clock, and the nonce that helps once', () => {
  const { take, why } = gateOf();
  const at = LIFE_MS * 3;
  for (const sentMs of [WALL + at - LIFE_MS - 1, WALL + at + LIFE_MS + 1]) {
    const verdict = take(requestOf({ sentMs }), { at });
    assert.is(verdict.type === 'refuse' && verdict.reason, 'stale', 'too old, or of the future');
    const nonce = verdict.type === 'refuse' ? verdict.nonce : undefined;
    assert.ok(nonce, 'a nonce comes with it');
    assert.is(why(requestOf({ sentMs, nonce }), { at }), 'do', 'signed with the nonce');
    assert.is(why(requestOf({ sentMs, nonce }), { at }), 'stale', 'it is used up');
  }
  assert.is(why(requestOf({ nonce: 'made-up' }), { at }), 'stale', 'a nonce that was never given');
});

test('without a clock that was synchronised only a nonce is believed, and not for ever', () => {
  for (const trust of ['unset', 'rtc', 'stepped'] as const) {
    const { take, why } = gateOf(trust);
    const verdict = take(requestOf({}));
    assert.is(verdict.type === 'refuse' && verdict.reason, 'clock', trust);
    const nonce = verdict.type === 'refuse' ? verdict.nonce : undefined;
    assert.is(why(requestOf({ nonce }), { at: 1000 + LIFE_MS }), 'stale', `${trust}: the nonce is too old`);
    const again = take(requestOf({}), { at: 2000 + LIFE_MS });
    const fresh = again.type === 'refuse' ? again.nonce : undefined;
    assert.is(why(requestOf({ nonce: fresh }), { at: 3000 + LIFE_MS }), 'do', `${trust}: a fresh one`);
  }
});

test('a few at a time, and again when one is done', () => {
  const { why, finish } = gateOf();
  for (let n = 0; n < MOST_RUNNING; n++) assert.is(why(requestOf({})), 'do', `number ${n + 1}`);
  assert.is(why(requestOf({})), 'busy', 'one too many');
  finish();
  assert.is(why(requestOf({})), 'do', 'one was done');
});

test('a flood: first refused unread, then unanswered, and over with time', () => {
  const gate = gateOf();
  const said = Array.from({ length: BURST + 20 }, () => gate.why(requestOf({}, { name: 'nobody' })));
  const count = (verdict: string) => said.filter((one) => one === verdict).length;
  assert.is(count('not-authorised'), BURST - UNREAD_BELOW, 'judged');
  assert.is(count('busy'), UNREAD_BELOW, 'not even verified');
  assert.is(count('drop'), 20, 'not answered');
  assert.is(gate.now.unanswered, 20, 'and counted');
  assert.is(gate.why(requestOf({ sentMs: WALL + 60_000 }), { at: 60_000 }), 'do', 'a minute later');
});

test('what it remembers is bounded', () => {
  const gate = gateOf('unset');
  for (let n = 0; n < 500; n++) gate.take(requestOf({}), { at: 1000 + n * 1000 });
  assert.ok(gate.now.nonces.size <= 16, `${gate.now.nonces.size} nonces`);
  const trusted = gateOf();
  for (let n = 0; n < 500; n++) {
    trusted.take(requestOf({ sentMs: WALL + 1000 + n * 1000 }), { at: 1000 + n * 1000 });
    trusted.finish();
  }
  assert.ok(trusted.now.ids.size <= 2 * (LIFE_MS / 1000), `${trusted.now.ids.size} ids`);
});

test.run();
