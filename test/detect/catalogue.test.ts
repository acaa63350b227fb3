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
      ['machine-room-temperature', null, null],
    ],
    'GB and BACnet codes',
  );
});

test('codes of GB/T 38656, Chongqing, Shanghai and the platforms are those of the sources, and null where they say nothing', () => {
  const catalogue = loadCatalogue();
  const codes = FAULTS.map((fault) => {
    const { gb38656, chongqing, shanghai, platform } = catalogue[fault].codes;
    return [fault, gb38656, chongqing, shanghai, platform];
  });
  assert.equal(
    codes,
    [
      ['entrapment', 11, 93, 9, [7, 8]],
      ['alarm-button', null, 90, null, null],
      ['unintended-car-movement', 5, 5, null, 5],
      ['overtravel-top', 9, 92, null, 1],
      ['overtravel-bottom', 10, 91, null, 2],
      ['moving-with-door-open', null, 5, null, 5],
      ['door-open-while-running', null, null, null, 4],
      ['overspeed', null, null, null, 3],
      ['safety-chain-open', 1, 1, null, 10],
      ['sudden-stop', null, null, null, null],
      ['brake-fault', 8, 8, null, null],
      ['stopped-outside-door-zone', 4, 4, null, 6],
      ['run-time-limit', 6, 6, null, null],
      ['restart-prevented', 8, 8, null, null],
      ['power-supply-fault', 8, 8, null, 9],
      ['drive-fault', 8, 8, null, null],
      ['drive-temperature', 8, 8, null, null],
      ['controller-fault', 8, 8, null, null],
      ['load-fault', 8, 8, null, null],
      ['door-open-failure', 3, 3, null, 11],
      ['door-close-failure', 2, 2, null, 12],
      ['door-held-open', null, null, null, null],
      ['call-button-stuck', null, null, null, 14],
      ['position-lost', 7, 7, null, null],
      ['sensor-contradiction', null, null, null, null],
      ['controller-silent', null, null, null, null],
    ],
    'GB/T 38656, Chongqing, Shanghai, platforms',
  );
});

test('Chongqing and GB/T 38656 are the GB list and what they add to it', () => {
  const catalogue = loadCatalogue();
  const added = (list: 'chongqing' | 'gb38656') =>
    FAULTS.filter((fault) => catalogue[fault].codes[list] !== catalogue[fault].codes.gb);
  assert.equal(
    added('chongqing'),
    ['entrapment', 'overtravel-top', 'overtravel-bottom', 'moving-with-door-open'],
    'Chongqing',
  );
  assert.equal(added('gb38656'), ['entrapment', 'alarm-button', 'overtravel-top', 'overtravel-bottom'], 'GB/T 38656');
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
  ['a list of codes left out', changed((rows) => delete codesOf(rows, 'entrapment').shanghai), /codes\.shanghai/],
  ['a code in words', changed((rows) => (codesOf(rows, 'entrapment').chongqing = '93')), /codes\.chongqing/],
  ['three codes for one', changed((rows) => (codesOf(rows, 'entrapment').platform = [7, 8, 9])), /codes\.platform/],
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

function codesOf(rows: Rows, fault: string): { [list: string]: unknown } {
  return row(rows, fault).codes as { [list: string]: unknown };
}

test.run();
