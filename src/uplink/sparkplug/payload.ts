/**
 * Sparkplug B payloads as bytes, by the field numbers of the published messages (Sparkplug 3.0.0, chapter 6). Written with what
 * we send: plain values, and texts as properties. Read with every plain value; what is richer (data sets, templates, files) is
 * passed over and comes as a value that is not there.
 */

import protobuf from 'protobufjs/minimal.js';

/** The datatypes that we send, by the numbers of the specification. */
export const DATATYPES = { Int32: 3, Int64: 4, Double: 10, Boolean: 11, String: 12 } as const;
export type Datatype = keyof typeof DATATYPES;

/** null: it has no value now */
export type Value = number | boolean | string | null;

/** A metric as it is sent. At birth with name, datatype and properties; later the alias alone stands for them. */
export interface Metric {
  readonly name?: string | undefined;
  readonly alias?: number | undefined;
  readonly timestampMs?: number | undefined;
  readonly datatype: Datatype;
  /** not told where the alias was given at birth */
  readonly datatypeTold: boolean;
  readonly historical: boolean;
  readonly value: Value;
  /** texts by their keys */
  readonly properties?: { readonly [key: string]: string } | undefined;
}

/** A metric as it was read. Numbers are as they stand in their field: `signed` makes sense of a negative Int32. */
export interface ReadMetric {
  readonly name: string | null;
  readonly alias: number | null;
  readonly timestampMs: number | null;
  readonly datatype: number | null;
  readonly historical: boolean;
  /** undefined: none, or one that is not read here */
  readonly value: Value | undefined;
  readonly properties: { readonly [key: string]: Value | undefined };
}

export interface ReadPayload {
  readonly timestampMs: number | null;
  readonly seq: number | null;
  readonly metrics: readonly ReadMetric[];
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const tag = (field: number, wire: number) => (field << 3) | wire;

const PAYLOAD = { timestamp: tag(1, VARINT), metric: tag(2, BYTES), seq: tag(3, VARINT) };
const METRIC = {
  name: tag(1, BYTES),
  alias: tag(2, VARINT),
  timestamp: tag(3, VARINT),
  datatype: tag(4, VARINT),
  historical: tag(5, VARINT),
  isNull: tag(7, VARINT),
  properties: tag(9, BYTES),
  int: tag(10, VARINT),
  long: tag(11, VARINT),
  float: tag(12, FIXED32),
  double: tag(13, FIXED64),
  boolean: tag(14, VARINT),
  string: tag(15, BYTES),
};
const PROPERTIES = { key: tag(1, BYTES), value: tag(2, BYTES) };
const PROPERTY = {
  type: tag(1, VARINT),
  isNull: tag(2, VARINT),
  int: tag(3, VARINT),
  long: tag(4, VARINT),
  float: tag(5, FIXED32),
  double: tag(6, FIXED64),
  boolean: tag(7, VARINT),
  string: tag(8, BYTES),
};

/** The metrics of a payload, one behind the other: all of it but its time and its number. */
export function encodeMetrics(metrics: readonly Metric[]): Uint8Array {
  const writer = protobuf.Writer.create();
  for (const metric of metrics) {
    writer.uint32(PAYLOAD.metric).fork();
    writeMetric(writer, metric);
    writer.ldelim();
  }
  return writer.finish();
}

/** The whole payload, from time to number. `seq` is left out of a death. */
export function stamp(metrics: Uint8Array, timestampMs: number, seq: number | null): Uint8Array {
  const head = protobuf.Writer.create().uint32(PAYLOAD.timestamp).uint64(timestampMs).finish();
  return Buffer.concat([head, metrics, ...(seq === null ? [] : [numberOf(seq)])]);
}

/** The longest number: a payload that bears it does not grow when it is given its own. */
export const PROVISIONAL_SEQ = 255;

/** Another time and number in a payload that bears the provisional one. */
export function restamp(payload: Uint8Array, timestampMs: number, seq: number): Uint8Array {
  const reader = protobuf.Reader.create(payload);
  reader.skipType(reader.uint32() & 7);
  const tail = numberOf(PROVISIONAL_SEQ).length;
  return stamp(payload.subarray(reader.pos, payload.length - tail), timestampMs, seq);
}

function numberOf(seq: number): Uint8Array {
  return protobuf.Writer.create().uint32(PAYLOAD.seq).uint64(seq).finish();
}

function writeMetric(writer: protobuf.Writer, metric: Metric): void {
  const { name, alias, timestampMs, datatype, datatypeTold, historical, value, properties } = metric;
  if (name !== undefined) writer.uint32(METRIC.name).string(name);
  if (alias !== undefined) writer.uint32(METRIC.alias).uint64(alias);
  if (timestampMs !== undefined) writer.uint32(METRIC.timestamp).uint64(timestampMs);
  if (datatypeTold) writer.uint32(METRIC.datatype).uint32(DATATYPES[datatype]);
  if (historical) writer.uint32(METRIC.historical).bool(true);
  if (value === null) writer.uint32(METRIC.isNull).bool(true);
  if (properties) writeProperties(writer, properties);
  if (value !== null) writeValue(writer, datatype, value);
}

function writeValue(writer: protobuf.Writer, datatype: Datatype, value: NonNullable<Value>): void {
  switch (datatype) {
    case 'Int32':
      // The field is unsigned: the writer makes the two's complement of 32 bits of a negative number.
      writer.uint32(METRIC.int).uint32(Math.round(Number(value)));
      break;
    case 'Int64':
      writer.uint32(METRIC.long).int64(Math.round(Number(value)));
      break;
    case 'Double':
      writer.uint32(METRIC.double).double(Number(value));
      break;
    case 'Boolean':
      writer.uint32(METRIC.boolean).bool(Boolean(value));
      break;
    case 'String':
      writer.uint32(METRIC.string).string(String(value));
      break;
  }
}

function writeProperties(writer: protobuf.Writer, properties: { readonly [key: string]: string }): void {
  writer.uint32(METRIC.properties).fork();
  for (const key of Object.keys(properties)) writer.uint32(PROPERTIES.key).string(key);
  for (const text of Object.values(properties)) {
    writer.uint32(PROPERTIES.value).fork();
    writer.uint32(PROPERTY.type).uint32(DATATYPES.String).uint32(PROPERTY.string).string(text).ldelim();
  }
  writer.ldelim();
}

/** Throws where the bytes are no such payload. */
export function decodePayload(bytes: Uint8Array): ReadPayload {
  const reader = protobuf.Reader.create(bytes);
  const metrics: ReadMetric[] = [];
  let timestampMs: number | null = null;
  let seq: number | null = null;
  while (reader.pos < reader.len) {
    const at = reader.uint32();
    if (at === PAYLOAD.timestamp) timestampMs = whole(reader);
    else if (at === PAYLOAD.seq) seq = whole(reader);
    else if (at === PAYLOAD.metric) metrics.push(readMetric(reader.bytes()));
    else reader.skipType(at & 7);
  }
  return { timestampMs, seq, metrics };
}

/** A number of the field of Int8, Int16 and Int32, which carries no sign of its own. */
export function signed(datatype: number | null, value: Value | undefined): Value | undefined {
  return typeof value === 'number' && datatype !== null && datatype >= 1 && datatype <= DATATYPES.Int32
    ? value | 0
    : value;
}

function readMetric(bytes: Uint8Array): ReadMetric {
  const reader = protobuf.Reader.create(bytes);
  const metric: { -readonly [K in keyof ReadMetric]: ReadMetric[K] } = {
    ...{ name: null, alias: null, timestampMs: null, datatype: null },
    ...{ historical: false, value: undefined, properties: {} },
  };
  let isNull = false;
  while (reader.pos < reader.len) {
    const at = reader.uint32();
    if (at === METRIC.name) metric.name = reader.string();
    else if (at === METRIC.alias) metric.alias = whole(reader);
    else if (at === METRIC.timestamp) metric.timestampMs = whole(reader);
    else if (at === METRIC.datatype) metric.datatype = reader.uint32();
    else if (at === METRIC.historical) metric.historical = reader.bool();
    else if (at === METRIC.isNull) isNull = reader.bool();
    else if (at === METRIC.properties) metric.properties = readProperties(reader.bytes());
    else metric.value = readValue(reader, at, METRIC, metric.value);
  }
  if (isNull) metric.value = null;
  return metric;
}

function readProperties(bytes: Uint8Array): { [key: string]: Value | undefined } {
  const reader = protobuf.Reader.create(bytes);
  const keys: string[] = [];
  const values: (Value | undefined)[] = [];
  while (reader.pos < reader.len) {
    const at = reader.uint32();
    if (at === PROPERTIES.key) keys.push(reader.string());
    else if (at === PROPERTIES.value) values.push(readProperty(reader.bytes()));
    else reader.skipType(at & 7);
  }
  return Object.fromEntries(keys.map((key, n) => [key, values[n]]));
}

function readProperty(bytes: Uint8Array): Value | undefined {
  const reader = protobuf.Reader.create(bytes);
  let value: Value | undefined;
  let type: number | null = null;
  let isNull = false;
  while (reader.pos < reader.len) {
    const at = reader.uint32();
    if (at === PROPERTY.type) type = reader.uint32();
    else if (at === PROPERTY.isNull) isNull = reader.bool();
    else value = readValue(reader, at, PROPERTY, value);
  }
  return isNull ? null : signed(type, value);
}

type ValueTags = { readonly [K in 'int' | 'long' | 'float' | 'double' | 'boolean' | 'string']: number };

/** The value in the field that begins here; the one before where this field is none. */
function readValue(reader: protobuf.Reader, at: number, tags: ValueTags, before: Value | undefined): Value | undefined {
  switch (at) {
    case tags.int:
      return reader.uint32();
    case tags.long:
      return whole(reader);
    case tags.float:
      return reader.float();
    case tags.double:
      return reader.double();
    case tags.boolean:
      return reader.bool();
    case tags.string:
      return reader.string();
    default:
      reader.skipType(at & 7);
      return before;
  }
}

/** A varint of 64 bits, with its sign; exact up to 2^53. */
function whole(reader: protobuf.Reader): number {
  return Number(String(reader.int64()));
}
