import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LoadedSite, parseSite } from '../../src/config/load.ts';
import { quirksOf, slavesOf, wiringsOf } from '../../src/config/wiring.ts';
import { SITE } from './site.ts';

/** Two lines; a lift of the NICE3000 family and one of the generic map on the first, a lift of sensors alone. */
const THREE = `${SITE}  - id: west
    registrationNumber: '3010000002'
    rescueLabelNumber: '01235'
    address: 1 Nanjing Road
    ratedSpeedMmPerS: 1000
    landings:
      - { marking: '1', heightMm: 100 }
      - { marking: '2', heightMm: 3100 }
    controller: { profile: monarch-nice3000, bus: line, unit: 2, scanIntervalMs: 500, slowIntervalMs: 9000, staleAfterMs: 4000 }
  - id: goods
    registrationNumber: '3010000003'
    rescueLabelNumber: '01236'
    address: 1 Nanjing Road
    ratedSpeedMmPerS: 500
    landings:
      - { marking: '1', heightMm: 0 }
      - { marking: '2', heightMm: 4000 }
    inputs:
      levelUpper: { chip: pinctrl-bcm2711, offset: 17 }
      levelLower: { chip: pinctrl-bcm2711, offset: 27, settleMs: 0 }
      doorClosed: { chip: pinctrl-bcm2711, offset: 22 }
      baseLanding: { chip: pinctrl-bcm2711, offset: 23 }
`.replace('buses:\n', 'buses:\n  - { id: other, type: tcp, host: 127.0.0.1, responseTimeoutMs: 700 }\n');

function loadedOf(text: string): LoadedSite {
  const result = parseSite(text, '/nowhere/site.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.loaded;
}

const loaded = loadedOf(THREE);
const [east, west, goods] = wiringsOf(loaded);
const bus = (id: string) => {
  const found = loaded.site.buses.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};

test('the facts of a lift count from its lowest landing', () => {
  assert.equal(east?.facts.landingHeightsMm, [0, 4200, 8700], 'heights');
  assert.is(east?.facts.baseLanding, 1, 'the base landing by its marking');
  assert.equal(west?.facts.landingHeightsMm, [0, 3000], 'of the second');
  assert.is(west?.facts.baseLanding, 0, 'the lowest where none is named');
});

test('two turns missed and a time-out make a signal stale, unless the site says otherwise', () => {
  assert.equal(east?.controller?.staleAfterMs, { fast: 2 * 200 + 300, slow: 2 * 5000 + 300 }, 'worked out');
  assert.equal(west?.controller?.staleAfterMs, { fast: 4000, slow: 2 * 9000 + 300 }, 'the site’s own');
});

test('controller and inputs, as far as the lift has them', () => {
  assert.is(east?.controller?.bus, 'line', 'its line');
  assert.is(east?.controller?.unit, 1, 'its unit');
  assert.ok((east?.controller?.fields.length ?? 0) > 10, 'the fields of its profile');
  assert.equal(east?.inputs, {}, 'no inputs');
  assert.is(goods?.controller, null, 'no controller');
  assert.equal(Object.keys(goods?.inputs ?? {}), ['levelUpper', 'levelLower', 'baseLanding', 'doorClosed'], 'inputs');
  assert.is(goods?.inputs.levelLower?.settleMs, 0, 'its own settling, also none at all');
  assert.is(goods?.inputs.levelUpper?.settleMs, undefined, 'that of the signal');
});

test('a line has the slaves of its lifts, each with the reads of its profile and its own pace', () => {
  const slaves = slavesOf(loaded, bus('line'));
  assert.equal(
    slaves.map(({ lift, unit, intervalMs }) => ({ lift, unit, intervalMs })),
    [
      { lift: 'east', unit: 1, intervalMs: { fast: 200, slow: 5000 } },
      { lift: 'west', unit: 2, intervalMs: { fast: 500, slow: 9000 } },
    ],
    'in the order of the site file',
  );
  assert.ok(
    slaves.every(({ reads }) => reads.length > 0),
    'something to read',
  );
  for (const { reads, lift } of slaves) {
    const most = loaded.profiles.get(lift === 'east' ? 'generic' : 'monarch-nice3000')?.quirks.maxRegisters ?? 0;
    assert.ok(
      reads.every(({ count }) => count <= most),
      `${lift}: no read longer than its profile allows`,
    );
  }
  assert.equal(slavesOf(loaded, bus('other')), [], 'the other line has none');
});

test('what is read covers every field of the profile', () => {
  for (const slave of slavesOf(loaded, bus('line'))) {
    const wiring = slave.lift === 'east' ? east : west;
    for (const { table, address, size, signal, group } of wiring?.controller?.fields ?? []) {
      const covered = slave.reads.some(
        (read) =>
          read.table === table &&
          read.address <= address &&
          address + size <= read.address + read.count &&
          (read.group === group || read.group === 'fast'),
      );
      assert.ok(covered, `${slave.lift}: ${signal}`);
    }
  }
});

test('the quirks of a unit are those of its profile on this line, and the standard for all others', () => {
  const quirks = quirksOf(loaded, 'line');
  const nice = loaded.profiles.get('monarch-nice3000')?.quirks;
  assert.ok(nice && (nice.byteCount !== 8 || nice.gapMs > 0), 'the family has quirks to tell');
  assert.is(quirks.byteCountBitsOf(2), nice?.byteCount, 'byte count of unit 2');
  assert.is(quirks.gapMsOf(2), nice?.gapMs, 'gap of unit 2');
  assert.is(quirks.byteCountBitsOf(1), 8, 'unit 1 has none');
  assert.is(quirks.byteCountBitsOf(99), 8, 'a unit that is not there');
  assert.is(quirks.gapMsOf(99), 0, 'no gap');
  assert.is(quirksOf(loaded, 'other').byteCountBitsOf(2), 8, 'the same unit on another line');
});

test.run();
