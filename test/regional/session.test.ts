/** What becomes of a record by what the platform answers: taken, refused, later, not at all. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REFUSALS, REST_MS } from '../../src/regional/session.ts';
import { status, TAKEN, TOKEN } from './fake-platform.ts';
import { alarm, entrapment, owed, PASSWORD, rig, totals, trip } from './rig.ts';

test('the first request waits a little, and is for a token', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(499);
  assert.is(platform.requests.length, 0, 'a city of boxes has just got its power back: not all at once');
  assert.is(regional.state.state, 'waiting', 'and says so');
  await clock.advance(1);
  const [login] = platform.requests;
  const [first] = platform.of('alarm');
  assert.equal(
    login?.body,
    { appKey: 'box', appSecret: PASSWORD },
    'name and password of the file, without its line end',
  );
  assert.is(login?.authorization, null, 'without a token');
  assert.is(first?.authorization, 'Bearer token-1', 'with the token');
  assert.is(regional.state.state, 'online', 'the platform takes what is sent');
  await stop(regional);
});

test('what is taken is forgotten, and what has no place there too; each alarm alone and in order', async () => {
  const { clock, platform, outbox, acknowledged, start, stop } = rig();
  const stored = await outbox.append([alarm(), trip(), alarm('overspeed'), entrapment(), alarm(), totals()]);
  const regional = start();
  await clock.advance(2000);
  const ids = stored.map(({ id }) => id);
  assert.is(await owed(outbox), 0, 'nothing is owed');
  assert.is(platform.of('alarm').length, 3, 'overspeed has no number in Chongqing');
  assert.match(String(platform.of('alarm')[0]?.path), /fault-entrap-info/, 'the entrapment goes first');
  const inOrder = [...acknowledged].sort((one, other) => one - other);
  assert.equal(
    inOrder,
    [0, 3, 4, 5].map((n) => ids[n]),
    'told of those that the platform has',
  );
  assert.equal(
    acknowledged.filter((id) => id !== ids[5]),
    [3, 0, 4].map((n) => ids[n]),
    'alarms in the order of their kinds',
  );
  assert.is(regional.state.sent, 4, 'and so many');
  await stop(regional);
});

test('an alarm goes at once while statistics wait for an answer', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const regional = start();
  await clock.advance(2000);
  platform.reply = ({ kind }) => (kind === 'telemetry' ? null : TAKEN);
  await outbox.append([totals()]);
  await clock.advance(0);
  assert.is(platform.waiting[0]?.kind, 'telemetry', 'statistics are on their way');
  await outbox.append([alarm()]);
  await clock.advance(0);
  assert.is(platform.of('alarm').length, 1, 'the alarm did not wait for them');
  await stop(regional);
});

test('nothing is forgotten before its answer', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : null);
  const regional = start();
  await outbox.append([alarm(), alarm()]);
  await clock.advance(5000);
  assert.is(platform.of('alarm').length, 1, 'one at a time');
  assert.is(await owed(outbox), 2, 'both are kept');
  platform.of('alarm')[0]?.answer({ answer: TAKEN });
  await clock.advance(100);
  assert.is(await owed(outbox), 1, 'the first is forgotten with its answer');
  assert.is(platform.of('alarm').length, 2, 'and the second goes');
  await stop(regional);
});

test('a record that is refused for good is set aside with the reason, and the next goes', async () => {
  const { clock, platform, outbox, remarks, start, stop } = rig();
  let first = true;
  platform.reply = ({ kind }) => {
    if (kind !== 'alarm' || !first) return kind === 'login' ? TOKEN : TAKEN;
    first = false;
    return status(422, null, { message: 'registerNumber unknown' });
  };
  const [one] = await outbox.append([alarm(), alarm()]);
  const regional = start();
  await clock.advance(1000);
  assert.equal(
    outbox.poisoned.map(({ record, reason }) => [record.id, reason]),
    [[one?.id, 'regional: HTTP 422 registerNumber unknown']],
    'with the words of the platform',
  );
  assert.is(platform.of('alarm').length, 2, 'the next goes');
  assert.is(await owed(outbox), 0, 'nothing waits');
  assert.ok(
    remarks.some((line) => line.includes('refuses a record: HTTP 422')),
    'the journal is told',
  );
  await stop(regional);
});

test('an error under HTTP 200 is judged by the region', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const body = { success: false, errCode: 'BIZ_ERROR', errMessage: 'no such lift' };
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'alarm' ? status(200, null, body) : TAKEN);
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(1000);
  assert.is(outbox.poisoned[0]?.reason, 'regional: BIZ_ERROR no such lift', 'refused for good');
  await stop(regional);
});

for (const [what, code, body] of [
  ['its own trouble', 503, undefined],
  ['an address that is wrong', 404, { message: 'not found' }],
  ['a page of somebody else under 200', 200, undefined],
  ['a refusal of this box', 403, undefined],
] as const)
  test(`${what} (${code}): kept, and sent again after a wait that grows`, async () => {
    const { clock, platform, outbox, remarks, start, stop } = rig();
    const times: number[] = [];
    platform.reply = ({ kind }) => {
      if (kind === 'login') return TOKEN;
      if (kind === 'alarm') times.push(clock.monoMs());
      return status(code, null, body);
    };
    await outbox.append([alarm()]);
    const regional = start();
    await clock.advance(12_000);
    assert.equal(
      times.slice(1).map((time, n) => time - (times[n] ?? 0)),
      [2000, 3000, 5000],
      'a second, and half of 2, 4 and 8 s',
    );
    assert.is(await owed(outbox), 1, 'it is kept');
    assert.is(regional.state.state, 'waiting', 'the page says so');
    assert.is(remarks.length, 1, 'the journal is told once');
    platform.reply = () => TAKEN;
    await clock.advance(20_000);
    assert.is(await owed(outbox), 0, 'and it arrives when the trouble is over');
    assert.is(regional.state.state, 'online', 'which the page says too');
    await stop(regional);
  });

test('Retry-After is kept to, by what it is about: statistics that are too many hold up no alarm', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'telemetry' ? status(429, 120_000) : TAKEN);
  await outbox.append([totals()]);
  const regional = start();
  await clock.advance(1000);
  await outbox.append([alarm()]);
  await clock.advance(100_000);
  assert.is(platform.of('telemetry').length, 1, 'no second one for two minutes');
  assert.is(platform.of('alarm').length, 1, 'the alarm went');
  assert.is(regional.state.state, 'online', 'statistics that wait are no loss of the platform');
  await clock.advance(25_000);
  assert.is(platform.of('telemetry').length, 2, 'then again');
  await stop(regional);
});

test('too many of alarms holds up what is less urgent', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : kind === 'alarm' ? status(429, 60_000) : TAKEN);
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(600);
  const before = platform.requests.length;
  await outbox.append([totals()]);
  await clock.advance(50_000);
  assert.is(platform.requests.length, before, 'silence for a minute');
  await stop(regional);
});

test('no answer in time: the request is given up, and the same record goes again', async () => {
  const { clock, platform, outbox, start, stop } = rig({ settings: { requestTimeoutMs: 4000 } });
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : null);
  const [one] = await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(500 + 3999);
  assert.is(platform.aborted, 0, 'patient for four seconds');
  await clock.advance(1);
  assert.ok(platform.aborted >= 1, 'then given up');
  assert.match(regional.state.why.en, /did not answer in time/, 'it says why');
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : TAKEN);
  await clock.advance(1100);
  assert.is(platform.of('alarm').length, 2, 'again after half of 2 s');
  assert.is(await owed(outbox), 0, `record ${one?.id} is taken`);
  await stop(regional);
});

test('an answer that comes after it was given up is not heard', async () => {
  const { clock, platform, outbox, start, stop } = rig({ settings: { requestTimeoutMs: 4000 } });
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : null);
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(4500);
  const [late] = platform.of('alarm');
  late?.answer({ answer: TAKEN });
  await clock.advance(100);
  assert.is(await owed(outbox), 1, 'it is not taken for the word on the next request');
  await stop(regional);
});

test('a record that the platform answers again and again without taking it stands back, with its lift alone', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  const ofLift = (path: string) => (path.endsWith('3110-1234') ? 'a' : 'b');
  platform.reply = ({ kind, path }) => {
    if (kind === 'login') return TOKEN;
    return kind === 'alarm' && ofLift(path) === 'a' ? status(500) : TAKEN;
  };
  await outbox.append([
    alarm('safety-chain-open', 'a'),
    alarm('safety-chain-open', 'a'),
    alarm('safety-chain-open', 'b'),
  ]);
  const regional = start();
  await clock.advance(40_000);
  const lifts = platform.of('alarm').map(({ path }) => ofLift(path));
  assert.equal(lifts, [...Array(REFUSALS).fill('a'), 'b'], 'five times, then the other lift');
  assert.is(await owed(outbox), 2, 'its records are kept');
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : TAKEN);
  await clock.advance(REST_MS);
  assert.is(await owed(outbox), 0, 'and go after a minute');
  const bodies = platform
    .of('alarm')
    .slice(-2)
    .map(({ body }) => (body.faults as { faultNo: string }[])[0]?.faultNo ?? '');
  assert.ok(Number(bodies[0]?.split('@')[1]) < Number(bodies[1]?.split('@')[1]), 'in their order');
  await stop(regional);
});

test('when the rest of a lift ends, what is on its way for another is not read again', async () => {
  const { clock, platform, outbox, start, stop } = rig({ settings: { requestTimeoutMs: 300_000 } });
  const ofA = (path: string) => path.endsWith('3110-1234');
  platform.reply = ({ kind, path }) => {
    if (kind === 'login') return TOKEN;
    if (kind !== 'alarm') return TAKEN;
    return ofA(path) ? status(500) : null;
  };
  await outbox.append([alarm('safety-chain-open', 'a'), alarm('safety-chain-open', 'b')]);
  const regional = start();
  await clock.advance(60_000);
  assert.is(platform.of('alarm').length, REFUSALS + 1, 'the alarm of the other lift is on its way');
  await clock.advance(REST_MS);
  platform.reply = ({ kind }) => (kind === 'login' ? TOKEN : TAKEN);
  for (const request of platform.waiting.filter(({ kind }) => kind === 'alarm')) request.answer({ answer: TAKEN });
  await clock.advance(1000);
  assert.is(platform.of('alarm').filter(({ path }) => !ofA(path)).length, 1, 'and was sent once');
  assert.is(await owed(outbox), 0, 'nothing is owed');
  await stop(regional);
});

test('an unreachable platform: one request per attempt, backing off, and the journal is not flooded', async () => {
  const { clock, platform, outbox, remarks, start, stop } = rig({ random: 0.999 });
  const times: number[] = [];
  platform.reply = () => {
    times.push(clock.monoMs());
    return { failure: { kind: 'unreachable', detail: 'ECONNREFUSED' } };
  };
  await outbox.append([alarm(), totals()]);
  const regional = start();
  await clock.advance(300_000);
  const waits = times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 1000));
  assert.equal(waits.slice(0, 7), [2, 4, 8, 16, 32, 60, 60], 'doubling, up to retryMaxMs');
  assert.is(remarks.length, 1, 'one line for one trouble');
  assert.match(regional.state.why.en, /cannot be reached: ECONNREFUSED/, 'the page says why');
  await stop(regional);
});

test('an outbox that cannot be read, or does not forget, is asked again', async () => {
  const { clock, platform, outbox, start, stop } = rig();
  outbox.unreadable = true;
  await outbox.append([alarm()]);
  const regional = start();
  await clock.advance(3000);
  assert.is(platform.of('alarm').length, 0, 'nothing to send');
  outbox.unreadable = false;
  await clock.advance(5000);
  assert.is(platform.of('alarm').length, 1, 'read after five seconds');
  outbox.failing = 'the disk is full';
  await outbox.read('alarm', 0, 1, 'regional');
  platform.reply = () => TAKEN;
  await clock.advance(5000);
  outbox.failing = null;
  await clock.advance(6000);
  assert.is(await owed(outbox), 0, 'and it forgets');
  assert.is(platform.of('alarm').length, 1, 'nothing was sent twice');
  await stop(regional);
});

test.run();
