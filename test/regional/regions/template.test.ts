/** The test to copy beside a new region: a sample of every record, every row of the catalogue, the state, the answers. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../../src/lift/events.ts';
import { template } from '../../../src/regional/template.ts';
import { records } from '../../uplink/samples.ts';
import { AT_LANDING, faultRecord, live, report, totalsRecord } from '../mapped.ts';

test('the numbers of its list', () => {
  const table = FAULTS.flatMap((fault) => {
    const post = report(template, faultRecord(fault));
    return post ? [`${fault} ${post.body.code}`] : [];
  });
  assert.is(table.length, 15, 'so many faults have a number there');
  assert.equal(table.slice(0, 2), ['alarm-button 90', 'unintended-car-movement 5'], 'the first of them');
  assert.is(
    report(template, faultRecord('entrapment'), { entrapment: '100' })?.body.code,
    '100',
    'or that of the site file',
  );
});

test('an alarm, statistics and the state, as they go over the wire', () => {
  assert.equal(
    report(template, faultRecord('alarm-button')),
    {
      path: '/alarms',
      body: {
        ...{ id: 'box-1-0badcafe.1-7', lift: '3110-1234', time: '2026-01-01 08:00:59' },
        ...{ phase: 'begin', code: '90', name: '报警按钮按下' },
      },
    },
    'an alarm',
  );
  assert.equal(
    report(template, totalsRecord)?.body,
    { lift: '3110-1234', time: '2026-01-01 08:00:59', trips: 1200, doorCycles: 1400, availability: 0.99 },
    'statistics',
  );
  assert.is(live(template, AT_LANDING).body.carPosition, '1', 'the state has the marking of the landing');
});

test('the samples of every type: what is sent, and what has no place', () => {
  const sent = records
    .filter((record) => record.lift !== null && report(template, record))
    .map(({ body }) => body.type);
  assert.equal(sent, ['totals'], 'entrapments and doubts have no number in this list');
});

test('an answer means what it says', () => {
  assert.is(template.verdict({ ok: true }).kind, 'taken', 'ok');
  assert.is(template.verdict({}).kind, 'later', 'no ok');
  assert.is(template.authorization('abc'), 'Bearer abc', 'the token as a bearer');
});

test.run();
