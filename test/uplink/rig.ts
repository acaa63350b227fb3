/** An uplink in virtual time with a fake broker and an outbox in memory. */

import { VirtualClock } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import type { NewRecord, StoredRecord } from '../../src/outbox/port.ts';
import type { Dialect } from '../../src/uplink/dialect.ts';
import type { Ear } from '../../src/uplink/ears.ts';
import { startUplink, type Uplink } from '../../src/uplink/engine.ts';

import { plainDialect } from '../../src/uplink/plain.ts';
import { FakeBroker } from './fake-broker.ts';
import { WatchedOutbox } from './watched-outbox.ts';

export const uplinkSettings: SiteUplink = {
  url: 'mqtt://broker.test',
  alternatives: [],
  protocol: '5',
  topicPrefix: 'hoistway/v1',
  window: 4,
  keepaliveS: 30,
  payload: 'json',
  batchMs: 3_600_000,
  backlogBytesPerS: 100_000_000,
  retryFirstMs: 1000,
  retryMaxMs: 60_000,
};

export function trip(landing = 1): NewRecord {
  return { lane: 'telemetry', lift: 'a', body: { type: 'trip', lift: 'a', to: landing } };
}

export function fault(name = 'door-held-open', phase = 'begin'): NewRecord {
  return { lane: 'alarm', lift: 'a', body: { type: 'fault', phase, lift: 'a', fault: name } };
}

interface RigParts {
  readonly settings?: Partial<SiteUplink>;
  readonly random?: number;
  readonly dialect?: Dialect;
  readonly ears?: readonly Ear[];
  readonly rebase?: (record: StoredRecord) => StoredRecord;
}

/** `random` 0.5: half of each back-off, so the first attempt comes after 500 ms. */
export function rig({ settings = {}, random = 0.5, dialect, ears, rebase }: RigParts = {}) {
  const clock = new VirtualClock();
  const broker = new FakeBroker();
  const outbox = new WatchedOutbox();
  const spoken = dialect ?? plainDialect(uplinkSettings.topicPrefix, 'box-1', () => outbox.boot);
  const remarks: string[] = [];
  const start = () =>
    startUplink({
      uplink: { ...uplinkSettings, ...settings },
      boxId: 'box-1',
      outbox,
      clock,
      random: () => random,
      client: broker,
      dialect: spoken,
      ...(ears && { ears }),
      ...(rebase && { rebase }),
      remark: (line) => remarks.push(line),
    });
  /** `stop` may wait for the broker, in virtual time. */
  const stop = async (uplink: Uplink) => {
    const stopped = uplink.stop();
    await clock.advance(10_000);
    await stopped;
  };
  return { clock, broker, outbox, remarks, start, stop };
}

export const seqs = (deliveries: readonly { readonly message: { readonly seq: number } }[]) =>
  deliveries.map(({ message }) => message.seq);
