/**
 * A Sparkplug host in small, strict: what the specification forbids an edge node is a complaint. Reads with the coding of others.
 * It knows nothing of Hoistway but how a record is told apart: `record/seq` begins one.
 */

import { SeenRecords } from '../../../src/uplink/seen.ts';
import { type PeerMetric, type PeerPayload, peerDecode } from './peer.ts';

const INT32 = 3;

interface Known {
  readonly name: string;
  readonly datatype: number;
}

/** The values of a record by their names, as the host understands them. */
export interface HeardRecord {
  readonly device: string | null;
  readonly timestampMs: number;
  readonly historical: boolean;
  readonly values: { readonly [name: string]: number | boolean | string | null };
}

export interface Birth {
  readonly device: string | null;
  readonly payload: PeerPayload;
  readonly values: { readonly [name: string]: number | boolean | string | null };
}

export class Host {
  readonly complaints: string[] = [];
  readonly births: Birth[] = [];
  readonly records: HeardRecord[] = [];
  /** of them, those that came before */
  readonly repeats: HeardRecord[] = [];
  /** verbs in the order heard */
  readonly verbs: string[] = [];
  online = false;
  bdSeq: number | null = null;
  readonly #aliases = new Map<number, Known>();
  readonly #seen = new SeenRecords();
  readonly #devices = new Set<string>();
  #seq: number | null = null;

  /** A message of the group; `box-1` is the only edge node. */
  hear(topic: string, bytes: Uint8Array): void {
    const [namespace, , verb = '', box, device = null, more] = topic.split('/');
    const isOfNode = /^N(BIRTH|DATA|DEATH)$/.test(verb) && device === null;
    const isOfDevice = /^D(BIRTH|DATA)$/.test(verb) && device !== null;
    if (namespace !== 'spBv1.0' || box !== 'box-1' || more !== undefined || !(isOfNode || isOfDevice))
      this.#complain(topic, 'the topic');
    this.verbs.push(device === null ? verb : `${verb} ${device}`);
    const payload = peerDecode(bytes);
    if (payload.timestampMs === null) this.#complain(topic, 'no time');
    if (verb === 'NDEATH') this.#death(topic, payload);
    else this.#life(topic, verb, device, payload);
  }

  #life(topic: string, verb: string, device: string | null, payload: PeerPayload): void {
    this.#count(topic, verb, payload.seq);
    if (payload.metrics.some(({ timestampMs }) => timestampMs === null)) this.#complain(topic, 'a metric without time');
    this.#order(topic, payload.metrics);
    if (verb.endsWith('BIRTH')) this.#birth(topic, verb, device, payload);
    else this.#data(topic, device, payload);
  }

  #complain(topic: string, what: string): void {
    this.complaints.push(`${topic}: ${what}`);
  }

  #count(topic: string, verb: string, seq: number | null): void {
    const expected = verb === 'NBIRTH' ? 0 : ((this.#seq ?? -1) + 1) % 256;
    if (seq !== expected) this.#complain(topic, `number ${seq}, not ${expected}`);
    this.#seq = seq;
  }

  /** What is no history stands in the order of time. */
  #order(topic: string, metrics: readonly PeerMetric[]): void {
    const times = metrics.filter(({ historical }) => !historical).map(({ timestampMs }) => timestampMs ?? 0);
    if (times.some((time, n) => time < (times[n - 1] ?? 0))) this.#complain(topic, 'not in the order of time');
    const keys = metrics.map(({ alias, name, timestampMs }) => `${alias ?? name} ${timestampMs}`);
    if (new Set(keys).size < keys.length) this.#complain(topic, 'two values of one metric at one time');
  }

  #birth(topic: string, verb: string, device: string | null, payload: PeerPayload): void {
    if (verb === 'NBIRTH') {
      this.#aliases.clear();
      this.#devices.clear();
      this.online = true;
      this.bdSeq = Number(payload.metrics.find(({ name }) => name === 'bdSeq')?.value ?? Number.NaN);
      const rebirth = payload.metrics.find(({ name }) => name === 'Node Control/Rebirth');
      if (rebirth?.value !== false || rebirth.alias !== null || rebirth.datatype !== 11)
        this.#complain(topic, 'no way to ask for a rebirth');
    } else {
      if (!this.online) this.#complain(topic, 'a device before its node');
      this.#devices.add(device ?? '');
    }
    const values: [string, PeerMetric['value']][] = [];
    for (const metric of payload.metrics) {
      const { name, alias, datatype } = metric;
      if (name === null || datatype === null) this.#complain(topic, 'a metric without name or datatype');
      else {
        values.push([name, understood(metric, datatype)]);
        if (metric.historical) this.#complain(topic, `${name} is history`);
        if (alias !== null && this.#aliases.has(alias)) this.#complain(topic, `alias ${alias} twice`);
        if (alias !== null) this.#aliases.set(alias, { name: `${device ?? ''}|${name}`, datatype });
        else if (name !== 'bdSeq' && name !== 'Node Control/Rebirth') this.#complain(topic, `${name} without alias`);
      }
    }
    this.births.push({ device, payload, values: Object.fromEntries(values) });
  }

  #data(topic: string, device: string | null, payload: PeerPayload): void {
    if (!this.online || (device !== null && !this.#devices.has(device))) this.#complain(topic, 'data before birth');
    let open: {
      values: { [name: string]: PeerMetric['value'] } & object;
      timestampMs: number;
      historical: boolean;
    } | null = null;
    const done = () => {
      if (open) this.#record({ device, ...open });
    };
    for (const metric of payload.metrics) {
      const known = this.#aliases.get(metric.alias ?? -1);
      const [owner, name = ''] = known?.name.split('|') ?? [];
      if (!known || owner !== (device ?? '')) this.#complain(topic, `alias ${metric.alias} was not given at birth`);
      if (metric.name !== null || metric.datatype !== null) this.#complain(topic, `${name} is named again`);
      if (name === 'record/boot') {
        done();
        open = { values: {}, timestampMs: metric.timestampMs ?? 0, historical: metric.historical };
      }
      if (!open) this.#complain(topic, `${name} belongs to no record`);
      else {
        open.values[name] = understood(metric, known?.datatype ?? 0);
        if (open.timestampMs !== metric.timestampMs || open.historical !== metric.historical)
          this.#complain(topic, `${name} is of another time`);
      }
    }
    done();
  }

  #record(record: HeardRecord): void {
    const { 'record/boot': boot, 'record/seq': seq } = record.values;
    const repeated = this.#seen.note('box-1', String(boot), Number(seq));
    (repeated ? this.repeats : this.records).push(record);
  }

  #death(topic: string, { seq, metrics }: PeerPayload): void {
    const [metric, ...more] = metrics;
    if (seq !== null || more.length > 0 || metric?.name !== 'bdSeq' || metric.datatype !== 4)
      this.#complain(topic, 'a death is its bdSeq alone');
    if (Number(metric?.value) === this.bdSeq) this.online = false;
  }
}

function understood({ value }: PeerMetric, datatype: number): PeerMetric['value'] {
  return datatype === INT32 && typeof value === 'number' ? value | 0 : value;
}
