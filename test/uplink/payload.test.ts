import { deflateSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError } from '../../src/errors.ts';
import { type Decoded, decode } from '../../src/uplink/payload.ts';
import { encodeBatch } from '../../src/uplink/small/batch.ts';
import { packOne } from '../../src/uplink/small/pack.ts';
import {
  batchTopic,
  isOfRequests,
  liveTopic,
  placeOf,
  recordTopic,
  requestTopic,
  responseTopic,
  statusTopic,
} from '../../src/uplink/topics.ts';
import { records, samples } from './samples.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const gap = { box: 'b', boot: 'c', seq: 7, type: 'gap', gapBoot: 'd', firstSeq: 1, lastSeq: 2, count: 2 };

/** The one that a message brings. */
function only(topic: string, payload: Uint8Array): Decoded {
  const [decoded, ...more] = decode(topic, payload);
  if (!decoded || more.length > 0) throw new Error(`${more.length + (decoded ? 1 : 0)} records`);
  return decoded;
}

function refusal(topic: string, payload: Uint8Array): string {
  try {
    decode(topic, payload);
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
  return 'it was read';
}

test('topics', () => {
  assert.is(statusTopic('hoistway/v1', 'b'), 'hoistway/v1/b/status', 'status');
  assert.is(recordTopic('hoistway/v1', 'b', 'a', 'door-cycle'), 'hoistway/v1/b/a/door-cycle', 'of a lift');
  assert.is(recordTopic('x', 'b', null, 'gap'), 'x/b/box/gap', "the box's own");
  assert.is(batchTopic('hoistway/v1', 'b'), 'hoistway/v1/b/box/batch', 'of many records');
  assert.is(recordTopic('x', 'b', null, 'batch'), null, 'no record has the topic of a batch');
});

test('what cannot stand in a topic has none', () => {
  for (const type of ['', 'a/b', '#', '+', 'status', 'request', 'live', 'Trip', undefined, 5])
    assert.is(recordTopic('p', 'b', 'a', type), null, `type ${String(type)}`);
  for (const lift of ['', 'a/b', 'box', 'response', '+'])
    assert.is(recordTopic('p', 'b', lift, 'trip'), null, `lift ${lift}`);
});

test('places are read back, whatever the prefix', () => {
  for (const prefix of ['p', 'hoistway/v1', 'city/districts/7/lifts']) {
    assert.equal(placeOf(`${prefix}/b/status`), { kind: 'status', box: 'b' }, `${prefix}: status`);
    const place = { kind: 'record', box: 'b', lift: 'a', type: 'trip' };
    assert.equal(placeOf(batchTopic(prefix, 'b')), { kind: 'batch', box: 'b' }, `${prefix}: of many records`);
    assert.equal(placeOf(`${prefix}/b/a/batch`), { ...place, type: 'batch' }, `${prefix}: of a lift, not of many`);
    assert.equal(placeOf(`${prefix}/b/a/trip`), place, `${prefix}: of a lift`);
    assert.equal(placeOf(`${prefix}/b/box/gap`), { ...place, lift: null, type: 'gap' }, `${prefix}: of the box`);
  }
  for (const topic of ['', 'status', 'b/status', 'b/a/trip', 'p/b/a/', 'p//a/trip', '$SYS/broker/load/x y'])
    assert.is(placeOf(topic), null, `no place: ${topic}`);
});

test('requests and their answers are no records', () => {
  const topics = [requestTopic('p/q', 'b'), responseTopic('p/q', 'b', 'request-1'), liveTopic('p/q', 'b')];
  assert.equal(topics, ['p/q/b/request', 'p/q/b/response/request-1', 'p/q/b/live'], 'where they go');
  for (const topic of topics) {
    assert.ok(isOfRequests(topic), topic);
    assert.is(placeOf(topic), null, `no place: ${topic}`);
  }
  for (const topic of ['p/q/b/status', 'p/q/b/a/trip', 'p/response/status']) assert.not.ok(isOfRequests(topic), topic);
});

test('what the code sends can be read', () => {
  for (const { type, topic, payload } of samples) {
    const decoded = only(topic, bytes(payload));
    assert.is(decoded.kind, type, topic);
    assert.is(decoded.box, 'box-1', topic);
    assert.equal(decoded.message, JSON.parse(payload), `${topic}: the message is whole`);
    const lift = type === 'gap' || type === 'box-fault' ? null : 'a';
    if (decoded.kind !== 'status') assert.is(decoded.lift, lift, `${topic}: whose it is`);
  }
});

test('packed, each message is read as it was', () => {
  for (const { topic, payload } of samples)
    assert.equal(decode(topic, packOne(payload)), decode(topic, bytes(payload)), topic);
});

test('a batch is read as its records, each as if it had come alone', () => {
  const batch = decode('hoistway/v1/box-1/box/batch', encodeBatch('box-1', records));
  const alone = samples
    .filter(({ type }) => type !== 'status')
    .map(({ topic, payload }) => only(topic, bytes(payload)));
  assert.equal(batch, alone, 'in their order');
});

test('a batch with one record that cannot be read is refused whole', () => {
  const topic = 'p/box-1/box/batch';
  const [first] = records;
  const bad = (body: object, lift: string | null = 'a') =>
    refusal(topic, encodeBatch('box-1', [...records, { lift, boot: 'c', seq: 1, body: { ...first?.body, ...body } }]));
  assert.match(bad({ severity: 'grave' }), /severity/, 'its property is named');
  assert.match(bad({}, 'b'), /different lift/, 'the lift of another');
  assert.match(bad({ box: 'box-2' }), /different box/, 'the name of another box');
  assert.match(bad({ type: 7 }), /type/, 'no type');
  assert.match(refusal('p/b/box/batch', encodeBatch('box-1', records)), /different box/, 'the topic of another box');
  assert.match(refusal(topic, bytes('{"batch":1}')), /p\/box-1\/box\/batch: .*shapes/, 'no batch');
  assert.match(refusal(topic, encodeBatch('box-1', records).slice(0, -9)), /unpacked: unexpected end/, 'cut off');
});

test('what is packed with another dictionary says with which, and what to do', () => {
  const dictionary = Buffer.from('another');
  const message = deflateSync(JSON.stringify(gap), { dictionary });
  assert.match(
    refusal('p/b/box/gap', message),
    /dictionary 0bb102f2, and here is [0-9a-f]{8}: update/,
    'both are named',
  );
  assert.is(only('p/b/box/gap', deflateSync(JSON.stringify(gap))).kind, 'gap', 'without any it can be read');
});

test('an older box says fewer codes', () => {
  const [sample] = samples;
  const fault = { ...JSON.parse(sample?.payload ?? ''), box: 'b', codes: { gb: null, bacnet: null } };
  assert.is(only('p/b/a/fault', bytes(JSON.stringify(fault))).kind, 'fault', 'without those of the regions');
});

test('a newer box may send more: other types, faults and properties', () => {
  const other = only('p/b/box/clock', bytes('{"box":"b","boot":"c","seq":1,"type":"clock","offsetMs":3}'));
  assert.is(other.kind, 'other', 'a type not known here');
  assert.is(only('p/b/box/gap', bytes(JSON.stringify({ ...gap, more: 1 }))).kind, 'gap', 'a property not known here');
  const [sample] = samples;
  const fault = { ...JSON.parse(sample?.payload ?? ''), box: 'b', fault: 'rope-worn' };
  assert.is(only('p/b/a/fault', bytes(JSON.stringify(fault))).kind, 'fault', 'a fault not known here');
});

test('what cannot be read is refused with the reason', () => {
  const as = (change: object) => bytes(JSON.stringify({ ...gap, ...change }));
  assert.match(refusal('p/x', as({})), /topic is none of Hoistway/, 'another topic');
  assert.match(refusal('p/b/box/gap', bytes('{')), /p\/b\/box\/gap: .*JSON/, 'no JSON');
  assert.match(refusal('p/b/box/gap', new Uint8Array([0xff, 0xfe])), /encoded data was not valid/, 'no UTF-8');
  assert.match(refusal('p/b/box/gap', bytes('null')), /Expected Object/, 'no object');
  assert.match(refusal('p/b/box/gap', as({ seq: '7' })), /seq: .*number/, 'the property is named');
  assert.match(refusal('p/b/box/gap', as({ seq: 0 })), /seq/, 'seq counts from 1');
  assert.match(refusal('p/c/box/gap', as({})), /different box/, 'the topic of another box');
  assert.match(refusal('p/b/box/clock', as({})), /different type/, 'the topic of another type');
  const [sample] = samples;
  assert.match(refusal('p/box-1/b/fault', bytes(sample?.payload ?? '')), /different lift/, 'the topic of another lift');
});

test.run();
