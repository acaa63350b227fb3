/** What only the controller can say, and how the car is driven. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { facts } from '../facts.ts';
import { faults, row } from './draw.ts';

const rest = { moving: '_', doorClosed: '#', doorZone: '#' };
const codes = {
  '1': { fault: 'drive-fault', en: 'a', zh: 'a' },
  '2': { fault: 'drive-temperature', en: 'b', zh: 'b' },
  '3': { fault: 'load-fault', en: 'c', zh: 'c' },
  '4': { fault: 'brake-fault', en: 'd', zh: 'd' },
  '5': { fault: 'power-supply-fault', en: 'e', zh: 'e' },
  '6': { fault: 'controller-fault', en: 'f', zh: 'f' },
  '7': { fault: null, en: 'g', zh: 'g' },
} as const;
const lift = facts({ faultCodes: codes });

test("the controller's own number: at once, until it goes; a number that is not listed is a controller-fault", () => {
  const said = (code: number) => faults({ ...rest, faultCode: row(0, 2, code, 3, 0, 2) }, { lift });
  for (const code of [1, 2, 3, 5, 6] as const) {
    const { fault } = codes[code];
    assert.equal(said(code), [`2.000 begin ${fault}`, `5.000 end ${fault}`], `number ${code}`);
  }
  assert.equal(said(4), ['2.000 begin brake-fault', '5.000 end brake-fault'], 'at once, whatever the contact says');
  const runs = faults({ ...rest, moving: row('_', 3, '#', 3, '_', 3), faultCode: row(0, 2, 4, 5, 0, 2) }, { lift });
  assert.equal(runs, ['2.000 begin brake-fault', '7.000 end brake-fault'], 'and whether it runs or not');
  assert.equal(said(9), ['2.000 begin controller-fault', '5.000 end controller-fault'], 'not listed');
  assert.equal(said(7), [], 'listed as judged otherwise');
});

test("the controller's own number, gap: what stands again stood; nothing ends in the dark", () => {
  const drawn = { ...rest, faultCode: row(1, 2, '?', 5, 1, 2, '?', 3, 0, 2) };
  assert.equal(faults(drawn, { lift }), ['0.000 begin drive-fault', '12.000 end drive-fault'], 'one fault');
});

test('power-supply-fault: mains absent for 1 s, until they are back', () => {
  const drawn = { ...rest, mainsPresent: row('#', 20, '_', 110, '#', 20) };
  assert.equal(
    faults(drawn, { stepMs: 100 }),
    ['3.000 begin power-supply-fault', '13.000 end power-supply-fault'],
    '1 s after 2 s',
  );
  assert.equal(
    faults({ ...rest, mainsPresent: row('#', 20, '_', 11, '#', 20) }, { stepMs: 100 }),
    ['3.000 begin power-supply-fault', '3.100 end power-supply-fault'],
    'a second to the millisecond',
  );
  assert.equal(faults({ ...rest, mainsPresent: row('#', 20, '_', 10, '#', 20) }, { stepMs: 100 }), [], 'back in time');
});

test('power-supply-fault: mains and number must both be well for its end', () => {
  const drawn = { ...rest, mainsPresent: row('_', 5, '#', 10), faultCode: row(0, 3, 5, 7, 0, 5) };
  assert.equal(
    faults(drawn, { lift }),
    ['1.000 begin power-supply-fault', '10.000 end power-supply-fault'],
    'the number stands until 10 s',
  );
});

test('power-supply-fault, gap: held', () => {
  const drawn = { ...rest, mainsPresent: row('#', 2, '_', 3, '?', 5, '_', 2, '#', 2) };
  assert.equal(faults(drawn), ['3.000 begin power-supply-fault', '12.000 end power-supply-fault'], 'one cut');
  const early = { ...rest, mainsPresent: row('#', 20, '_', 5, '?', 20, '_', 5) };
  assert.equal(faults(early, { stepMs: 100 }), ['4.500 begin power-supply-fault'], 'found absent again at 4.5 s');
});

test('brake-fault: the contact contradicts the movement for 3 s, either way', () => {
  const stands = { ...rest, brakeReleased: row('_', 2, '#', 6, '_', 2) };
  assert.equal(faults(stands), ['5.000 begin brake-fault', '8.000 end brake-fault'], 'released at rest');
  const runs = { ...rest, moving: '#', doorZone: '_', brakeReleased: row('#', 2, '_', 6, '#', 2) };
  assert.equal(faults(runs), ['5.000 begin brake-fault', '8.000 end brake-fault'], 'closed on the run');
});

test('brake-fault, quiet: it agrees, or differs for less; gap: restarted', () => {
  const ride = row('_', 5, '#', 9, '_', 5);
  assert.equal(faults({ ...rest, moving: ride, doorZone: '#', brakeReleased: ride }), [], 'a ride');
  assert.equal(faults({ ...rest, brakeReleased: row('_', 2, '#', 2, '_', 2) }), [], '2 s');
  assert.equal(faults({ ...rest, brakeReleased: row('#', 2, '?', 2, '#', 2, '_', 1) }), [], '2 s on either side');
});

test('restart-prevented: a call waits for 60 s, the door is closed; until it runs', () => {
  const drawn = { ...rest, callWaiting: row('_', 2, '#', 70), moving: row('_', 70, '#', 2) };
  assert.equal(faults(drawn), ['62.000 begin restart-prevented', '70.000 end restart-prevented'], 'from the call on');
});

test('restart-prevented, quiet: an open door, no call, 59 s; gap: held', () => {
  assert.equal(faults({ ...rest, callWaiting: '#', doorClosed: row('_', 100) }), [], 'people get in');
  assert.equal(faults({ ...rest, callWaiting: '_', moving: row('_', 100) }), [], 'nobody calls');
  assert.equal(faults({ ...rest, callWaiting: row('#', 59, '_', 5) }), [], 'answered in time');
  assert.equal(
    faults({ ...rest, callWaiting: row('#', 20, '?', 50, '#', 9) }),
    ['75.000 begin restart-prevented'],
    'found waiting, and for 5 s after the long gap',
  );
  assert.equal(faults({ ...rest, callWaiting: row('#', 20, '?', 50, '#', 4, '_', 9) }), [], 'about to start');
  assert.equal(
    faults({ ...rest, callWaiting: row('#', 50, '?', 15, '#', 5) }),
    ['65.000 begin restart-prevented'],
    'at once after a short one',
  );
});

test('restart-prevented does not begin under what says more', () => {
  const open = { ...rest, callWaiting: '#', safetyChainClosed: row('_', 90), mode: 'n' };
  assert.equal(faults(open), ['0.000 begin safety-chain-open'], 'the chain says why');
});

test('call-button-stuck: five returns within 2 s each; until no call stands for a minute', () => {
  const returns = (count: number) => row('#', 1) + row('_', 1, '#', 1).repeat(count);
  const drawn = { ...rest, callHere: `${returns(5)}${row('_', 70)}` };
  assert.equal(
    faults(drawn),
    ['10.000 begin call-button-stuck', '71.000 end call-button-stuck'],
    'the fifth return at 10 s, quiet from 11 s',
  );
  assert.equal(faults({ ...rest, callHere: `${returns(4)}${row('_', 9)}` }), [], 'four');
  const first = { ...rest, callHere: `_${returns(4)}${row('_', 9)}` };
  assert.equal(faults(first), [], 'the first call returns to nothing, however soon it comes');
  const slow = { ...rest, callHere: row('#', 1) + row('_', 2, '#', 1).repeat(5) };
  assert.equal(faults(slow), ['15.000 begin call-button-stuck'], 'the very two seconds');
});

test('call-button-stuck: a call amid the minute begins it anew, and so does a gap', () => {
  const stuck = row('#', 1) + row('_', 1, '#', 1).repeat(5);
  const drawn = { ...rest, callHere: `${stuck}${row('_', 30, '#', 1, '_', 70)}` };
  assert.equal(faults(drawn).at(-1), '102.000 end call-button-stuck', 'quiet from 42 s on');
  const gap = { ...rest, callHere: `${stuck}${row('_', 30, '?', 1, '_', 70)}` };
  assert.equal(faults(gap).at(-1), '102.000 end call-button-stuck', 'nobody knows what was at 41 s');
});

test('call-button-stuck, quiet: slower than a stuck button, or a run between; gap: the count begins anew', () => {
  assert.equal(faults({ ...rest, callHere: row('#', 1, '_', 3).repeat(8) }), [], 'a hand');
  const runs = { callHere: row('#', 1, '_', 1).repeat(8), moving: row('_', 7, '#', 1, '_', 8) };
  assert.equal(faults({ ...rest, ...runs }), [], 'it left between');
  const gap = { callHere: `${row('#', 1, '_', 1).repeat(4)}?${row('#', 1, '_', 1).repeat(4)}` };
  assert.equal(faults({ ...rest, ...gap }), [], 'four and three');
  const dark = { callHere: row('#', 1, '_', 1).repeat(8), moving: row('_', 8, '?', 1, '_', 7) };
  assert.equal(faults({ ...rest, ...dark }), [], 'it may have left between');
});

test('call-button-stuck ends when the car leaves without a call', () => {
  const drawn = { ...rest, callHere: `${row('#', 1, '_', 1).repeat(6)}__`, moving: row('_', 12, '#', 2) };
  assert.equal(faults(drawn).at(-1), '12.000 end call-button-stuck', 'it went');
});

test('unintended-car-movement: out of the zone with an open door and nothing that started it; until a normal run', () => {
  const drawn = {
    moving: row('_', 8, '#', 2),
    doorZone: row('#', 3, '_', 7),
    doorClosed: row('#', 1, '_', 5, '#', 4),
    atLevel: row('#', 2, '_', 8),
  };
  assert.equal(
    faults(drawn),
    ['3.020 begin unintended-car-movement', '8.000 end unintended-car-movement'],
    '20 ms after it left',
  );
});

test('unintended-car-movement, quiet: started, closed, or never in the zone; gap: what was armed is dropped', () => {
  const left = { doorZone: row('#', 3, '_', 4), doorClosed: row('_', 7), moving: row('_', 7) };
  assert.equal(faults({ ...left, moving: row('_', 2, '#', 5) }), [], 'it was started');
  assert.equal(faults({ ...left, doorClosed: '#' }), [], 'closed');
  assert.equal(faults({ ...left, doorZone: row('_', 7) }), [], 'opened between landings');
  assert.equal(faults({ ...left, doorZone: row('#', 3, '?', 1, '_', 4) }), [], 'it may have been started');
  assert.equal(faults({ ...left, moving: row('_', 2, '?', 1, '_', 4) }), [], 'nobody knows whether it was');
  assert.equal(faults(left, { derived: ['moving'] }), [], 'level switches cannot tell what started it');
  assert.equal(faults({ ...left, doorZone: '###_#_###' }, { stepMs: 10 }), [], '10 ms, twice');
});

test('unintended-car-movement is not ended by moving on with the door open', () => {
  const drawn = { doorZone: row('#', 3, '_', 9), doorClosed: row('_', 8, '#', 4), moving: row('_', 5, '#', 7) };
  assert.equal(
    faults(drawn).filter((line) => line.endsWith('unintended-car-movement')),
    ['3.020 begin unintended-car-movement', '8.000 end unintended-car-movement'],
    'closed at 8 s',
  );
});

test('overspeed: over 120 % for 0.3 s, until normal for 2 s', () => {
  // A digit is 1 m/s here: of a lift rated at 2.5 m/s, 4 is too fast and 3 is its limit.
  const fast = facts({ ratedSpeedMmPerS: 2.5 });
  const drawn = { ...rest, moving: '#', doorZone: '_', speedMmPerS: row(2, 5, 4, 10, 3, 40) };
  assert.equal(
    faults(drawn, { lift: fast, stepMs: 100 }),
    ['0.800 begin overspeed', '3.500 end overspeed'],
    'from 0.5 s, normal from 1.5 s',
  );
  assert.equal(faults({ ...drawn, speedMmPerS: row(3, 50) }, { lift: fast, stepMs: 100 }), [], 'the limit itself');
  const spike = { ...drawn, speedMmPerS: row(2, 5, 9, 2, 2, 5) };
  assert.equal(faults(spike, { lift: fast, stepMs: 100 }), [], 'a word or two');
  const gap = { ...drawn, speedMmPerS: row(4, 2, '?', 2, 4, 2, 2, 3) };
  assert.equal(faults(gap, { lift: fast, stepMs: 100 }), [], 'gap: restarted');
});

test('sudden-stop: a running car stops out of the zone with the chain open; until in a zone', () => {
  const drawn = {
    ...rest,
    mode: 'i',
    moving: row('#', 3, '_', 9),
    doorZone: row('_', 8, '#', 4),
    safetyChainClosed: row('#', 3, '_', 9),
  };
  const mutes = { 'safety-chain-open': ['inspection'] } as const;
  assert.equal(faults(drawn, { mutes }), ['3.000 begin sudden-stop', '8.000 end sudden-stop'], 'by the chain');
  assert.equal(faults({ ...drawn, doorZone: '#' }, { mutes }), [], 'in the zone');
  assert.equal(faults({ ...drawn, safetyChainClosed: '#' }, { mutes }), [], 'the chain is closed');
});

test('restart-prevented does not begin under a door that does not open', () => {
  const arrives = { moving: row('#', 10, '_', 80), doorClosed: '#', doorZone: '#', passenger: '#', callWaiting: '#' };
  assert.equal(faults(arrives), ['20.000 begin door-open-failure'], 'nor after its own 60 s, at 70 s');
});

test('safety-chain-open: where no mode is read the lift is in service', () => {
  const rests = { ...rest, safetyChainClosed: row('#', 3, '_', 5) };
  assert.equal(faults(rests), ['3.000 begin safety-chain-open'], 'no mode is told');
  assert.equal(faults({ ...rests, mode: 's' }), [], 'the controller is out of service');
});

test('run-time-limit, gap: a landing that is not known any more is another', () => {
  const runs = { moving: '#', doorClosed: '#', doorZone: '_' };
  assert.equal(faults({ ...runs, landing: row(1, 40) }), ['22.000 begin run-time-limit'], 'known all along');
  assert.equal(faults({ ...runs, landing: row(1, 10, '?', 30) }), ['32.000 begin run-time-limit'], 'from 10 s on');
});

test.run();
