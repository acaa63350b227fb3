import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../../src/lift/events.ts';
import { shanghai } from '../../../src/regional/regions/shanghai.ts';
import { records } from '../../uplink/samples.ts';
import { AT_LANDING, clock, faultRecord, live, modeRecord, ON_THE_RUN, report, told, totalsRecord } from '../mapped.ts';

test('an entrapment goes at once with what the rescuer needs, in the words of the platform', () => {
  const post = report(shanghai, faultRecord('entrapment', { snapshot: ON_THE_RUN }));
  assert.is(post?.path, '/platform/api/v1/iotAlarms', 'the path of alarms');
  const { statusDetails, ...body } = post?.body ?? {};
  assert.equal(
    body,
    {
      alarmId: 'hw-box-1-0badcafe.1-7',
      alarmChannel: 'S04',
      registerNumber: '3110-1234',
      occurTime: '2026-01-01 08:00:59',
      failureCode: '09',
      eventDesc: '困人；救援标识码 12345；1 Example Road, entrance 2',
      statusCollectTime: '2026-01-01 08:00:59',
    },
    'number, name, place and China time',
  );
  const details = (statusDetails as { paramCode: string; paramValue: string }[]).map((each) => [
    each.paramCode,
    each.paramValue,
  ]);
  assert.equal(
    details,
    [
      ['speed', '1.74'],
      ['Passenger_Status', 'False'],
      ['Door_Close_Status', 'True'],
      ['Door_Status', '2'],
      ['Car_Status', '1'],
      ['Car_Position', '2'],
      ['Car_Direction', '2'],
      ['Package_Time', '2026-01-01 08:00:59'],
    ],
    'the state at the raising, as texts',
  );
});

test('of the catalogue only the entrapment has a public number; the site file gives the others', () => {
  const numbered = FAULTS.filter((fault) => report(shanghai, faultRecord(fault)) !== null);
  assert.equal(numbered, ['entrapment'], 'no number is made up');
  const given = report(shanghai, faultRecord('overspeed'), { overspeed: '03' });
  assert.is(given?.body.failureCode, '03', 'the number that the platform gave');
  assert.is(report(shanghai, faultRecord('entrapment'), { entrapment: '11' })?.body.failureCode, '11', 'it goes first');
});

test('what the platform has no place for is not sent', () => {
  const end = faultRecord('entrapment', { phase: 'end' });
  assert.is(report(shanghai, end), null, 'an end');
  assert.is(report(shanghai, modeRecord()), null, 'a change of mode');
  const types = records
    .filter((record) => record.lift !== null && report(shanghai, record))
    .map(({ body }) => body.type);
  assert.equal(types, ['fault', 'totals'], 'of the samples of every type: the begin of an entrapment, and the totals');
});

test('a time of an unset clock is marked', () => {
  const post = shanghai.report({ ...told(faultRecord('entrapment')), clockSet: false });
  assert.match(String(post?.body.eventDesc), /；时钟未校准$/, 'in the description');
});

test('the state of a lift, in numbers', () => {
  assert.equal(
    live(shanghai, AT_LANDING),
    {
      path: '/iot/api/v1/iotRealData',
      body: {
        registerNumber: '3110-1234',
        ...{ Service_Mode: 1, Car_Status: 0, Car_Direction: 0, Door_Zone: true, Car_Position: '1' },
        ...{ Passenger_Status: true, Door_Close_Status: false, Door_Status: 4, Car_Overload: false },
        ...{ Lift_Car_Drive_Status: 0, Machine_Room_Door_Status: true, samplingTime: '2026-01-01 08:01:00' },
      },
    },
    'at a landing, door open',
  );
  const { body } = live(shanghai, ON_THE_RUN);
  const { Car_Status, Car_Direction, Door_Status, Lift_Car_Drive_Status } = body;
  assert.equal([Car_Status, Car_Direction, Door_Status, Lift_Car_Drive_Status], [1, 2, 2, 1], 'down, closed, lifted');
});

test('what nobody can say is left out, and the mode is unknown', () => {
  const { body } = live(shanghai, {});
  const known = { registerNumber: '3110-1234', Service_Mode: 7, Door_Status: 0, samplingTime: '2026-01-01 08:01:00' };
  assert.equal(body, known, 'an empty snapshot');
  assert.is(live(shanghai, { doorClosed: false }).body.Door_Status, 6, 'not closed, and open nobody says');
  const modes = (['stopped', 'inspection', 'fire-recall', 'firefighter', 'emergency-power', 'earthquake'] as const).map(
    (mode) => live(shanghai, { mode }).body.Service_Mode,
  );
  assert.equal(modes, [0, 2, 3, 4, 5, 6], 'the modes in the numbers of the family');
});

test('statistics in the units of the platform', () => {
  assert.equal(
    report(shanghai, totalsRecord),
    {
      path: '/iot/api/v1/iotStatisticsData',
      body: {
        registerNumber: '3110-1234',
        ...{ Door_Open_Count: 1400, Total_Running_Time: 1, Present_Counter_Value: 1200, Rope_Bend_Count: 4800 },
        ...{ Lift_Mileage: 15_401, samplingTime: '2026-01-01 08:00:59' },
      },
    },
    'whole hours, metres',
  );
});

test('a token for name and password, until the time that the platform says', () => {
  if (shanghai.access.kind !== 'login') throw new Error('it logs in');
  const { request, tokenOf } = shanghai.access;
  const asked = request({ username: 'box', password: 'secret' });
  assert.equal(asked, { path: '/iot/api/v1/login', body: { username: 'box', password: 'secret' } }, 'asked for');
  const now = clock.wallMs();
  const result = { username: 'box', token: 'abc', expirationTime: now + 7_200_000 };
  assert.equal(tokenOf({ status: 200, result }, now), { token: 'abc', lifeMs: 7_200_000 }, 'two hours');
  assert.equal(
    tokenOf({ status: 200, result: { token: 'abc' } }, now),
    { token: 'abc', lifeMs: null },
    'no word of an end',
  );
  for (const body of [{ status: 400, result }, { status: 200 }, { status: 200, result: { token: '' } }, undefined, []])
    assert.is(tokenOf(body, now), null, `no token in ${JSON.stringify(body)}`);
  assert.is(shanghai.authorization('abc'), 'abc', 'the bare token');
});

test('an answer under HTTP 200 says itself what it means', () => {
  const kind = (body: unknown) => shanghai.verdict(body).kind;
  assert.is(kind({ status: 200, message: 'ok' }), 'taken', '200');
  assert.is(kind({ status: 401 }), 'login', 'the token is over');
  assert.is(kind({ status: 400, message: 'registerNumber unknown' }), 'refused', 'no repeating will change it');
  assert.is(kind({ status: 429 }), 'later', 'too many');
  assert.is(kind({ status: 500 }), 'later', 'its own trouble');
  for (const body of [undefined, 'ok', [], {}, { status: '200' }, null])
    assert.is(kind(body), 'later', `no answer of the platform: ${JSON.stringify(body)}`);
});

test.run();
