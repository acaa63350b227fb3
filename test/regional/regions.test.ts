/** A region is one file, one row of the table, one test of its samples, and one line of the README. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/package.ts';
import type { Region } from '../../src/regional/region.ts';
import { REGION_NAMES, REGIONS } from '../../src/regional/regions.ts';
import { template } from '../../src/regional/template.ts';
import { faultRecord, live, told, totalsRecord } from './mapped.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const names = (folder: string, ending: string) =>
  readdirSync(join(packageRoot, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();

test('each region has its file, its row, its test and its line in the README', () => {
  const rows = [...REGION_NAMES].sort();
  assert.ok(rows.length >= 3, 'the table is found');
  assert.equal(names('src/regional/regions', '.ts'), rows, 'files and rows of src/regional/regions.ts');
  assert.equal(names('test/regional/regions', '.test.ts'), [...rows, 'template'].sort(), 'tests of samples');
  const told = [...read('src/regional/README.md').matchAll(/^\| `([a-z-]+)` +\| .*to check/gm)].map(([, name]) => name);
  assert.equal(told, rows, 'the table of the README: what it rests on, and what is to check');
});

test('the mappings are pure: no clock, no chance, no IO', () => {
  for (const path of [...REGION_NAMES.map((name) => `regions/${name}.ts`), 'template.ts', 'words.ts', 'verdict.ts']) {
    const text = read(`src/regional/${path}`);
    assert.not.match(text, /Date\.now|new Date\(\)|Math\.random|process\.|from 'node:/, path);
  }
});

const all: [string, Region][] = [...Object.entries(REGIONS), ['template', template]];
for (const [name, region] of all) {
  test(`${name}: paths begin with a slash, and the same record gives the same words`, () => {
    for (const record of [totalsRecord, faultRecord('safety-chain-open'), faultRecord('entrapment')]) {
      const once = region.report(told(record, { 'safety-chain-open': '1', entrapment: '2' }));
      const again = region.report(told(record, { 'safety-chain-open': '1', entrapment: '2' }));
      assert.ok(once, `${String(record.body.type)} is sent`);
      assert.match(once?.path ?? '', /^\/[^\s?#]+$/, 'a path');
      assert.equal(once, again, 'nothing of it is of chance');
    }
    assert.match(live(region, {}).path, /^\/[^\s?#]+$/, 'a path of the state');
    assert.ok(region.heartbeatMs >= region.throttleMs, 'silence lasts no shorter than the throttle');
  });
}

test.run();
