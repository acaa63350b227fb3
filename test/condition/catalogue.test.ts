import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse, stringify } from 'yaml';
import { loadConditions, parseConditions } from '../../src/condition/catalogue.ts';
import { type Drift, driftVerb, driftWords } from '../../src/condition/words.ts';
import { CONDITIONS } from '../../src/lift/events.ts';
import { packageRoot } from '../../src/package.ts';

const yaml = readFileSync(join(packageRoot, 'seeds', 'conditions.yaml'), 'utf8');
const HAN = /\p{Script=Han}/u;

test('the catalogue, CONDITIONS, the table of the README and the uplink name the same conditions, in the same order', () => {
  assert.equal(Object.keys(parse(yaml)), [...CONDITIONS], 'rows of seeds/conditions.yaml');
  const readme = readFileSync(join(packageRoot, 'src', 'condition', 'README.md'), 'utf8');
  const [compared = '', measured = ''] = readme.split('## Measured');
  const rows = (text: string) => [...text.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name);
  assert.equal(rows(compared), [...CONDITIONS], 'src/condition/README.md');
  assert.equal(rows(measured), [...CONDITIONS], 'and what was measured of each');
  const { components } = parse(readFileSync(join(packageRoot, 'src', 'uplink', 'asyncapi.yaml'), 'utf8'));
  assert.equal(components.schemas.condition.properties.condition.examples, [...CONDITIONS], 'asyncapi.yaml');
});

test('every condition has its name and what to do next, in both languages', () => {
  const catalogue = loadConditions();
  for (const condition of CONDITIONS) {
    const { title, next } = catalogue[condition];
    for (const [what, { en, zh }] of Object.entries({ title, next })) {
      assert.match(zh, HAN, `${condition}.${what}.zh has Chinese characters`);
      assert.not.match(en, HAN, `${condition}.${what}.en has none`);
    }
  }
});

test('a condition without a row, and a row without a condition, are refused and named', () => {
  const changed = (change: (rows: { [condition: string]: unknown }) => void) => {
    const rows = parse(yaml);
    change(rows);
    return () => parseConditions(stringify(rows), 'conditions.yaml');
  };
  assert.throws(
    changed((rows) => delete rows['start-rate']),
    /start-rate/,
    'no row',
  );
  assert.throws(
    changed((rows) => (rows['rope-worn'] = rows['start-rate'])),
    /rope-worn/,
    'no condition',
  );
});

const drift: Drift = {
  ...{ phase: 'begin', condition: 'door-slowing', subject: 'closing' },
  ...{ normal: 2750, now: 3000, unit: 'ms', changePercent: 9.1 },
};

test('in words: what and where, how far, and what to do; an end needs nothing done', () => {
  const { title, next } = loadConditions()['door-slowing'];
  assert.equal(
    driftWords(drift),
    {
      en: `${title.en} (closing), +9.1 %: from 2750 to 3000 ms. ${next.en}`,
      zh: `${title.zh}（关门），+9.1 %：由 2750 变为 3000 毫秒。${next.zh}`,
    },
    'its begin',
  );
  assert.equal(
    driftWords({ ...drift, phase: 'end', changePercent: -1 }),
    { en: `${title.en} (closing), -1 %`, zh: `${title.zh}（关门），-1 %` },
    'its end',
  );
});

test('of a landing height: what the site file says and what was learned, side by side', () => {
  const { next } = loadConditions()['landing-height'];
  const height: Drift = {
    ...{ phase: 'begin', condition: 'landing-height', subject: 'B1' },
    ...{ normal: 3000, now: 4500, unit: 'mm', changePercent: 50 },
  };
  const agrees: Drift = { ...height, phase: 'end', now: 3010, changePercent: 0.3 };
  const en = 'landing B1 is 4500 mm above the one below, the site file says 3000 mm.';
  const zh = '层站 B1 高于下层 4500 毫米，站点文件为 3000 毫米。';
  assert.equal(driftWords(height), { en: `${en} ${next.en}`, zh: `${zh}${next.zh}` }, 'its begin');
  assert.equal(
    driftWords(agrees),
    {
      en: 'landing B1 is 3010 mm above the one below, the site file says 3000 mm',
      zh: '层站 B1 高于下层 3010 毫米，站点文件为 3000 毫米',
    },
    'its end',
  );
  assert.equal(
    [height, agrees, drift].map((one) => driftVerb(one).en),
    ['DIFFERS', 'agrees', 'DRIFTS'],
    'a wrong height is no drift',
  );
});

test('a condition of a newer box is told by its name', () => {
  const { en, zh } = driftWords({ ...drift, condition: 'rope-worn', subject: undefined, landing: 'B1', unit: 'wires' });
  assert.is(en, 'rope-worn (landing B1), +9.1 %: from 2750 to 3000 wires.', 'what is known of it');
  assert.is(zh, 'rope-worn（层站 B1），+9.1 %：由 2750 变为 3000 wires。', 'in Chinese');
});

test.run();
