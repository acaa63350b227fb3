import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { siteJsonSchema } from '../../src/config/json-schema.ts';
import { profileSchema } from '../../src/config/profile.ts';
import { referencePage } from '../../src/config/reference.ts';
import { siteSchema } from '../../src/config/schema.ts';
import { aboutOf, bare, isBlock, type Part, partOf, variantsOf } from '../../src/config/shape.ts';

const published = (name: string) => readFileSync(new URL(`../../src/config/${name}`, import.meta.url), 'utf8');

test('site.schema.json is that of the schema', () => {
  assert.ok(published('site.schema.json') === siteJsonSchema(), 'out of date: npm run docs');
});

test('REFERENCE.md is that of the schemas', () => {
  assert.ok(published('REFERENCE.md') === referencePage(), 'out of date: npm run docs');
});

test('the editor knows defaults, bounds and descriptions', () => {
  const schema = JSON.parse(siteJsonSchema());
  const unit = schema.properties.lifts.items.properties.controller.properties.unit;
  assert.equal(unit, { type: 'integer', minimum: 1, maximum: 247, description: 'Slave address.\n从站地址。' }, 'unit');
  assert.is(schema.properties.outbox.properties.outageHours.default, 720, 'a default');
  assert.equal(schema.required, ['version', 'box', 'lifts'], 'what must be given');
});

/** Settings without a word about them; inputs are told by the vocabulary of signals. */
function silent(path: string, part: Part): string[] {
  const block = bare(part);
  if (block.type === 'variant')
    return variantsOf(block).flatMap(({ name, part: each }) => silent(`${path} ${name}`, each));
  return Object.entries(block.entries ?? {}).flatMap(([name, each]) => {
    const below = `${path}.${name}`;
    const inner = silent(below, bare(each).item ?? each);
    const told = aboutOf(each) !== null || (path.endsWith('.inputs') && isBlock(each));
    return told ? inner : [below, ...inner];
  });
}

test('every setting says what it is for, in both languages', () => {
  assert.equal(silent('site', partOf(siteSchema)), [], 'settings of the site file without about()');
  assert.equal(silent('profile', partOf(profileSchema)), [], 'settings of a profile without about()');
});

test.run();
