/** The table of metrics against what records really have: nothing is left out, nothing is made up, every value has its type. */

import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { messageSchemas } from '../../../src/uplink/messages.ts';
import { typesOf } from '../../../src/uplink/sparkplug/device.ts';
import { metricsPage } from '../../../src/uplink/sparkplug/metrics-page.ts';
import type { Datatype } from '../../../src/uplink/sparkplug/payload.ts';
import { LIFT_ROWS, OTHER_ROWS, RECORD_ROWS, type Row, TYPE_ROWS, unitOf } from '../../../src/uplink/sparkplug/rows.ts';
import { records } from './records.ts';

type Json = { readonly [key: string]: unknown };

/** What says which record it is, and where it goes: not said again by its type. */
const ELSEWHERE = new Set(['box', 'type', 'lift', 'wallMs', ...[...RECORD_ROWS, ...LIFT_ROWS].map(({ name }) => name)]);

/** The plain properties of a schema as paths, with the types of JSON that each may have. */
function pathsOf(schema: Json, before = ''): [string, string[]][] {
  return Object.entries(schema.properties as Json).flatMap(([name, property]) => {
    const path = before + name;
    const either = ((property as Json).anyOf as Json[] | undefined) ?? [property as Json];
    if (either[0]?.properties) return pathsOf(either[0], `${path}/`);
    const types = either.map((one) => String(one.type ?? typeof (one.const ?? (one.enum as unknown[])?.[0])));
    return [[path, types.filter((type) => type !== 'null')]] satisfies [string, string[]][];
  });
}

const MAY_CARRY: { readonly [type: string]: readonly Datatype[] } = {
  boolean: ['Boolean'],
  string: ['String'],
  array: ['String'],
  object: ['String'],
  integer: ['Int32', 'Int64'],
  // Some of them the box rounds to whole ones.
  number: ['Double', 'Int32', 'Int64'],
};

for (const [type, schema] of Object.entries(messageSchemas))
  test(`${type}: a metric for each property, and of its type`, () => {
    const json = toJsonSchema(schema, { errorMode: 'ignore' }) as Json;
    const paths = pathsOf(json).filter(([path]) => !ELSEWHERE.has(path));
    const rows: readonly Row[] = TYPE_ROWS[type as keyof typeof TYPE_ROWS];
    const names = (list: readonly string[]) => [...list].sort();
    assert.equal(names(rows.map(({ name }) => name)), names(paths.map(([path]) => path)), 'the same on both sides');
    for (const [path, types] of paths) {
      const row = rows.find(({ name }) => name === path);
      // `codes.platform` is a number or a list of numbers: a text holds both.
      const carriers = types.includes('array') ? MAY_CARRY.array : types.flatMap((one) => MAY_CARRY[one] ?? []);
      assert.ok(row && carriers?.includes(row.datatype), `${path} (${types}) goes as ${row?.datatype}`);
    }
  });

test('whole numbers go as whole numbers: no sample has another', () => {
  for (const { body } of records) {
    for (const { name, datatype } of TYPE_ROWS[body.type as keyof typeof TYPE_ROWS]) {
      const value = name.split('/').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], body);
      if (datatype.startsWith('Int') && value !== undefined && value !== null)
        assert.ok(Number.isInteger(value), `${body.type} ${name}: ${value}`);
    }
  }
});

test('names: none twice, also not in small letters; a folder is no metric; nothing that hosts stumble over', () => {
  for (const lift of [null, 'a']) {
    const names = [
      ...[...RECORD_ROWS].map(({ name }) => `record/${name}`),
      ...OTHER_ROWS.map(({ name }) => `other/${name}`),
      ...(lift === null ? [] : LIFT_ROWS.map(({ name }) => `lift/${name}`)),
      ...typesOf(lift).flatMap((type) => TYPE_ROWS[type].map(({ name }) => `${type}/${name}`)),
    ];
    const small = names.map((name) => name.toLowerCase());
    assert.is(new Set(small).size, names.length, 'each once');
    assert.equal(
      names.filter((name) => names.some((other) => other.startsWith(`${name}/`))),
      [],
      'no folder',
    );
    assert.equal(
      names.filter((name) => !/^[A-Za-z0-9/-]+$/.test(name)),
      [],
      'letters, digits, - and /',
    );
  }
});

test('units end the names', () => {
  assert.is(unitOf('topSpeedMmPerS'), 'mm/s', 'speed');
  assert.is(unitOf('snapshot/positionMm'), 'mm', 'length');
  assert.is(unitOf('backInServiceAfterMs'), 'ms', 'time');
  assert.is(unitOf('snapshot/loadPercent'), '%', 'share');
  assert.is(unitOf('codes/bacnet'), null, 'none');
});

test('METRICS.md is that of the rows', () => {
  const page = readFileSync(new URL('../../../src/uplink/sparkplug/METRICS.md', import.meta.url), 'utf8');
  assert.ok(page === metricsPage(), 'out of date: npm run docs');
});

test.run();
