/** asyncapi.yaml and the code say the same: topics, properties, lists, and every real message fits. */

import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type * as v from 'valibot';
import { parse } from 'yaml';
import { BOX_FAULTS } from '../../src/box/faults.ts';
import { FAULTS } from '../../src/lift/events.ts';
import { answerSchema, liveSchema } from '../../src/requests/answer.ts';
import { requestSchema } from '../../src/requests/order.ts';
import { messageSchemas, statusSchema } from '../../src/uplink/messages.ts';
import { decode } from '../../src/uplink/payload.ts';
import { fold } from '../../src/uplink/small/fold.ts';
import { batchSchema } from '../../src/uplink/small/form.ts';
import { batchTopic } from '../../src/uplink/topics.ts';
import { requestSamples } from '../requests/samples.ts';
import { type Schema, troubles } from './json-schema.ts';
import { samples as recordSamples, records, unstored } from './samples.ts';

const document = parse(readFileSync(new URL('../../src/uplink/asyncapi.yaml', import.meta.url), 'utf8'));
const recordTypes: { readonly [type: string]: v.GenericSchema } = { ...messageSchemas, status: statusSchema };
/** What is asked of a box, and what it answers. */
const remote: { readonly [type: string]: v.GenericSchema } = {
  request: requestSchema,
  response: answerSchema,
  live: liveSchema,
};
const coded = { ...recordTypes, ...remote };
const samples = [...recordSamples, ...unstored, ...(await requestSamples())];

const sorted = (names: Iterable<string>) => [...names].sort((a, b) => (a < b ? -1 : 1));

function find(ref: string): Schema {
  const found = ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node?.[key], document);
  if (!found) throw new Error(`${ref} leads nowhere`);
  return found;
}

interface Shape {
  readonly required: readonly string[];
  /** each property with its type and list, nested objects as shapes */
  readonly properties: { readonly [name: string]: unknown };
}

/** What both sides can be compared by. */
function shapeOf(schema: Schema): Shape {
  const { required = [], properties = {} } = (schema.$ref ? find(String(schema.$ref)) : schema) as Partial<Shape>;
  return {
    required: sorted(required),
    properties: Object.fromEntries(
      Object.entries(properties)
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, property]) => [name, kindOf(property as Schema)]),
    ),
  };
}

function kindOf(schema: Schema): unknown {
  if (schema.$ref || schema.properties) return shapeOf(schema);
  const either = (schema.anyOf as Schema[] | undefined) ?? [schema];
  const types = either.flatMap(
    ({ type, const: only, enum: list }) => type ?? typeof (only ?? (list as unknown[])?.[0]),
  );
  const listed = either.flatMap((one) => (one.const ?? one.enum ?? []) as unknown[]).filter((item) => item !== null);
  const items = either.flatMap(({ items }) => (items ? [kindOf(items as Schema)] : []));
  return { types: sorted(types.flat().map(String)), listed, ...(items.length > 0 && { items }) };
}

test('the same types on both sides', () => {
  const names = sorted([...Object.keys(coded), 'batch']);
  assert.equal(sorted(Object.keys(document.channels)), names, 'a channel for each type');
  assert.equal(sorted(Object.keys(document.components.messages)), names, 'a message for each type');
  assert.equal(
    sorted(Object.keys(document.components.schemas)),
    sorted([...names, 'snapshot']),
    'a schema for each type',
  );
  assert.equal(
    sorted(Object.keys(document.operations)),
    sorted(names.map((name) => (name === 'request' ? 'receive-request' : `send-${name}`))),
    'an operation for each',
  );
});

for (const [type, schema] of Object.entries(coded))
  test(`${type}: the same properties, required ones, types and lists`, () => {
    const ours = shapeOf(toJsonSchema(schema, { errorMode: 'ignore' }) as Schema);
    assert.equal(shapeOf(find(`#/components/schemas/${type}`)), ours, 'asyncapi.yaml against messages.ts');
  });

test('every channel leads to its message, and its address is the topic of the code', () => {
  for (const [type, channel] of Object.entries<Schema>(document.channels)) {
    const message = find((channel.messages as { [name: string]: { $ref: string } })[type]?.$ref ?? '#/none');
    assert.is((message.payload as Schema).$ref, `#/components/schemas/${type}`, `${type}: its payload`);
    const topics = new Set(samples.filter((sample) => sample.type === type).map(({ topic }) => topic));
    if (type === 'batch') topics.add(batchTopic('hoistway/v1', 'box-1'));
    const address = String(channel.address)
      .replace('{box}', 'box-1')
      .replace('{lift}', 'a')
      .replace('{request}', 'request-1');
    assert.equal([...topics], [address], `${type}: its address`);
    const named = String(channel.address).match(/(?<={)\w+(?=})/g) ?? [];
    assert.equal(
      Object.keys(channel.parameters as object),
      named,
      `${type}: a parameter for each place of the address`,
    );
  }
});

test('batch: the same properties, required ones and types', () => {
  const ours = toJsonSchema(batchSchema, { errorMode: 'ignore' }) as Schema;
  const told = find('#/components/schemas/batch');
  const typesOf = ({ properties }: Schema) =>
    Object.entries(properties as object).map(([name, { type, const: only }]) => [
      name,
      only === undefined ? type : only,
    ]);
  assert.equal(sorted(told.required as string[]), sorted(ours.required as string[]), 'required');
  assert.equal(Object.fromEntries(typesOf(told)), Object.fromEntries(typesOf(ours)), 'properties');
  for (const list of ['shapes', 'columns']) {
    const itemsOf = (schema: Schema) => ((schema.properties as Record<string, Schema>)[list]?.items ?? {}) as Schema;
    assert.equal(shapeOf(itemsOf(told)), shapeOf(itemsOf(ours)), `each of its ${list}`);
  }
  assert.equal(troubles(JSON.parse(JSON.stringify(fold('box-1', records))), told, find), [], 'a real one fits');
});

test('every fault is named as an example', () => {
  assert.equal(find('#/components/schemas/fault/properties/fault').examples, [...FAULTS], 'as in events.ts');
  const { examples } = find('#/components/schemas/box-fault/properties/fault');
  assert.equal(examples, [...BOX_FAULTS], 'as in box/faults.ts');
});

test('real messages fit, and carry nothing that is not described', () => {
  const seen = Object.fromEntries(Object.keys(coded).map((type) => [type, new Set<string>()]));
  for (const { type, payload } of samples) {
    const schema = find(`#/components/schemas/${type}`);
    const message = JSON.parse(payload) as object;
    assert.equal(troubles(message, schema, find), [], payload);
    const known = Object.keys(schema.properties as object);
    for (const name of Object.keys(message)) {
      assert.ok(known.includes(name), `${type}.${name} is not described`);
      seen[type]?.add(name);
    }
  }
  for (const type of Object.keys(coded))
    assert.equal(
      sorted(seen[type] ?? []),
      sorted(Object.keys(find(`#/components/schemas/${type}`).properties as object)),
      `${type}: each described property is sent by the code`,
    );
});

test('the README has an example of each type, and it fits', () => {
  const readme = readFileSync(new URL('../../src/uplink/README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/^### (\S+)\n\n`([^`]+)`\n\n```json\n(.+?)\n```$/gms)];
  assert.equal(sorted(examples.map(([, type = '']) => type)), sorted(Object.keys(recordTypes)), 'one of each');
  for (const [, type = '', topic = '', text = ''] of examples) {
    assert.is(decode(topic, new TextEncoder().encode(text))[0]?.kind, type, `${type}: read by the code`);
    assert.equal(troubles(JSON.parse(text), find(`#/components/schemas/${type}`), find), [], `${type}: as described`);
  }
});

test('the README of requests has an example of each, and it fits', () => {
  const readme = readFileSync(new URL('../../src/requests/README.md', import.meta.url), 'utf8');
  const examples = [...readme.matchAll(/^### (\S+)\n\n`([^`]+)`\n\n```json\n(.+?)\n```$/gms)];
  assert.equal(sorted(examples.map(([, type = '']) => type)), sorted(Object.keys(remote)), 'one of each');
  for (const [, type = '', topic = '', text = ''] of examples) {
    const address = String(document.channels[type].address);
    assert.is(topic, address.replace('{box}', 'box-1').replace('{request}', 'request-1'), `${type}: its topic`);
    assert.equal(troubles(JSON.parse(text), find(`#/components/schemas/${type}`), find), [], `${type}: as described`);
  }
});

test('the check can fail', () => {
  const schema = find('#/components/schemas/gap');
  const good = { box: 'b', boot: 'c', seq: 1, type: 'gap', gapBoot: 'd', firstSeq: 1, lastSeq: 2, count: 2 };
  assert.equal(troubles(good, schema, find), [], 'a good one');
  assert.equal(troubles({ ...good, seq: 0 }, schema, find), ['$.seq: below 1'], 'seq counts from 1');
  assert.equal(troubles({ ...good, type: 'trip' }, schema, find), ['$.type: not gap'], 'another type');
  assert.equal(troubles({ ...good, count: undefined }, schema, find), ['$.count: not integer'], 'no count');
});

test.run();
