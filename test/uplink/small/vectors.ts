/**
 * Messages with what they say, for developers of decoders: src/uplink/small/vectors.json. Run as a command it writes the file
 * anew; a test holds the file to this list.
 */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeRecord } from '../../../src/uplink/payload.ts';
import { encodeBatch } from '../../../src/uplink/small/batch.ts';
import type { BatchRecord } from '../../../src/uplink/small/form.ts';
import { packOne } from '../../../src/uplink/small/pack.ts';
import { batchTopic } from '../../../src/uplink/topics.ts';
import { records, samples } from '../samples.ts';

export const VECTORS = new URL('../../../src/uplink/small/vectors.json', import.meta.url);

export interface Vector {
  readonly name: string;
  readonly topic: string;
  /** hex */
  readonly payload: string;
  readonly messages: readonly unknown[];
}

const LIFTS = ['a', 'b', 'c'];
const HEIGHTS_MM = [0, 4500, 7500, 10_500];

/** Trips and door cycles of three lifts in turn, as they would come from a house of four landings. */
function ride(at: number): BatchRecord[] {
  const lift = LIFTS[at % 3] ?? 'a';
  const [from, to] = [(at * 7) % 4, (at * 7 + 1 + (at % 3)) % 4];
  const distanceMm = Math.abs((HEIGHTS_MM[from] ?? 0) - (HEIGHTS_MM[to] ?? 0)) + (at % 5) - 2;
  const startMs = 30_000_000 + at * 9000 + ((at * 37) % 40);
  const atMs = startMs + 5000 + distanceMm + ((at * 53) % 30);
  const closedMs = atMs + 8000 + ((at * 97) % 900);
  const of = (ms: number) => ({
    registrationNumber: `3110-${lift}`,
    wallMs: 1_767_225_600_000 + ms,
    clockTrust: 'ntp',
  });
  const trip = {
    ...{ type: 'trip', lift, atMs, startMs, from, to, direction: to > from ? 'up' : 'down', distanceMm },
    ...{ topSpeedMmPerS: at % 4 === 0 ? 1640 + (at % 9) : 1750, passenger: at % 3 > 0, levelErrorMm: (at % 17) - 8 },
    ...of(atMs),
  };
  const door = {
    ...{
      type: 'door-cycle',
      lift,
      atMs: closedMs,
      startMs: atMs + 210,
      landing: to,
      openingMs: 2100 + ((at * 31) % 300),
    },
    ...{ closingMs: at % 11 === 0 ? null : 2700 + ((at * 29) % 200), reversals: at % 10 === 0 ? 1 : 0, relevels: 0 },
    ...of(closedMs),
  };
  return [trip, door].map((body, n) => ({ lift, boot: '5f3a9c01.7', seq: 100 + 2 * at + n, body }));
}

const odd = [
  { value: 1740.5, more: { deep: [1, { er: null }] } },
  { value: 2 ** 53, more: [] },
  { value: 2 ** 53, more: [0] },
  { value: -(2 ** 60), more: 0 },
  { value: 0, more: '困人 😀' },
  { value: 1e21, more: true },
  { more: 0, value: -(36 ** 5) },
].map(
  (body, at): BatchRecord => ({
    ...{ lift: null, boot: at < 4 ? 'one.1' : 'one.2', seq: at + 1 },
    body: { type: 'odd', atMs: 1000 - at, ...body },
  }),
);

function batch(name: string, given: readonly BatchRecord[]): Vector {
  return {
    ...{ name, topic: batchTopic('hoistway/v1', 'box-1') },
    payload: Buffer.from(encodeBatch('box-1', given)).toString('hex'),
    messages: given.map((one) => JSON.parse(encodeRecord('box-1', { ...one, id: 1, lane: 'telemetry' }))),
  };
}

export function vectors(): readonly Vector[] {
  const alone = samples.flatMap(({ type, topic, payload }): Vector[] => {
    const message = { topic, messages: [JSON.parse(payload)] };
    const plain = { name: `${type}, plain`, ...message, payload: Buffer.from(payload).toString('hex') };
    return [plain, { name: `${type}, packed`, ...message, payload: Buffer.from(packOne(payload)).toString('hex') }];
  });
  return [
    ...alone,
    batch('a batch with one record of each type', records),
    batch('a batch of trips and door cycles', Array.from({ length: 60 }, (_, at) => ride(at)).flat()),
    batch('a batch of two boots, with values that are no whole numbers, or large, or of any kind', odd),
    batch('a batch with nothing in it', []),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = vectors().map((vector) => JSON.stringify(vector));
  writeFileSync(VECTORS, `[\n${lines.join(',\n')}\n]\n`);
}
