/** Records and messages as the drain knows them: how urgent, how many, how large. Pure. */

import type { StoredRecord } from '../outbox/port.ts';
import type { Publication } from './client.ts';
import type { Dialect, Encoded } from './dialect.ts';
import type { Drain, Message } from './drain.ts';
import { type Ledger, settledIds } from './ledger.ts';

/** PUBLISH packet beside topic and payload: fixed header 5, topic length 2, packet id 2, properties 1. */
const PACKET_OVERHEAD_BYTES = 10;

export function packetBytesOf({ topic, payload }: Pick<Publication, 'topic' | 'payload'>): number {
  return PACKET_OVERHEAD_BYTES + Buffer.byteLength(topic) + Buffer.byteLength(payload);
}

/** A message of many records that is larger than the broker takes is made again as two. */
export async function messagesOf(
  dialect: Dialect,
  records: readonly StoredRecord[],
  maximumPacketBytes: number,
): Promise<Message[]> {
  const messages: Message[] = [];
  const encoded = records.length === 0 ? [] : await dialect.encode(records);
  for (const one of encoded) {
    const of = one.records;
    if (of.length === 1 || packetBytesOf(one) <= maximumPacketBytes) messages.push(messageOf(one));
    else {
      const half = of.length >> 1;
      for (const part of [of.slice(0, half), of.slice(half)])
        messages.push(...(await messagesOf(dialect, part, maximumPacketBytes)));
    }
  }
  return messages;
}

function messageOf(encoded: Encoded): Message {
  const { records, topic, payload, fault } = encoded;
  return { ids: records.map(({ id }) => id), topic, payload, packetBytes: packetBytesOf(encoded), fault };
}

/** Entrapments go before everything, their ends as well: the rescuer waits for both. */
export function isUrgent({ body }: StoredRecord): boolean {
  return body.type === 'fault' && body.fault === 'entrapment';
}

export function kindsOf(records: readonly StoredRecord[]): { urgent: boolean; alarm: boolean; telemetry: number } {
  return {
    urgent: records.some(isUrgent),
    alarm: records.some(({ lane }) => lane === 'alarm'),
    telemetry: records.filter(({ lane }) => lane === 'telemetry').length,
  };
}

/** Those that are neither on their way nor done with. `records`: oldest first. */
export function unsent(records: readonly StoredRecord[], ledger: Ledger, { inFlight }: Drain): StoredRecord[] {
  const done = settledIds(ledger);
  const [oldestId, newestId] = [records[0]?.id ?? 0, records.at(-1)?.id ?? 0];
  for (const { ids } of inFlight.values()) {
    // Ids stand in order: most messages in flight lie wholly before what was read, and hold thousands of them.
    if ((ids.at(-1) ?? 0) >= oldestId && (ids[0] ?? 0) <= newestId) for (const id of ids) done.add(id);
  }
  return records.filter(({ id }) => !done.has(id));
}
