import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { knownOf, sourcesOf } from '../../src/config/sources.ts';
import { coverageOf } from '../../src/detect/coverage.ts';
import type { Need } from '../../src/detect/detector.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
import { keyOf } from '../../src/detect/judge.ts';
import { loaded } from '../simulated.ts';

const missing = (fault: string, ...known: Need[]) =>
  coverageOf(new Set(known)).find((row) => row.fault === fault)?.missing;

test('a fault can be told where one of its ways is whole; else what is missing is told, the shortest way first', () => {
  assert.equal(missing('entrapment', 'alarmButton'), [], 'one way is enough');
  assert.equal(
    missing('entrapment', 'passenger'),
    [['alarmButton'], ['doorClosed', 'moving']],
    'what each way still lacks',
  );
  assert.equal(
    coverageOf(new Set())[1],
    { fault: 'alarm-button', missing: [['alarmButton']] },
    'and nothing else in it',
  );
  assert.equal(coverageOf(new Set()).length, DETECTORS.length, 'every detector has its row');
});

const WAYS: readonly (readonly [fault: string, ...ways: string[]])[] = [
  ['entrapment', 'alarmButton', 'passenger doorClosed moving'],
  ['alarm-button', 'alarmButton'],
  ['unintended-car-movement', 'controller:moving doorZone doorClosed'],
  ['overtravel-top', 'positionMm', 'endLimit direction', 'landing levelUpper levelLower direction'],
  ['overtravel-bottom', 'positionMm', 'endLimit direction', 'landing levelUpper levelLower direction'],
  ['moving-with-door-open', 'moving doorZone doorClosed'],
  ['door-open-while-running', 'moving doorZone doorClosed'],
  ['overspeed', 'speedMmPerS'],
  ['safety-chain-open', 'safetyChainClosed'],
  ['sudden-stop', 'controller:speedMmPerS doorZone', 'safetyChainClosed moving doorZone'],
  ['brake-fault', 'faultCode', 'brakeReleased moving'],
  ['stopped-outside-door-zone', 'moving doorZone'],
  ['run-time-limit', 'controller:moving landing'],
  ['restart-prevented', 'callWaiting moving doorClosed'],
  ['power-supply-fault', 'mainsPresent', 'faultCode'],
  ['drive-fault', 'faultCode'],
  ['drive-temperature', 'faultCode'],
  ['controller-fault', 'faultCode'],
  ['load-fault', 'faultCode'],
  [
    'door-open-failure',
    'moving doorZone doorClosed passenger',
    'moving doorZone doorClosed emptyCarParksClosed: false',
  ],
  ['door-close-failure', 'doorClosed'],
  ['door-held-open', 'doorClosed'],
  ['call-button-stuck', 'callHere moving'],
  [
    'position-lost',
    'controller:landing controller:positionMm',
    'input:levelUpper input:levelLower input:baseLanding',
    'controller:landing input:levelUpper input:levelLower input:baseLanding',
  ],
  [
    'sensor-contradiction:door',
    'controller:doorClosed input:doorClosed',
    'controller:doorOpen input:doorOpen',
    'doorClosed doorOpen',
    'input:doorClosed moving',
  ],
  [
    'sensor-contradiction:level',
    'input:levelUpper input:levelLower',
    'input:levelUpper input:levelLower controller:doorZone',
    'input:levelUpper input:levelLower controller:positionMm controller:landing',
  ],
  [
    'sensor-contradiction:level-wires',
    'input:levelUpper input:levelLower input:baseLanding landings: uneven about the base',
  ],
  ['sensor-contradiction:base', 'input:baseLanding input:levelUpper input:levelLower'],
  ['sensor-contradiction:passenger', 'controller:passenger input:passenger', 'input:passenger moving'],
  ['controller-silent', 'controller:any'],
];

test('all that a fault can be told by, in the order of the catalogue', () => {
  assert.equal(
    coverageOf(new Set()).map((row) => [keyOf(row), ...row.missing.map((way) => way.join(' '))]),
    WAYS,
    'a lift that knows nothing lacks it all',
  );
});

test('one side alone is not the other', () => {
  assert.equal(missing('controller-silent', 'moving'), [['controller:any']], 'a lift without controller');
  assert.equal(
    missing('unintended-car-movement', 'moving', 'doorZone', 'doorClosed'),
    [['controller:moving']],
    'level switches cannot say that nothing started it',
  );
});

test('what a lift can know: its fields, its inputs, and what follows from them', () => {
  const [lift] = loaded.site.lifts;
  if (!lift) throw new Error('the simulated site has a lift');
  const line = { chip: 'x', offset: 0 } as never;
  const only = (...names: string[]) => {
    const bare = { ...lift, controller: undefined, inputs: Object.fromEntries(names.map((name) => [name, line])) };
    return knownOf(bare as never, sourcesOf(bare as never, undefined));
  };
  const pair = only('levelUpper', 'levelLower');
  assert.ok(pair.has('moving') && pair.has('doorZone'), 'the pair tells whether it moves, and where it may open');
  assert.not.ok(pair.has('landing') || pair.has('speedMmPerS'), 'without the base switch no count is valid');
  assert.ok(only('levelUpper', 'levelLower', 'baseLanding').has('landing'), 'with it, it is');
  assert.ok(only('inspection').has('mode'), 'the switch tells inspection');
  const busy = knownOf({ ...lift, emptyCarParksClosed: false }, sourcesOf(lift, undefined));
  assert.ok(busy.has('emptyCarParksClosed: false'), 'a setting counts where a detector asks for it');
});

test.run();
