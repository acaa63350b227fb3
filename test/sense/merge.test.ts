/** One signal from its two sides: the controller's and the inputs'. undefined: that side never tells it; null: not now. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import type { Reading, SignalName } from '../../src/lift/signals.ts';
import type { Decoded } from '../../src/sense/decode.ts';
import { FLOOR_UNSEEN, type Floor } from '../../src/sense/floor.ts';
import { atLevelOf, inputValues, merged, sameValues, type Told } from '../../src/sense/merge.ts';
import { CABIN_UNSEEN } from '../../src/sense/passenger.ts';
import type { Contact } from '../../src/sense/settle.ts';
import { facts } from '../facts.ts';

const contact = (level: boolean | null): Contact => ({ level, coming: null });
const sidesOf = (floor: Partial<Floor> = {}, contacts: { readonly [K in SignalName]?: Contact } = {}) => ({
  floor: { ...FLOOR_UNSEEN, ...floor },
  cabin: CABIN_UNSEEN,
  contacts,
});

type Side = Decoded | undefined;

/** `value source`, as the two sides make it. */
function told(signal: SignalName, controller: Side, input: Side, sides = sidesOf()): string {
  const answer: Told = { value: 'left over', source: 'none' } as never;
  const { value, source } = merged(signal, controller, input, sides, facts(), answer);
  return `${value} ${source}`;
}

test('contacts are the inputs, and the controller stands in where none is wired or none is known', () => {
  for (const signal of ['alarmButton', 'doorZone', 'brakeReleased', 'endLimit'] as const) {
    assert.is(told(signal, true, false), 'false input', `${signal}: both`);
    assert.is(told(signal, true, undefined), 'true controller', `${signal}: not wired`);
    assert.is(told(signal, true, null), 'true controller', `${signal}: its line is lost`);
    assert.is(told(signal, null, undefined), 'null none', `${signal}: nobody knows`);
    assert.is(told(signal, undefined, null), 'null none', `${signal}: nobody else tells`);
  }
});

test('travel and landing are the controller, and the level switches where it does not tell', () => {
  for (const [signal, said, counted] of [
    ['moving', true, false],
    ['direction', 'up', 'down'],
    ['speedMmPerS', 500, 400],
    ['landing', 3, 2],
  ] as const) {
    assert.is(told(signal, said, counted), `${said} controller`, `${signal}: both`);
    assert.is(told(signal, null, counted), `${counted} derived`, `${signal}: the controller is silent`);
    assert.is(told(signal, undefined, counted), `${counted} derived`, `${signal}: it never tells`);
    assert.is(told(signal, undefined, null), 'null none', `${signal}: no count is valid`);
    assert.is(told(signal, null, undefined), 'null none', `${signal}: no level switches`);
  }
  assert.is(told('landing', 9, 2), 'null none', 'a landing that is not there is no landing, whatever was counted');
});

test('a door is what both sides say, where both do', () => {
  for (const signal of ['doorClosed', 'doorOpen'] as const) {
    assert.is(told(signal, true, true), 'true input', `${signal}: agreed`);
    assert.is(told(signal, true, false), 'null none', `${signal}: they differ`);
    assert.is(told(signal, false, true), 'null none', `${signal}: the other way`);
    assert.is(told(signal, null, true), 'true input', `${signal}: one is silent`);
    assert.is(told(signal, true, null), 'true controller', `${signal}: the other one is`);
  }
});

test('a safety chain is open, and a passenger is there, where either side says so', () => {
  assert.is(told('safetyChainClosed', true, true), 'true input', 'closed on both');
  assert.is(told('safetyChainClosed', true, false), 'false input', 'open by the contact');
  assert.is(told('safetyChainClosed', false, true), 'false controller', 'open by the controller');
  assert.is(told('safetyChainClosed', false, undefined), 'false controller', 'no contact');
  assert.is(told('passenger', false, false), 'false input', 'nobody');
  assert.is(told('passenger', false, true), 'true input', 'seen by the PIR');
  assert.is(told('passenger', true, false), 'true controller', 'felt by the load cell');
  assert.is(told('passenger', true, undefined), 'true controller', 'no PIR');
});

test('the door zone is that of the level pair where nothing else tells it', () => {
  const zone = (switches: Floor['switches'], controller: Side, input: Side) =>
    told('doorZone', controller, input, sidesOf({ switches }));
  assert.is(zone('both', undefined, undefined), 'true derived', 'level');
  assert.is(zone('upper', undefined, undefined), 'true derived', 'one switch is on');
  assert.is(zone('none', undefined, undefined), 'false derived', 'between landings');
  assert.is(zone(null, undefined, undefined), 'null none', 'not known');
  assert.is(zone('none', true, undefined), 'true controller', 'the controller tells');
  assert.is(zone('none', null, undefined), 'null none', 'the controller would tell: it is silent');
  assert.is(zone('none', undefined, null), 'null none', 'a contact would tell: its line is lost');
});

test('whoever turned the inspection switch is at work', () => {
  const mode = (switched: Contact | undefined, controller: Side) =>
    told('mode', controller, undefined, sidesOf({}, switched ? { inspection: switched } : {}));
  assert.is(mode(contact(true), 'normal'), 'inspection input', 'whatever the controller says');
  assert.is(mode(contact(false), 'fire-recall'), 'fire-recall controller', 'not turned: the controller tells');
  assert.is(mode(contact(false), undefined), 'normal input', 'no controller tells a mode');
  assert.is(mode(contact(null), undefined), 'null input', 'not known yet');
  assert.is(mode(contact(null), 'normal'), 'normal controller', 'not known, and the controller tells');
  assert.is(mode(contact(false), null), 'null none', 'the controller would tell: it is silent');
  assert.is(mode(undefined, undefined), 'null none', 'nothing is wired');
});

test('the side of the inputs: contacts as they are, and travel by the level pair', () => {
  const contacts = { doorClosed: contact(true), passenger: contact(false), alarmButton: contact(null) };
  const known = { doorClosed: true, passenger: false, alarmButton: null };
  const travel = { moving: true, direction: 'up', landing: 2, speedMmPerS: 900 } as const;
  assert.equal(inputValues(sidesOf(travel, contacts)), known, 'a pair that is not known tells nothing');
  const seen = sidesOf({ ...travel, switches: 'none' }, contacts);
  assert.equal(inputValues(seen), { ...known, ...travel }, 'with a pair');
});

test('the PIR is believed of whoever was shut in, and the controller asked where it cannot be', () => {
  const shut = (cabin: object, controller: Side, input: Side, switches: Floor['switches'] = 'both') =>
    told('passenger', controller, input, {
      ...sidesOf({ switches }),
      cabin: { ...CABIN_UNSEEN, closedMs: 5, ...cabin },
    });
  assert.is(shut({ latched: true }, undefined, false), 'true input', 'shut in, and standing still');
  assert.is(shut({ latched: true }, undefined, null), 'null none', 'its line is lost');
  assert.is(shut({ latched: true }, false, null), 'false controller', 'its line is lost, and the controller tells');
  assert.is(
    shut({ latched: true, lost: true }, undefined, false),
    'null none',
    'nobody knows whether he is still there',
  );
  assert.is(shut({}, undefined, true), 'null none', 'it may be stuck');
  assert.is(shut({}, undefined, true, 'none'), 'true input', 'but not between landings');
  assert.is(shut({}, true, true), 'true controller', 'the controller knows');
  assert.is(shut({ latched: true }, undefined, undefined), 'null none', 'no sensor, no passenger');
});

test('level is both switches, or the door zone where there is no pair', () => {
  const zone = (value: boolean | null): Reading<boolean> => ({ value, sinceMs: monoMs(0), source: 'controller' });
  assert.is(atLevelOf(sidesOf({ switches: 'both' }), zone(false)), true, 'both');
  assert.is(atLevelOf(sidesOf({ switches: 'upper' }), zone(true)), false, 'one');
  assert.is(atLevelOf(sidesOf(), zone(true)), true, 'no pair: in the zone');
  assert.is(atLevelOf(sidesOf(), zone(null)), null, 'no pair, no zone');
});

test('two sides are the same where every signal is', () => {
  assert.is(sameValues({ doorClosed: true, landing: 2 }, { doorClosed: true, landing: 2 }), true, 'the same');
  assert.is(sameValues({ doorClosed: true }, { doorClosed: false }), false, 'one differs');
  assert.is(sameValues({}, { loadPercent: 5 }), false, 'one came');
});

test.run();
