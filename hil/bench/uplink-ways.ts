/**
 * The ways to send the same records, and what each costs on the wire, MQTT 5 included: every packet with its acknowledgement,
 * the birth and the pings of a session that lasts a day. TCP and TLS are not counted: they depend on the link.
 */

import { generate, type Packet } from 'mqtt-packet';
import { VirtualClock } from '../../src/clock.ts';
import type { Site } from '../../src/config/schema.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import type { Publication } from '../../src/uplink/client.ts';
import type { Dialect } from '../../src/uplink/dialect.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import { smallDialect } from '../../src/uplink/small/dialect.ts';
import { SparkplugDialect } from '../../src/uplink/sparkplug/sparkplug.ts';

const PREFIX = 'hoistway/v1';
const HOUR_MS = 3_600_000;
const DAY_S = 24 * 3600;
/** As the site file has it where nothing else is said. */
const KEEPALIVE_S = 30;

/** A further dialect is a further one of these. */
export interface Way {
  readonly name: string;
  readonly dialect: Dialect;
  /** telemetry that goes together at most; it waits for an hour, and alarms for nothing */
  readonly batchRecords: number;
}

export function waysOf({ box, lifts }: Site, boot: string) {
  const small = smallDialect(PREFIX, box.id, () => boot);
  const json = plainDialect(PREFIX, box.id, () => boot);
  const sparkplug = () =>
    new SparkplugDialect({ group: 'city', box: box.id, lifts, clock: new VirtualClock(), bdSeq: { next: () => 1 } });
  return {
    small: { name: 'Hoistway, small', dialect: small, batchRecords: small.batchRecords },
    json: { name: 'Hoistway, JSON', dialect: json, batchRecords: 1 },
    sparkplug: { name: 'Sparkplug B', dialect: sparkplug(), batchRecords: 1 },
    /** what none of its hosts asks for, and the least that it can cost */
    gathered: { name: 'Sparkplug B, hourly', dialect: sparkplug(), batchRecords: small.batchRecords },
  };
}

function bytesOf(packet: Packet): number {
  return generate(packet, { protocolVersion: 5 }).length;
}

/** A message and its acknowledgement. */
function bytesOfMessage({ topic, payload, retain }: Publication): number {
  const sent = { topic, payload: Buffer.from(payload), qos: 1 as const, messageId: 1, dup: false, retain };
  return bytesOf({ cmd: 'publish', ...sent }) + bytesOf({ cmd: 'puback', messageId: 1, reasonCode: 0 });
}

/** What is said first, and the pings. */
export function bytesOfSession({ dialect: { session } }: Way): number {
  session.will();
  const said = session.greet();
  const ping = bytesOf({ cmd: 'pingreq' }) + bytesOf({ cmd: 'pingresp' });
  return said.reduce((sum, one) => sum + bytesOfMessage(one), (DAY_S / KEEPALIVE_S) * ping);
}

/** Records that go as they come, in the order in which they were stored. */
export async function bytesOfRecords(
  { dialect, batchRecords }: Way,
  records: readonly StoredRecord[],
): Promise<number> {
  let bytes = 0;
  for (const group of groupsOf(records, batchRecords)) {
    dialect.session.note(group);
    for (const { topic, payload, fault } of await dialect.encode(group)) {
      if (fault !== null) throw new Error(fault);
      const message = { topic, payload, retain: false };
      bytes += bytesOfMessage(dialect.session.seal(message));
    }
  }
  return bytes;
}

/** What goes together: the telemetry of an hour, as far as it may. */
function groupsOf(records: readonly StoredRecord[], most: number): StoredRecord[][] {
  const groups: StoredRecord[][] = [];
  const open = new Map<number, StoredRecord[]>();
  for (const record of records) {
    const hour = Math.floor(Number(record.body.atMs) / HOUR_MS);
    const group = record.lane === 'telemetry' ? open.get(hour) : undefined;
    if (group && group.length < most) group.push(record);
    else {
      const begun = [record];
      if (record.lane === 'telemetry') open.set(hour, begun);
      groups.push(begun);
    }
  }
  return groups;
}
