/** The engine in virtual time: how long it shows, tries and waits, and what it does when something fails. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../../src/clock.ts';
import type { Board } from '../../src/interface/board.ts';
import { Requests } from '../../src/requests/engine.ts';
import type { RequestSources } from '../../src/requests/sources.ts';
import type { Publication, PublishOutcome } from '../../src/uplink/client.ts';
import { TOO_LARGE, unsaid } from '../../src/uplink/ears.ts';
import { requestTopic } from '../../src/uplink/topics.ts';
import { fakeBoard } from '../interface/fake-board.ts';
import { publicLine, requestOf } from './keys.ts';

interface Message {
  readonly [key: string]: unknown;
  readonly type: string;
}

/** A box whose line answers as `outcome` says; `sent` has what went. */
function rig(sources: Partial<RequestSources> = {}) {
  const clock = new VirtualClock();
  const remarks: string[] = [];
  const sent: Message[] = [];
  const line: { outcome: (publication: Publication) => PublishOutcome; tried: number } = {
    outcome: () => ({ ok: true }),
    tried: 0,
  };
  const fail = () => Promise.reject(new Error('not in this test'));
  const requests = new Requests({
    ...{ boxId: 'box-1', topicPrefix: 'p', bytesPerS: 1_000_000, clock, remark: (text) => void remarks.push(text) },
    sources: {
      ...{ keys: async () => publicLine, clockTrust: () => 'ntp', board: fakeBoard, facts: fail, records: fail },
      ...{ evidence: fail, configuration: () => ({}), journal: () => [], ...sources },
    },
    say: async (publication) => {
      line.tried++;
      const outcome = line.outcome(publication);
      if (outcome.ok) sent.push(JSON.parse(String(publication.payload)) as Message);
      return outcome;
    },
  });
  const ask = (what: string, args: object) => {
    const payload = requestOf({ sentMs: clock.wallMs(), what, args });
    requests.hear(requestTopic('p', 'box-1'), Buffer.from(payload), false);
  };
  const of = (type: string) => sent.filter((message) => message.type === type);
  return { clock, requests, line, sent, remarks, ask, of };
}

/** Each look at it is another. */
function restlessBoard(): () => Board {
  let landing = 0;
  return () => ({ ...fakeBoard(), lifts: fakeBoard().lifts.map((lift) => ({ ...lift, landing: landing++ })) });
}

test('live: at most twice a second, and it ends by itself', async () => {
  const { clock, ask, of } = rig({ board: restlessBoard() });
  ask('live', { minutes: 1 });
  await clock.advance(10_000);
  assert.ok(of('live').length <= 21 && of('live').length >= 19, `${of('live').length} views in ten seconds`);
  await clock.advance(60_000);
  assert.is(of('live').at(-1)?.leftMs, 0, 'the last says that it is');
  const count = of('live').length;
  await clock.advance(60_000);
  assert.is(of('live').length, count, 'nothing after it');
  ask('live', { minutes: 1 });
  await clock.advance(1000);
  assert.ok(of('live').length > count, 'another begins anew');
});

test('live: of a still lift all is shown every ten seconds, and no more', async () => {
  const { clock, ask, of } = rig();
  ask('live', { minutes: 1 });
  await clock.advance(35_000);
  assert.is(of('live').length, 4, 'at once, and at 10, 20 and 30 s');
});

test('live: a second one prolongs, and never shortens', async () => {
  const { clock, ask, of } = rig({ board: restlessBoard() });
  ask('live', { minutes: 3 });
  await clock.advance(5000);
  ask('live', { minutes: 1 });
  await clock.advance(5000);
  assert.ok(Number(of('live').at(-1)?.leftMs) > 165_000, 'three minutes stay three');
  assert.ok(of('live').length <= 21, 'one view, not two');
  ask('live', { minutes: 10 });
  await clock.advance(5000);
  assert.ok(Number(of('live').at(-1)?.leftMs) > 590_000, 'ten from now');
});

test('live: what finds the line busy is left out, and the change is shown once it is free', async () => {
  const { clock, ask, of, line } = rig();
  ask('live', { minutes: 1 });
  await clock.advance(1000);
  line.outcome = () => unsaid('busy');
  await clock.advance(9900);
  assert.is(of('live').length, 1, 'nothing went');
  line.outcome = () => ({ ok: true });
  await clock.advance(1000);
  assert.is(of('live').length, 2, 'one, not all that were left out');
});

test('an answer waits for the line, and is given up after half a minute', async () => {
  const { clock, ask, of, line } = rig({ facts: () => Promise.reject(new Error('no facts')) });
  line.outcome = () => unsaid('busy');
  ask('self-test', {});
  await clock.advance(20_000);
  line.outcome = () => ({ ok: true });
  await clock.advance(100);
  assert.is(of('response').length, 1, 'once there is a place');
  line.outcome = () => unsaid('busy');
  ask('self-test', {});
  await clock.advance(40_000);
  const { tried } = line;
  await clock.advance(60_000);
  assert.is(line.tried, tried, 'not tried any more');
});

test('what fails is answered as failed, and makes room for the next', async () => {
  const { clock, ask, of, remarks } = rig({ facts: () => Promise.reject(new Error('no facts')) });
  for (let n = 0; n < 6; n++) {
    ask('self-test', {});
    await clock.advance(3000);
  }
  assert.equal(
    of('response').map(({ reason, detail }) => `${reason}: ${detail}`),
    Array.from({ length: 6 }, () => 'failed: no facts'),
    'each, though only four may be under way',
  );
  assert.ok(remarks.includes('request: self-test: no facts'), 'and told to the journal');
});

test('an answer larger than the broker takes is told in a short one', async () => {
  const { clock, ask, of, line } = rig({
    evidence: async () => ({
      ...{ capture: 'a', bytes: 9000, sha256: 'x', close: async () => undefined },
      read: async (_offset, length) => new Uint8Array(length),
    }),
  });
  line.outcome = ({ payload }) =>
    String(payload).includes('data') ? { ok: false, reasonCode: TOO_LARGE, reason: 'large' } : { ok: true };
  ask('evidence', { capture: 'a', offset: 0, pieces: 3, pieceBytes: 1000 });
  await clock.advance(1000);
  assert.equal(
    of('response').map(({ reason, last }) => [reason, last]),
    [['broker-limit', true]],
    'and no further piece is tried',
  );
});

test('evidence: pieces are small on a slow line, and large on a quick one', async () => {
  const lengths = async (tookMs: number) => {
    const { clock, ask, of, line } = rig({
      evidence: async () => ({
        ...{ capture: 'a', bytes: 200_000, sha256: 'x', close: async () => undefined },
        read: async (_offset, length) => new Uint8Array(length),
      }),
    });
    let freeMs = 0;
    line.outcome = () => {
      if (clock.monoMs() < freeMs) return unsaid('busy');
      freeMs = clock.monoMs() + tookMs;
      return { ok: true };
    };
    ask('evidence', { capture: 'a', offset: 0, pieces: 6, pieceBytes: 16_384 });
    await clock.advance(20_000);
    return of('response').map(({ length }) => length);
  };
  assert.equal(await lengths(0), [4096, 8192, 16_384, 16_384, 16_384, 16_384], 'quick: up to what was asked for');
  assert.equal(await lengths(2000), [4096, 8192, 4096, 2048, 1024, 1024], 'slow: down to a kilobyte');
});

test('a keys’ file that cannot be read lets nobody in, and is told once', async () => {
  const { clock, ask, of, remarks } = rig({ keys: () => Promise.reject(new Error('ENOENT')) });
  ask('doctor', {});
  ask('doctor', {});
  await clock.advance(1000);
  assert.equal(
    of('response').map(({ reason }) => reason),
    ['not-authorised', 'not-authorised'],
    'both refused',
  );
  assert.is(remarks.filter((line) => /ENOENT/.test(line)).length, 1, 'told once');
});

test('more than it can hold at a time is not heard; a stop ends all', async () => {
  const { clock, ask, of, requests, line } = rig({ keys: () => Promise.reject(new Error('x')) });
  line.outcome = () => unsaid('busy');
  for (let n = 0; n < 100; n++) ask('doctor', {});
  line.outcome = () => ({ ok: true });
  await clock.advance(20_000);
  assert.is(of('response').length, 16, 'as many as may wait');
  requests.stop();
  ask('doctor', {});
  await clock.advance(1000);
  assert.is(of('response').length, 16, 'nothing after the stop');
});

test.run();
