/** The faults of the box itself, drawn in time: a character a second. `#` true, `_` false, `?` cannot be told, `x` not wired. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BOX_FAULTS,
  BOX_START,
  type BoxFacts,
  type BoxFaultEvent,
  type BoxLimits,
  type BoxMemory,
  resumeBox,
  stepBox,
} from '../../src/box/faults.ts';
import { type ClockTrust, monoMs } from '../../src/clock.ts';
import { row } from '../detect/draw.ts';

const LIMITS: BoxLimits = {
  powerLostLimitMs: 3000,
  batteryLowLimitMs: 3000,
  uplinkLostLimitMs: 30_000,
  clockUntrustedLimitMs: 60_000,
  temperatureLowC: 5,
  temperatureHighC: 40,
  temperatureLimitMs: 3000,
  holdOffMs: 2000,
};

interface Drawing {
  readonly power?: string;
  readonly battery?: string;
  readonly online?: string;
  /** `u`nset, `r`tc, `n`tp, `s`tepped; synchronised where left out */
  readonly clock?: string;
  /** `c`old 4, `w`arm 20, at the `l`imit 39.5, `h`ot 41 °C, `?` not known; no thermometer where left out */
  readonly room?: string;
}

const FACTS: { readonly [letter: string]: boolean | null } = { '#': true, _: false, '?': null };
const DEGREES: { readonly [letter: string]: number | null } = { c: 4, w: 20, l: 39.5, h: 41, '?': null };
const TRUSTS: { readonly [letter: string]: ClockTrust } = { u: 'unset', r: 'rtc', n: 'ntp', s: 'stepped' };

/** A row shorter than the longest keeps its last character; one that is left out is not wired. */
function factsAt(
  { power = 'x', battery = 'x', online = 'x', clock = 'n', room = 'x' }: Drawing,
  step: number,
): BoxFacts {
  const letter = (drawn: string) => drawn[Math.min(step, drawn.length - 1)] ?? '?';
  return {
    powerPresent: FACTS[letter(power)],
    batteryOk: FACTS[letter(battery)],
    online: FACTS[letter(online)],
    clockTrust: TRUSTS[letter(clock)] ?? 'unset',
    celsius: DEGREES[letter(room)],
  };
}

function fold(drawing: Drawing, begin: BoxMemory = BOX_START): BoxFaultEvent[] {
  const steps = Math.max(...Object.values(drawing).map((drawn) => drawn.length));
  const events: BoxFaultEvent[] = [];
  let memory = begin;
  for (let step = 0; step < steps; step++) {
    const [next, told] = stepBox(memory, factsAt(drawing, step), LIMITS, monoMs(step * 1000));
    memory = next;
    events.push(...told);
  }
  return events;
}

const lines = (drawing: Drawing, begin?: BoxMemory) =>
  fold(drawing, begin).map(({ atMs, phase, fault }) => `${atMs / 1000} ${phase} ${fault}`);

test('a box in order says nothing, nor one of which nothing is wired', () => {
  assert.equal(lines({ power: '#', battery: '#', online: '#', clock: row('n', 300) }), [], 'all is well');
  assert.equal(lines({ clock: row('n', 300) }), [], 'no inputs and no uplink');
});

test('box-power-lost: after its limit, until it is back; begin and end carry one id', () => {
  const events = fold({ power: row('#', 5, '_', 10, '#', 3) });
  assert.equal(
    events,
    [
      {
        ...{ type: 'box-fault', phase: 'begin', fault: 'box-power-lost' },
        ...{ id: 'box/box-power-lost@8000', atMs: 8000, beganMs: 8000 },
      },
      {
        ...{ type: 'box-fault', phase: 'end', fault: 'box-power-lost' },
        ...{ id: 'box/box-power-lost@8000', atMs: 15_000, beganMs: 8000 },
      },
    ],
    'one episode',
  );
  assert.equal(lines({ power: row('#', 5, '_', 3, '#', 9) }), [], 'quiet: 2 s of 3 s');
});

test('box-battery-low: the same, by its own input', () => {
  assert.equal(
    lines({ power: '#', battery: row('#', 5, '_', 10, '#', 3) }),
    ['8 begin box-battery-low', '15 end box-battery-low'],
    'after 3 s',
  );
});

test('gap: an input that cannot be read fires no limit and ends nothing; lost again after it, it was lost all the while', () => {
  assert.equal(lines({ power: row('#', 2, '?', 20) }), [], 'never seen to be lost');
  assert.equal(lines({ power: row('_', 2, '?', 20, '_', 1) }), ['22 begin box-power-lost'], 'the gap counts');
  assert.equal(
    lines({ power: row('_', 5, '?', 20, '#', 1) }),
    ['3 begin box-power-lost', '25 end box-power-lost'],
    'stands through the gap',
  );
});

test('a supply that flickers is told again no sooner than the hold-off and its limit', () => {
  assert.equal(
    lines({ power: row('_', 5, '#', 1, '_', 9) }),
    ['3 begin box-power-lost', '5 end box-power-lost', '10 begin box-power-lost'],
    'ended at 5 s, held off until 7 s, lost for 3 s',
  );
});

test('uplink-lost: no session for its limit, also from the start; a session ends it, one between begins it anew', () => {
  assert.equal(
    lines({ online: row('_', 40, '#', 2) }),
    ['30 begin uplink-lost', '40 end uplink-lost'],
    'a box that never reached its broker',
  );
  assert.equal(lines({ online: row('#', 2, '_', 29, '#', 1, '_', 29) }), [], 'quiet: twice just under it');
});

test('clock-untrusted: never set or from a chip for its limit, until synchronised', () => {
  assert.equal(
    lines({ clock: row('u', 40, 'r', 40, 'n', 2) }),
    ['60 begin clock-untrusted', '80 end clock-untrusted'],
    'set by hand is not synchronised',
  );
  assert.equal(lines({ clock: row('u', 59, 'n', 9) }), [], 'quiet: synchronised in time');
});

test('clock-untrusted: a step is one after 10 s, unless the synchronisation that made it is seen before', () => {
  assert.equal(
    lines({ clock: row('n', 5, 's', 20, 'n', 2) }),
    ['15 begin clock-untrusted', '25 end clock-untrusted'],
    'stepped by somebody',
  );
  assert.equal(lines({ clock: row('r', 50, 's', 1, 'n', 90) }), [], 'set right at its first synchronisation');
});

test('a fault that was open when the box stopped ends under its id, or stands on in silence', () => {
  const episode = { id: 'box/uplink-lost@77', beganMs: 77 };
  const resumed = resumeBox(BOX_START, 'uplink-lost', episode);
  assert.equal(lines({ online: row('_', 90) }, resumed), [], 'no second begin');
  const [end, ...more] = fold({ online: row('_', 5, '#', 2) }, resumed);
  assert.equal([end?.phase, end?.id, end?.beganMs, end?.atMs], ['end', episode.id, 77, 5000], 'its end');
  assert.is(more.length, 0, 'and nothing else');
});

test('what the site file no longer has keeps no fault open', () => {
  const resumed = resumeBox(BOX_START, 'box-power-lost', { id: 'box/box-power-lost@77', beganMs: 77 });
  assert.equal(lines({ online: '##' }, resumed), ['0 end box-power-lost'], 'the input is gone');
});

test('a name that nobody knows is not taken up', () => {
  for (const fault of ['rope-worn', 'toString']) {
    assert.is(resumeBox(BOX_START, fault, { id: 'x', beganMs: 0 }), BOX_START, fault);
  }
  assert.equal(Object.keys(BOX_START), [...BOX_FAULTS], 'the memory has a row for each');
});

test('machine-room-temperature: outside of its limits for its time, until a degree inside', () => {
  assert.equal(
    lines({ room: 'wwhhhhhlllwwwccccc' }),
    ['5 begin machine-room-temperature', '10 end machine-room-temperature', '16 begin machine-room-temperature'],
    'too hot, until it is well within; too cold',
  );
  assert.equal(lines({ room: 'wwhhwwhh' }), [], 'a short while is none');
  assert.equal(lines({ room: 'wwh??????' }), [], 'while nobody knows, none begins');
  assert.equal(lines({ room: 'wwhhhhh???' }), ['5 begin machine-room-temperature'], 'and none ends');
});

test.run();
