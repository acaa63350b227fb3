import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { BOX_FAULTS } from '../../src/box/faults.ts';
import { loadCatalogue, mutesOf, parseCatalogue } from '../../src/detect/catalogue.ts';
import { GatewayError } from '../../src/errors.ts';
import { FAULTS } from '../../src/lift/events.ts';
import { packageRoot } from '../../src/package.ts';

const yaml = readFileSync(join(packageRoot, 'seeds', 'faults.yaml'), 'utf8');
const HAN = /\p{Script=Han}/u;

test('the catalogue, FAULTS and BOX_FAULTS name the same faults, in the same order', () => {
  assert.equal(Object.keys(parse(yaml)), [...FAULTS, ...BOX_FAULTS], 'rows of seeds/faults.yaml');
});

test('every text is there in both languages', () => {
  const catalogue = loadCatalogue();
  for (const fault of [...FAULTS, ...BOX_FAULTS]) {
    const { title, next } = catalogue[fault];
    for (const [what, { en, zh }] of Object.entries({ title, next })) {
      assert.match(zh, HAN, `${fault}.${what}.zh has Chinese characters`);
      assert.not.match(en, HAN, `${fault}.${what}.en has none`);
    }
  }
});

test('codes are those of the table, and null where it has a dash', () => {
  const catalogue = loadCatalogue();
  const codes = [...FAULTS, ...BOX_FAULTS].map((fault) => [
    fault,
    catalogue[fault].codes.gb,
    catalogue[fault].codes.bacnet,
  ]);
  assert.equal(
    codes,
    [
      ['entrapment', null, null],
      ['alarm-button', 90, null],
      ['unintended-car-movement', 5, null],
      ['overtravel-top', null, 3],
      ['overtravel-bottom', null, 3],
      ['moving-with-door-open', null, 5],
      ['door-open-while-running', null, 5],
      ['overspeed', null, 2],
      ['safety-chain-open', 1, 5],
      ['sudden-stop', null, null],
      ['brake-fault', 8, 1],
      ['stopped-outside-door-zone', 4, 8],
      ['run-time-limit', 6, 13],
      ['restart-prevented', 8, 10],
      ['power-supply-fault', 8, 4],
      ['drive-fault', 8, 1],
      ['drive-temperature', 8, 15],
      ['controller-fault', 8, 0],
      ['load-fault', 8, 16],
      ['door-open-failure', 3, 7],
      ['door-close-failure', 2, 6],
      ['door-held-open', null, null],
      ['call-button-stuck', null, 9],
      ['position-lost', 7, 14],
      ['sensor-contradiction', null, null],
      ['controller-silent', null, 12],
      ['box-power-lost', null, 12],
      ['box-battery-low', null, 12],
      ['uplink-lost', null, 12],
      ['clock-untrusted', null, 12],
    ],
    'GB and BACnet codes',
  );
});

test('normal service mutes nothing, inspection all but alarms, power and silence, fire modes what stands open by design', () => {
  const mutes = mutesOf(loadCatalogue());
  const mutedIn = (mode: (typeof mutes)['entrapment'][number]) => FAULTS.filter((fault) => mutes[fault].includes(mode));
  assert.equal(mutedIn('normal'), [], 'normal');
  assert.equal(mutedIn('unknown'), [], 'unknown');
  assert.equal(
    mutedIn('inspection'),
    FAULTS.filter((fault) => !['alarm-button', 'power-supply-fault', 'controller-silent'].includes(fault)),
    'inspection',
  );
  assert.equal(mutedIn('fire-recall'), ['door-held-open', 'call-button-stuck'], 'fire recall');
  assert.equal(mutedIn('firefighter'), ['door-held-open', 'call-button-stuck'], 'firefighter');
});

const spoilt: [string, string, RegExp][] = [
  ['a fault without a row', changed((rows) => delete rows.entrapment), /entrapment/],
  ['a row without a fault', changed((rows) => (rows['rope-worn'] = rows.entrapment)), /rope-worn/],
  ['an unknown mode', changed((rows) => (row(rows, 'entrapment').mutedIn = ['siesta'])), /entrapment\.mutedIn\.0/],
  ['an unknown severity', changed((rows) => (row(rows, 'position-lost').severity = 'bad')), /position-lost\.severity/],
  ['no YAML', 'entrapment: [', /faults\.yaml/],
];
for (const [what, text, pattern] of spoilt) {
  test(`refuses ${what}, and names it`, () => {
    try {
      parseCatalogue(text, 'faults.yaml');
    } catch (error) {
      assert.instance(error, GatewayError, what);
      assert.match((error as GatewayError).message, pattern, what);
      return;
    }
    assert.unreachable(`${what} passed`);
  });
}

type Rows = { [fault: string]: { [key: string]: unknown } | undefined };

function changed(change: (rows: Rows) => unknown): string {
  const rows: Rows = parse(yaml);
  change(rows);
  return stringify(rows);
}

function row(rows: Rows, fault: string): { [key: string]: unknown } {
  return rows[fault] ?? {};
}

test.run();
