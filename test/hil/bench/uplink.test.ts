/** What the bench of the uplink counts: each message with its acknowledgement; what goes together waits an hour. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOfRecords, bytesOfSession, type Way } from '../../../hil/bench/uplink-ways.ts';
import type { StoredRecord } from '../../../src/outbox/port.ts';
import { statusSession } from '../../../src/uplink/status.ts';

const HOUR_MS = 3_600_000;

function recordAt(atMs: number, lane: StoredRecord['lane']): StoredRecord {
  return { id: 1, lane, lift: 'a', boot: 'b.1', seq: 1, body: { atMs } };
}

/** Each message says how many records it has. */
function wayOf(batchRecords: number) {
  const groups: number[] = [];
  const way: Way = {
    ...{ name: 'x', batchRecords },
    dialect: {
      session: statusSession('abc', 'x', () => 'b.1'),
      batchRecords,
      encode(records) {
        groups.push(records.length);
        return [{ records, topic: 'abc', payload: 'xyz', fault: null }];
      },
    },
  };
  return { way, groups };
}

/** Fixed header 2, topic 2 and 3, packet id 2, no properties 1, payload 3; PUBACK 4. */
const MESSAGE_BYTES = 13 + 4;

test('a message costs its PUBLISH and its PUBACK', async () => {
  const { way } = wayOf(1);
  assert.is(await bytesOfRecords(way, [recordAt(0, 'telemetry')]), MESSAGE_BYTES, 'one');
  assert.is(
    await bytesOfRecords(
      way,
      [1, 2, 3].map((atMs) => recordAt(atMs, 'telemetry')),
    ),
    3 * MESSAGE_BYTES,
    'three',
  );
});

test('telemetry of an hour goes together as far as it may, alarms alone', async () => {
  const { way, groups } = wayOf(2);
  const times = [0, 1, 2, HOUR_MS, HOUR_MS + 1];
  await bytesOfRecords(way, [
    ...times.map((atMs) => recordAt(atMs, 'telemetry')),
    recordAt(3, 'alarm'),
    recordAt(4, 'alarm'),
  ]);
  assert.equal(groups, [2, 1, 2, 1, 1], 'two at most');
});

test('a session that lasts a day: its birth, and a ping each 30 s', () => {
  const { way } = wayOf(1);
  const session = { ...way.dialect.session, greet: () => [{ topic: 'abc', payload: 'xyz', retain: true }] };
  const born: Way = { ...way, dialect: { ...way.dialect, session } };
  assert.is(bytesOfSession(born), MESSAGE_BYTES + 2880 * 4, 'both ways');
});

test.run();
