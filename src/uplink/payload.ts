/** Messages as bytes: JSON, one object; and read back, plain, packed or many in one (small/README.md). */

import * as v from 'valibot';
import { GatewayError, reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { StoredRecord } from '../outbox/port.ts';
import { packageVersion } from '../package.ts';
import {
  type KnownType,
  type MessageOf,
  messageSchemas,
  type OtherMessage,
  otherSchema,
  type StatusMessage,
  statusSchema,
} from './messages.ts';
import { decodeBatch } from './small/batch.ts';
import { unpack } from './small/pack.ts';
import { placeOf } from './topics.ts';

/** A record says which lift it is about; null: the box itself. */
type Sealed<K, M> = { readonly kind: K; readonly box: string; readonly lift: string | null; readonly message: M };

/** `other`: what else a box says of itself, and types that a newer box may bring. */
export type DecodedRecord = { [T in KnownType]: Sealed<T, MessageOf<T>> }[KnownType] | Sealed<'other', OtherMessage>;
export type Decoded =
  | { readonly kind: 'status'; readonly box: string; readonly message: StatusMessage }
  | DecodedRecord;

/** { box, boot, seq, ...body }. The same record gives the same bytes, however often it is sent. */
export function encodeRecord(box: string, record: StoredRecord): string {
  return JSON.stringify({ box, boot: record.boot, seq: record.seq, ...record.body });
}

export function encodeStatus(box: string, boot: string, online: true | 'stopped' | 'lost'): string {
  const message: StatusMessage = { type: 'status', box, boot, online: online === true, version: packageVersion };
  return JSON.stringify(online === true ? message : { ...message, why: online });
}

/**
 * What a message says, plain or packed: one status, one record, or all records of a batch in their order. Throws a GatewayError
 * that says what is wrong with the message.
 */
export function decode(topic: string, payload: Uint8Array): readonly Decoded[] {
  const place = placeOf(topic);
  if (!place) throw unclear(topic, t('the topic is none of Hoistway', '不是 Hoistway 的主题'));
  const { kind, box } = place;
  if (kind === 'batch') return batchOf(topic, box, payload);
  const json = read(topic, () => JSON.parse(unpack(payload)));
  if (kind === 'record') return [recordOf(topic, place, json)];
  const message = check(topic, statusSchema, json);
  agree(topic, 'box', box, message.box);
  return [{ kind, box, message }];
}

function batchOf(topic: string, box: string, payload: Uint8Array): readonly Decoded[] {
  const batch = read(topic, () => decodeBatch(payload));
  agree(topic, 'box', box, batch.box);
  return batch.records.map(({ lift, boot, seq, body }) =>
    recordOf(topic, { box, lift, type: String(body.type) }, { box: batch.box, boot, seq, ...body }),
  );
}

interface RecordPlace {
  readonly box: string;
  readonly lift: string | null;
  readonly type: string;
}

function recordOf(topic: string, { box, lift, type }: RecordPlace, json: unknown): DecodedRecord {
  const record = isKnown(type) ? known(type, topic, json) : { kind: 'other', message: check(topic, otherSchema, json) };
  agree(topic, 'box', box, record.message.box);
  agree(topic, 'type', type, record.message.type);
  if (lift !== null) agree(topic, 'lift', lift, record.message.lift);
  return { ...record, box, lift } as DecodedRecord;
}

function known(type: KnownType, topic: string, json: unknown) {
  return { kind: type, message: check(topic, messageSchemas[type], json) };
}

function isKnown(type: string): type is KnownType {
  return Object.hasOwn(messageSchemas, type);
}

function read<T>(topic: string, reading: () => T): T {
  try {
    return reading();
  } catch (cause) {
    throw unclear(topic, reasonOf(cause));
  }
}

function check<S extends v.GenericSchema>(topic: string, schema: S, json: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  // The message as it was sent: valibot would put its properties in the order of the schema.
  if (result.success) return json as v.InferOutput<S>;
  const [issue] = result.issues;
  throw unclear(topic, `${v.getDotPath(issue) ?? t('the message', '消息')}: ${issue.message}`);
}

function agree(topic: string, what: string, expected: string, found: unknown): void {
  if (found === expected) return;
  throw unclear(topic, t(`topic and payload name different ${what}`, `主题与内容的 ${what} 不一致`));
}

function unclear(topic: string, cause: string): GatewayError {
  return new GatewayError({
    code: 'uplink-failed',
    op: t('read a message', '解读消息'),
    where: topic,
    hint: t(
      'see src/uplink/asyncapi.yaml for what a box sends; is another sender using this topic?',
      '格式见 src/uplink/asyncapi.yaml；是否有其他程序在发布此主题？',
    ),
    cause,
  });
}
