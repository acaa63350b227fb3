import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { knownOf, sourcesOf } from '../../src/config/sources.ts';
import { coverageOf } from '../../src/detect/coverage.ts';
import type { Need } from '../../src/detect/detector.ts';
import { DETECTORS } from '../../src/detect/detectors.ts';
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
  assert.equal(coverageOf(new Set()).length, DETECTORS.length, 'every detector has its row');
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
