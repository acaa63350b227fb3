/** Records as Sparkplug messages, for the comparison: fair, that is, whole, and as small as the specification allows. */

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sparkplugBirths, sparkplugPublications } from '../../../hil/bench/sparkplug.ts';
import type { StoredRecord } from '../../../src/outbox/port.ts';
import { encodeRecord } from '../../../src/uplink/payload.ts';
import { Host } from '../../uplink/sparkplug/host.ts';
import { records, trip } from '../../uplink/sparkplug/records.ts';

test('a message a record, live, readable after the births, without anything that may be left out', () => {
  const all = [...records, trip(101), trip(102, 102, 'b')];
  const host = new Host();
  const messages = sparkplugPublications(all);
  for (const { topic, payload } of [...sparkplugBirths(all), ...messages]) host.hear(topic, Buffer.from(payload));
  assert.is(messages.length, all.length, 'one each');
  assert.equal(host.complaints, [], 'names and datatypes are in the births alone');
  assert.is(host.records.length + host.repeats.length, all.length, 'all are read');
  assert.equal(
    host.records.filter(({ historical }) => historical),
    [],
    'no flag that costs bytes',
  );
});

test('the sizes that the README tells', () => {
  const readme = readFileSync(new URL('../../../src/uplink/sparkplug/README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| ([^|]+?)(?: \(([\d,]+) as JSON\))? +\| +([\d,]+) +\|$/gm)];
  const told = new Map(rows.map(([, what, json, bytes]) => [what, [numberOf(bytes), numberOf(json)]] as const));
  const [nbirth, dbirth] = sparkplugBirths([trip(1)]).map(({ payload }) => payload.length);
  const eight = [...'abcdefgh'].map((lift, n) => trip(n + 1, n + 1, lift));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const sizesOf = (record: StoredRecord | undefined) => {
    if (!record) throw new Error('no such record');
    return [sparkplugPublications([record])[0]?.payload.length, encodeRecord('box-1', record).length];
  };
  const sizes = {
    NBIRTH: [nbirth],
    'DBIRTH, each lift': [dbirth],
    'the births of a box with eight lifts': [sum(sparkplugBirths(eight).map(({ payload }) => payload.length))],
    'a trip': sizesOf(trip(1)),
    'a door cycle': sizesOf(records.find(({ body }) => body.type === 'door-cycle')),
    'a fault with its snapshot': sizesOf(records.find(({ body }) => body.type === 'fault')),
  };
  assert.equal([...told.keys()], Object.keys(sizes), 'the same rows');
  for (const [what, real] of Object.entries(sizes))
    for (const [n, bytes = 0] of real.entries()) {
      const said = told.get(what)?.[n] ?? 0;
      assert.ok(Math.abs(said - bytes) <= bytes / 20, `${what}: ${said} is told, ${bytes} are sent`);
    }
});

function numberOf(text: string | undefined): number {
  return Number(text?.replace(/,/g, ''));
}

test.run();
