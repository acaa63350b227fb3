import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FAULTS } from '../../../src/lift/events.ts';
import { platform } from '../../../src/regional/regions/platform.ts';
import { records } from '../../uplink/samples.ts';
import { AT_LANDING, clock, faultRecord, live, modeRecord, ON_THE_RUN, report, totalsRecord } from '../mapped.ts';

type Fault = { readonly [key: string]: unknown };

const faultOf = (post: ReturnType<typeof report>) => (post?.body.faults as Fault[] | undefined)?.[0];

test('the numbers in which the implementations agree, and none beyond', () => {
  const table = FAULTS.flatMap((fault) => {
    const what = faultOf(report(platform, faultRecord(fault)));
    if (!what) return [];
    assert.is(what[String(what.sourceFaultTypeSlug)], 1, `${fault}: its flag is set`);
    return [`${fault} ${what.sourceFaultTypeCode} ${what.sourceFaultTypeSlug}`];
  });
  assert.equal(
    table,
    [
      'entrapment 8 entrap2',
      'unintended-car-movement 5 ucmp',
      'overtravel-top 1 upLimit',
      'overtravel-bottom 2 downLimit',
      'moving-with-door-open 5 ucmp',
      'door-open-while-running 4 openRun',
      'overspeed 3 overSpeed',
      'safety-chain-open 10 safety',
      'stopped-outside-door-zone 6 levelStop',
      'power-supply-fault 9 pwrSupply',
      'door-open-failure 11 notOpen',
      'door-close-failure 12 notClose',
      'call-button-stuck 14 buttonAdhesion',
    ],
    'number and flag of each',
  );
});

test('an entrapment is 7 at a landing and 8 off level', () => {
  const at = faultOf(report(platform, faultRecord('entrapment', { snapshot: AT_LANDING })));
  assert.equal([at?.sourceFaultTypeCode, at?.entrap, at?.entrap2], ['7', 1, 0], 'at a landing');
  const off = faultOf(report(platform, faultRecord('entrapment', { snapshot: ON_THE_RUN })));
  assert.equal([off?.sourceFaultTypeCode, off?.entrap, off?.entrap2], ['8', 0, 1], 'off level');
  const unknown = faultOf(report(platform, faultRecord('entrapment')));
  assert.is(unknown?.sourceFaultTypeCode, '8', 'where nobody can say, the worse of the two');
});

test('the state of a lift', () => {
  assert.equal(
    live(platform, AT_LANDING).body.running,
    {
      ...{ elevatorCode: '3110-1234', deviceRegisterNumber: '3110-1234', elevatorType: 1 },
      ...{ currentTime: '2026-01-01 08:01:00', collectTime: '2026-01-01 08:01:00', serviceMode: 1, carDirection: 0 },
      ...{ carStatus: true, doorStatus: 4, doorCloseStatus: false, doorZone: true, carPosition: '1' },
      ...{ passengerStatus: true, carOverload: false, speed: 0, machineRoomDoorStatus: true, liftCarDriveStatus: 0 },
    },
    'at a landing, door open',
  );
  const running = live(platform, {}).body.running as Fault;
  assert.equal(
    [running.serviceMode, running.carStatus, running.speed, running.carPosition],
    [7, undefined, undefined, undefined],
    'what nobody can say is left out',
  );
});

test('statistics in the units of the family', () => {
  const { body } = report(platform, totalsRecord) ?? { body: {} };
  const { totalRunMileage, doorOpenCount, totalRunningTime, totalRunCount, ropeBendCount } = body as Fault;
  assert.equal(
    [totalRunMileage, doorOpenCount, totalRunningTime, totalRunCount, ropeBendCount],
    [15_401, 1400, 90, 1200, 4800],
    'metres, minutes',
  );
});

test('the samples of every type: faults and totals are sent, the rest has no place', () => {
  const sent = records
    .filter((record) => record.lift !== null && report(platform, record))
    .map(({ body }) => body.type);
  assert.equal(sent, ['fault', 'fault', 'totals'], 'in their order');
  assert.is(report(platform, modeRecord()), null, 'a mode has no number here');
});

test('a token for key and secret, renewed before it ends', () => {
  if (platform.access.kind !== 'login') throw new Error('it logs in');
  const { request, tokenOf } = platform.access;
  const asked = request({ username: 'key', password: 'secret' });
  assert.equal(asked, { path: '/api/govern/oauth/token', body: { appKey: 'key', appSecret: 'secret' } }, 'asked for');
  const data = { accessToken: 'abc', expiresTime: 7200 };
  assert.equal(tokenOf({ success: true, data }, clock.wallMs()), { token: 'abc', lifeMs: 7_020_000 }, '3 min early');
  for (const body of [{ success: false, data }, { success: true }, { success: true, data: {} }, undefined])
    assert.is(tokenOf(body, clock.wallMs()), null, `no token in ${JSON.stringify(body)}`);
  assert.is(platform.authorization('abc'), 'Bearer abc', 'as a bearer');
});

test('an answer under HTTP 200 says itself what it means', () => {
  assert.is(platform.verdict({ success: true, data: '1' }).kind, 'taken', 'success');
  const refused = platform.verdict({ success: false, errCode: 'BIZ_ERROR', errMessage: 'no such lift' });
  assert.equal(refused, { kind: 'refused', reason: 'BIZ_ERROR no such lift' }, 'with its words');
  assert.is(platform.verdict({ success: false, errCode: 'SYS_ERROR' }).kind, 'later', 'its own trouble');
  assert.is(platform.verdict({ success: false, errCode: '401' }).kind, 'login', 'the token is over');
  for (const body of [undefined, {}, [], 'ok', { success: 'true' }])
    assert.is(platform.verdict(body).kind, 'later', `no answer of the platform: ${JSON.stringify(body)}`);
});

test.run();
