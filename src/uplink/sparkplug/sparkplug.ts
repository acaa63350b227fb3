/**
 * Sparkplug B 3.0 as a dialect of the uplink: the box is an edge node, each lift a device, a record the metrics of one DDATA (or
 * NDATA). It only ever tells: the one command that it hears is the one for a new birth.
 */

import type { Clock } from '../../clock.ts';
import { reasonOf } from '../../errors.ts';
import type { StoredRecord } from '../../outbox/port.ts';
import { packageVersion } from '../../package.ts';
import type { Publication } from '../client.ts';
import { type Dialect, type DialectSession, type Encoded, NO_REACTION, type Reaction } from '../dialect.ts';
import type { Said } from '../reasons.ts';
import type { BdSeq } from './bd-seq.ts';
import { Device, timeOf } from './device.ts';
import { counts, type HostState, readState } from './host.ts';
import {
  decodePayload,
  encodeMetrics,
  type Metric,
  PROVISIONAL_SEQ,
  type ReadMetric,
  restamp,
  stamp,
} from './payload.ts';
import { Rebirths } from './rebirths.ts';
import { LIFT_ROWS } from './rows.ts';
import { deviceTopic, nodeTopic, stateTopic } from './topics.ts';

const REBIRTH = 'Node Control/Rebirth';

/** Refusals told in a session: who sends commands on and on does not fill the journal. */
const MOST_TOLD = 16;

/** The lift as a birth tells of it. */
export interface SparkplugLift {
  readonly id: string;
  readonly registrationNumber: string;
  readonly rescueLabelNumber: string;
  readonly address: string;
}

export interface SparkplugParts {
  readonly group: string;
  readonly box: string;
  readonly lifts: readonly SparkplugLift[];
  /** while this host is not there, nothing is sent */
  readonly primaryHost?: string | undefined;
  readonly clock: Clock;
  readonly bdSeq: BdSeq;
}

export class SparkplugDialect implements Dialect, DialectSession {
  /** what comes goes at once; of a backlog, what is read together goes together */
  readonly batchRecords = 1;
  readonly session: DialectSession = this;
  readonly alone = true;
  readonly subscriptions: readonly string[];
  readonly #parts: SparkplugParts;
  readonly #node: Device;
  readonly #lifts: ReadonlyMap<string, Device>;
  #bdSeq = 0;
  /** of the next message; a birth of the node begins at 0 */
  #seq = 0;
  #greeted = false;
  #born = false;
  #host: HostState | null = null;
  /** records from this one on came while the session stood; all others are history; null: none came yet */
  #liveFromId: number | null = null;
  readonly #rebirths: Rebirths;
  readonly #told = new Set<string>();

  constructor(parts: SparkplugParts) {
    const { group, box, lifts, primaryHost, clock } = parts;
    this.#parts = parts;
    this.#rebirths = new Rebirths(clock.monoMs());
    this.#node = new Device(
      null,
      [
        { name: 'Properties/Software', value: 'Hoistway' },
        { name: 'Properties/Version', value: packageVersion },
      ],
      1,
    );
    let { nextAlias } = this.#node;
    const devices = lifts.map((lift) => {
      const facts = LIFT_ROWS.map(({ name, zh }) => ({ name: `lift/${name}`, value: factOf(lift, name), zh }));
      const device = new Device(lift.id, facts, nextAlias);
      ({ nextAlias } = device);
      return [lift.id, device] as const;
    });
    this.#lifts = new Map(devices);
    const host = primaryHost === undefined ? [] : [stateTopic(primaryHost)];
    this.subscriptions = [nodeTopic('NCMD', group, box), deviceTopic('DCMD', group, box, '+'), ...host];
  }

  will(): Publication {
    this.#bdSeq = this.#parts.bdSeq.next();
    this.#greeted = false;
    this.#born = false;
    this.#host = null;
    this.#told.clear();
    return this.#death();
  }

  greet(): readonly Publication[] {
    this.#greeted = true;
    return this.#mayBeBorn ? this.#births() : [];
  }

  get held(): Said | null {
    if (this.#born) return null;
    const { primaryHost } = this.#parts;
    if (primaryHost === undefined) return { en: 'the session has not begun', zh: '会话尚未开始' };
    return { en: `waiting for the primary host ${primaryHost}`, zh: `等待主控应用 ${primaryHost}` };
  }

  note(records: readonly StoredRecord[]): void {
    for (const record of records) this.#deviceOf(record.lift).note(record, this.#nowMs);
    if (this.#born) this.#liveFromId ??= records[0]?.id ?? null;
  }

  encode(records: readonly StoredRecord[]): readonly Encoded[] {
    const byDevice = new Map<Device, StoredRecord[]>();
    for (const record of records) {
      const device = this.#deviceOf(record.lift);
      byDevice.set(device, [...(byDevice.get(device) ?? []), record]);
    }
    return [...byDevice].flatMap(([device, its]) => runsOf(its).map((run) => this.#encodeRun(device, run)));
  }

  seal({ topic, payload, retain }: Publication): Publication {
    return { topic, payload: restamp(Buffer.from(payload), this.#nowMs, this.#nextSeq()), retain };
  }

  onMessage(topic: string, payload: Uint8Array, retained: boolean): Reaction {
    const { group, box, primaryHost } = this.#parts;
    if (primaryHost !== undefined && topic === stateTopic(primaryHost)) return this.#onState(payload);
    if (topic === nodeTopic('NCMD', group, box)) return this.#onCommand(payload, retained);
    return this.#refused(topic);
  }

  farewell(): readonly Publication[] {
    const words = this.#born ? [this.#death()] : [];
    this.#born = false;
    return words;
  }

  #encodeRun(device: Device, records: readonly StoredRecord[]): Encoded {
    const { group, box } = this.#parts;
    const nowMs = this.#nowMs;
    const isHistorical = ({ id }: StoredRecord) => this.#liveFromId === null || id < this.#liveFromId;
    const metrics = records.flatMap((record) =>
      device.metricsOf(record, timeOf(record.body) ?? nowMs, isHistorical(record)),
    );
    const { lift } = device;
    const topic = lift === null ? nodeTopic('NDATA', group, box) : deviceTopic('DDATA', group, box, lift);
    return { records, topic, payload: stamp(encodeMetrics(metrics), nowMs, PROVISIONAL_SEQ), fault: null };
  }

  /** Of a lift that the site file does not have any more, the box itself tells. */
  #deviceOf(lift: string | null): Device {
    return (lift === null ? undefined : this.#lifts.get(lift)) ?? this.#node;
  }

  get #nowMs(): number {
    return Math.max(0, Math.round(this.#parts.clock.wallMs()));
  }

  get #mayBeBorn(): boolean {
    return this.#parts.primaryHost === undefined || this.#host?.online === true;
  }

  #nextSeq(): number {
    const seq = this.#seq;
    this.#seq = (seq + 1) % 256;
    return seq;
  }

  /** By its name alone: a host must know it without a birth. */
  get #bdSeqMetric(): Metric {
    const value = this.#bdSeq;
    const metric = { name: 'bdSeq', datatype: 'Int64', datatypeTold: true, historical: false, value } as const;
    return { ...metric, timestampMs: this.#nowMs };
  }

  #death(): Publication {
    const { group, box } = this.#parts;
    const payload = stamp(encodeMetrics([this.#bdSeqMetric]), this.#nowMs, null);
    return { topic: nodeTopic('NDEATH', group, box), payload, retain: false };
  }

  #births(): readonly Publication[] {
    const { group, box } = this.#parts;
    const nowMs = this.#nowMs;
    // Without a primary host the first birth begins the session; a later one within it changes nothing of what is history.
    if (!this.#born) this.#liveFromId = null;
    this.#born = true;
    this.#seq = 0;
    const born = (topic: string, metrics: readonly Metric[]): Publication => {
      return { topic, payload: stamp(encodeMetrics(inTime(metrics)), nowMs, this.#nextSeq()), retain: false };
    };
    const rebirth = {
      name: REBIRTH,
      datatype: 'Boolean',
      datatypeTold: true,
      historical: false,
      value: false,
    } as const;
    const control: Metric[] = [this.#bdSeqMetric, { ...rebirth, timestampMs: nowMs }];
    return [
      born(nodeTopic('NBIRTH', group, box), [...this.#node.birth(nowMs), ...control]),
      ...[...this.#lifts].map(([lift, device]) => born(deviceTopic('DBIRTH', group, box, lift), device.birth(nowMs))),
    ];
  }

  #onState(payload: Uint8Array): Reaction {
    const state = readState(payload);
    const host = this.#parts.primaryHost ?? '';
    if (!state) {
      return this.#tell({
        en: `${stateTopic(host)}: not a state of Sparkplug 3.0`,
        zh: `${stateTopic(host)}：不是 Sparkplug 3.0 的状态消息`,
      });
    }
    if (!counts(state, this.#host)) {
      return this.#tell({
        en: `an older state of the primary host ${host} does not count`,
        zh: `主控应用 ${host} 的过时状态不予采纳`,
      });
    }
    this.#host = state;
    if (state.online) return { ...NO_REACTION, publish: this.#greeted && !this.#born ? this.#births() : [] };
    if (!this.#born) return NO_REACTION;
    const leave: Said = { en: `the primary host ${host} is offline`, zh: `主控应用 ${host} 已离线` };
    return { publish: this.farewell(), leave, remarks: [] };
  }

  #onCommand(payload: Uint8Array, retained: boolean): Reaction {
    const { group, box } = this.#parts;
    const topic = nodeTopic('NCMD', group, box);
    let metrics: readonly ReadMetric[];
    try {
      ({ metrics } = decodePayload(payload));
    } catch (cause) {
      return this.#tell({ en: `${topic}: ${reasonOf(cause)}`, zh: `${topic}：${reasonOf(cause)}` });
    }
    // A retained command would be carried out again at each connect.
    const asked = !retained && metrics.some(({ name, value }) => name === REBIRTH && value === true);
    const refused = metrics.filter(({ name }) => retained || name !== REBIRTH);
    const reaction = refused.length > 0 ? this.#refused(`${topic} ${namesOf(refused)}`) : NO_REACTION;
    if (!asked || !this.#born) return reaction;
    if (this.#rebirths.take(this.#parts.clock.monoMs())) return { ...reaction, publish: this.#births() };
    const { remarks } = this.#tell({
      en: 'too many requests for a new birth: one a minute is answered',
      zh: '重新上线请求过多，每分钟只应答一次',
    });
    return { ...reaction, remarks: [...reaction.remarks, ...remarks] };
  }

  #refused(what: string): Reaction {
    const named = printable(what);
    return this.#tell({ en: `a command is refused: ${named}`, zh: `拒绝执行命令：${named}` });
  }

  /** Once in a session, and not for ever. */
  #tell(said: Said): Reaction {
    if (this.#told.has(said.en) || this.#told.size >= MOST_TOLD) return NO_REACTION;
    this.#told.add(said.en);
    return { ...NO_REACTION, remarks: [said] };
  }
}

/**
 * What may go in one message. Values of one metric are told apart by their time, and stand in its order; a gap has none, and goes
 * alone.
 */
function runsOf(records: readonly StoredRecord[]): readonly (readonly StoredRecord[])[] {
  const runs: StoredRecord[][] = [];
  let lastMs = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const atMs = timeOf(record.body);
    if (atMs !== null && atMs > lastMs) runs.at(-1)?.push(record);
    else runs.push([record]);
    lastMs = atMs ?? Number.POSITIVE_INFINITY;
  }
  return runs;
}

/** Oldest first, as the specification asks of values that are no history. */
function inTime(metrics: readonly Metric[]): readonly Metric[] {
  return [...metrics].sort((a, b) => (a.timestampMs ?? 0) - (b.timestampMs ?? 0));
}

function factOf(lift: SparkplugLift, name: string): string {
  return String(lift[name as keyof SparkplugLift]);
}

function namesOf(metrics: readonly ReadMetric[]): string {
  return metrics.map(({ name, alias }) => name ?? `alias ${alias}`).join(', ');
}

/** What a stranger has sent, fit for a line of the journal. */
function printable(text: string): string {
  return text.slice(0, 160).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?');
}
