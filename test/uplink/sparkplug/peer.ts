/**
 * Sparkplug B by others: the payload package of the project that publishes the messages. What it says counts; our own coding is
 * held against it in both directions.
 */

import { get } from 'sparkplug-payload';
import proto from 'sparkplug-payload/lib/sparkplugPayloadProto.js';

const found = get('spBv1.0');
if (!found) throw new Error('the package has no Sparkplug B');

/** Encoding and decoding by whole payloads, with datatypes. */
export const whole = found;

/** The bare message: datatypes may be missing, as in data under an alias. */
const { Payload } = proto.org.eclipse.tahu.protobuf;

export interface PeerMetric {
  readonly name: string | null;
  readonly alias: number | null;
  readonly timestampMs: number | null;
  readonly datatype: number | null;
  readonly historical: boolean;
  readonly isNull: boolean;
  /** as its field has it, 64 bits as their two's complement */
  readonly value: number | boolean | string | null;
  readonly properties: { readonly [key: string]: string };
}

export interface PeerPayload {
  readonly timestampMs: number | null;
  readonly seq: number | null;
  readonly metrics: readonly PeerMetric[];
}

type Fields = { readonly [name: string]: unknown };

/** Fields that are not there are not made up. */
export function peerDecode(bytes: Uint8Array): PeerPayload {
  const payload = Payload.decode(bytes);
  const problem = Payload.verify(payload);
  if (problem) throw new Error(problem);
  const plain = Payload.toObject(payload, { longs: String, arrays: true }) as Fields;
  return {
    timestampMs: numberOf(plain.timestamp),
    seq: numberOf(plain.seq),
    metrics: (plain.metrics as Fields[]).map(metricOf),
  };
}

function metricOf(fields: Fields): PeerMetric {
  const keys = Object.keys(fields).filter((key) => key.endsWith('Value'));
  if (keys.length > 1) throw new Error(`two values: ${keys.join()}`);
  const [key = ''] = keys;
  const value = fields[key];
  const isNull = fields.isNull === true;
  if (isNull === (value !== undefined)) throw new Error('a value, or the word that there is none');
  return {
    name: fields.name === undefined ? null : String(fields.name),
    alias: numberOf(fields.alias),
    timestampMs: numberOf(fields.timestamp),
    datatype: numberOf(fields.datatype),
    historical: fields.isHistorical === true,
    isNull,
    value: isNull ? null : key === 'longValue' ? Number(BigInt.asIntN(64, BigInt(String(value)))) : (value as number),
    properties: propertiesOf(fields.properties as Fields | undefined),
  };
}

function propertiesOf(set: Fields | undefined): { [key: string]: string } {
  const values = (set?.values ?? []) as Fields[];
  return Object.fromEntries(((set?.keys ?? []) as string[]).map((key, n) => [key, String(values[n]?.stringValue)]));
}

function numberOf(field: unknown): number | null {
  return field === undefined || field === null ? null : Number(field);
}
