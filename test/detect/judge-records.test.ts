/** What the judge makes of rescues and of learned gaps, and whom it asks where a doubtful signal is told by another source. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Judge } from '../../src/detect/judge.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { facts } from '../facts.ts';
import { type Drawing, type DrawOptions, faults, judge, NO_MUTES, row } from './draw.ts';

const told = (type: LiftEvent['type'], drawing: Drawing, options: DrawOptions = {}) =>
  judge(drawing, options).filter((event) => event.type === type);

test('a rescue is told when the lift serves again, with what was seen of it while no fault began or ended', () => {
  const rescue = {
    ...{ doorZone: row('_', 90, '#', 60), moving: row('_', 130, '#', 20), mode: row('n', 80, 'i', 30, 'n', 40) },
    ...{ doorClosed: row('#', 95, '_', 25, '#', 30), passenger: row('#', 97, '_', 53) },
  };
  assert.equal(
    told('rescue', rescue),
    [
      {
        ...{ type: 'rescue', lift: 'a', id: 'a/entrapment@60000', atMs: 130_000, raisedMs: 60_000 },
        ...{ technicianAfterMs: 20_000, technicianBy: 'inspection', doorsOpenAfterMs: 35_000 },
        ...{ passengerOutAfterMs: 37_000, backInServiceAfterMs: 70_000 },
      },
    ],
    'raised at 60 s, back at 130 s',
  );
});

test('only an entrapment that is taken up is a rescue', () => {
  const one = new Judge(facts(), NO_MUTES);
  one.resume('door-held-open', { id: 'old', beganMs: 7 });
  assert.is(one.memory.rescue.rescue, null, 'a door that is held open');
  one.resume('entrapment', { id: 'older', beganMs: 5 });
  assert.is(one.memory.rescue.rescue?.id, 'older', 'somebody trapped');
});

test('a gap is learned from nine stops at each landing, from what is read last of each', () => {
  // A run of two steps, a stop of four: up, the landing changes and then the position; down, the other way round.
  const rides = {
    moving: '##____'.repeat(20),
    landing: '000111111100'.repeat(10),
    positionMm: '002256660000'.repeat(10),
  };
  const events = judge({ ...rides, atLevel: '#' }, { units: { positionMm: 500 } });
  const [gap, ...more] = events.filter(({ type }) => type !== 'trip');
  assert.equal(
    gap,
    {
      ...{ type: 'landing-gap', lift: 'a', atMs: 108_000, landing: 1, marking: '2' },
      ...{ learnedMm: 3000, configuredMm: 3000, samples: 9, by: 'position' },
    },
    'from 0 to 3000 mm, when the ninth run up begins',
  );
  assert.equal(more, [], 'once, and nothing beside it but trips');
});

test('what is shown of a doubtful signal in its place is looked at when it alone changes', () => {
  const drawn = {
    ...{ moving: '_', doorZone: '#', doorClosed: row('#', 200), passenger: '#' },
    ...{ machineRoomDoorOpen: row('_', 45, '#', 155) },
  };
  const options = { controller: { passenger: row('_', 60, '#', 140) }, inputs: { passenger: '#' } };
  assert.equal(
    faults(drawn, options),
    ['30.000 begin sensor-contradiction:passenger', '150.000 begin entrapment'],
    'the controller tells of somebody from 60 s on',
  );
});

test.run();
