/** Real messages of requests, their answers and the live view, as the code makes them. */

import { MemoryOutbox } from '../../hil/memory-outbox.ts';
import { monoMs, VirtualClock } from '../../src/clock.ts';
import { Requests } from '../../src/requests/engine.ts';
import type { RequestSources } from '../../src/requests/sources.ts';
import type { Publication } from '../../src/uplink/client.ts';
import { requestTopic } from '../../src/uplink/topics.ts';
import { fakeBoard } from '../interface/fake-board.ts';
import { trip } from '../uplink/rig.ts';
import type { Sample } from '../uplink/samples.ts';
import { publicLine, requestOf } from './keys.ts';

const content = Buffer.from('a capture of a few bytes');

function sourcesOf(outbox: MemoryOutbox): RequestSources {
  return {
    keys: async () => publicLine,
    clockTrust: () => 'ntp',
    board: fakeBoard,
    facts: async () => ({
      ...{ clockTrust: 'rtc', wallMs: 0, disk: { wroteInMs: 1 }, freeDiskBytes: 10 ** 9, outbox: { trouble: null } },
      ...{ freeMemoryBytes: 10 ** 9, processBytes: 10 ** 8, inputs: [], versions: { hoistway: '1' } },
    }),
    records: (lane, afterId, limit) => outbox.read(lane, afterId, limit),
    evidence: async () => ({
      ...{ capture: 'boot_1_a_entrapment_59000', bytes: content.length, sha256: 'e3b0c44298fc1c14' },
      read: async (offset, length) => content.subarray(offset, offset + length),
      close: async () => undefined,
    }),
    configuration: () => ({ box: 'box-1' }),
    journal: () => ['a line'],
  };
}

const ORDERS: readonly object[] = [
  { what: 'live', args: { minutes: 1 } },
  { what: 'resend', args: { boot: '0badcafe.1', firstSeq: 1, lastSeq: 3 } },
  { what: 'evidence', args: { event: 'a/entrapment@59000', offset: 0, pieces: 1, pieceBytes: 16_384 } },
  { what: 'self-test', args: {} },
  { what: 'doctor', args: {} },
  { what: 'live', args: { minutes: 11 } },
  { what: 'self-test', args: {}, sentMs: 0 },
];

/** What is published for one request, itself first. */
async function sampleOf(order: object): Promise<Publication[]> {
  const clock = new VirtualClock();
  const outbox = new MemoryOutbox();
  await outbox.append([trip(), trip()]);
  const said: Publication[] = [];
  const requests = new Requests({
    ...{ boxId: 'box-1', topicPrefix: 'hoistway/v1', bytesPerS: 1_048_576, clock, sources: sourcesOf(outbox) },
    say: async (publication) => {
      said.push(publication);
      return { ok: true };
    },
    remark: () => undefined,
  });
  const [topic, payload] = [requestTopic('hoistway/v1', 'box-1'), requestOf({ id: 'request-1', ...order })];
  await clock.advanceTo(monoMs(1000));
  requests.hear(topic, Buffer.from(payload), false);
  await clock.advance(5000);
  requests.stop();
  return [{ topic, payload, retain: false }, ...said];
}

/** Records that were sent again are left out: they are those of the uplink. */
export async function requestSamples(): Promise<readonly Sample[]> {
  const published = await Promise.all(ORDERS.map(sampleOf));
  return published.flat().flatMap(({ topic, payload: sent }) => {
    const payload = String(sent);
    const { type = 'request' } = JSON.parse(payload) as { type?: string };
    return type === 'trip' ? [] : [{ type, topic, payload }];
  });
}
