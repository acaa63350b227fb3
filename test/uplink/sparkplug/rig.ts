/** The dialect in virtual time, and a strict host that hears what it says. No network. */

import { VirtualClock } from '../../../src/clock.ts';
import type { StoredRecord } from '../../../src/outbox/port.ts';
import type { Publication } from '../../../src/uplink/client.ts';
import type { Encoded } from '../../../src/uplink/dialect.ts';
import { SparkplugDialect } from '../../../src/uplink/sparkplug/sparkplug.ts';
import { Host } from './host.ts';
import { whole } from './peer.ts';
import { lifts } from './records.ts';

export const NCMD = 'spBv1.0/city/NCMD/box-1';
export const STATE = 'spBv1.0/STATE/scada';

/** Of the primary host `scada`. */
export const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export function rig(primaryHost?: string) {
  const clock = new VirtualClock(10_000_000);
  const connects = { last: 3 };
  const bdSeq = { next: () => ++connects.last };
  const dialect = new SparkplugDialect({ group: 'city', box: 'box-1', lifts, primaryHost, clock, bdSeq });
  const host = new Host();
  const hear = (publications: readonly Publication[]) => {
    for (const { topic, payload } of publications) host.hear(topic, Buffer.from(payload));
  };
  const sealed = ({ topic, payload }: Encoded) => dialect.seal({ topic, payload, retain: false });
  /** All of the records, in as few messages as they fit. */
  const send = (all: readonly StoredRecord[]) => hear(dialect.encode(all).map(sealed));
  const begin = () => {
    const will = dialect.will();
    hear(dialect.greet());
    return will;
  };
  return { clock, dialect, host, hear, sealed, send, begin };
}

/** A command, as a host writes it. */
export const ask = (metric: { name: string; value: unknown }) =>
  whole.encodePayload({ timestamp: 1, metrics: [{ type: 'Boolean', ...metric } as never] });

export const rebirth = ask({ name: 'Node Control/Rebirth', value: true });
