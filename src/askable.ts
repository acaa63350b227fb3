/** An uplink that answers requests, where the site file says who may ask; and what of the running box they can reach. */

import { mkdtemp, open, readFile, rm, statfs } from 'node:fs/promises';
import { freemem, release } from 'node:os';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Site, SiteUplink } from './config/schema.ts';
import { reasonOf } from './errors.ts';
import type { Board } from './interface/board.ts';
import type { Outbox, StoredRecord } from './outbox/port.ts';
import { packageVersion } from './package.ts';
import { Requests } from './requests/engine.ts';
import type { BoxFacts, RequestSources } from './requests/sources.ts';
import type { Room } from './room.ts';
import { findCapture, openCapture } from './trace/captures.ts';
import { startUplink, type Uplink, type UplinkParts } from './uplink/engine.ts';
import { credentialPath } from './uplink/mqtt-client.ts';
import type { WallTrust } from './wall.ts';

export interface AskedBox {
  readonly site: Site;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly trust: WallTrust;
  readonly outbox: Outbox;
  readonly room: Room;
  /** its last lines */
  readonly journal: readonly string[];
  board(): Board;
}

export function startAskable(parts: UplinkParts, box: AskedBox): Uplink {
  const { uplink: settings, clock, boxId, remark } = parts;
  const keysFile = settings.requests?.publicKeysFile;
  if (keysFile === undefined) return startUplink(parts);
  const requests = new Requests({
    ...{ boxId, clock, remark, topicPrefix: settings.topicPrefix, bytesPerS: settings.backlogBytesPerS },
    sources: sourcesOf(box, parts, keysFile),
    say: (publication) => uplink.say(publication),
  });
  const uplink = startUplink({ ...parts, ears: [...(parts.ears ?? []), requests] });
  return {
    get state() {
      return uplink.state;
    },
    say: (publication) => uplink.say(publication),
    stop() {
      requests.stop();
      return uplink.stop();
    },
  };
}

/** Faults of which the capture is known by heart: those of this run. */
const KNOWN_CAPTURES = 512;

function sourcesOf(box: AskedBox, { reader, rebase }: UplinkParts, keysFile: string): RequestSources {
  const { site, stateDir, trust, outbox, board, journal } = box;
  const captures = new Map<string, string>();
  outbox.onAppended((records) => {
    for (const record of records) noteCapture(captures, record);
  });
  const dir = join(stateDir, 'captures');
  return {
    keys: () => readFile(credentialPath(keysFile), 'utf8'),
    clockTrust: () => trust.now(),
    board,
    facts: () => factsOf(box),
    async records(lane, afterId, limit) {
      const records = await outbox.read(lane, afterId, limit, reader);
      return rebase ? records.map(rebase) : records;
    },
    async evidence(of) {
      if ('capture' in of) return openCapture(dir, of.capture);
      const known = captures.get(of.event);
      const found = known === undefined ? await findCapture(dir, of.event) : { capture: known };
      return 'failure' in found ? found : openCapture(dir, found.capture);
    },
    configuration: () => configurationOf(site),
    journal: () => journal,
  };
}

function noteCapture(captures: Map<string, string>, { body: { id, capture } }: StoredRecord): void {
  if (typeof id !== 'string' || typeof capture !== 'string') return;
  captures.set(id, capture);
  const [oldest] = captures.keys();
  if (captures.size > KNOWN_CAPTURES && oldest !== undefined) captures.delete(oldest);
}

async function factsOf({ site, stateDir, clock, trust, outbox, room }: AskedBox): Promise<BoxFacts> {
  const [disk, room_, stats] = await Promise.all([
    tryDisk(stateDir, clock),
    statfs(stateDir).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => null,
    ),
    outbox.stats().catch(() => null),
  ]);
  return {
    ...{ clockTrust: trust.now(), wallMs: Math.round(clock.wallMs()), disk, freeDiskBytes: room_, outbox: stats },
    ...{ freeMemoryBytes: freemem(), processBytes: process.memoryUsage().rss },
    inputs: site.lifts.flatMap(({ id, inputs }) =>
      Object.keys(inputs).map((input) => ({ lift: id, input, known: isKnown(room, id, input) })),
    ),
    versions: { hoistway: packageVersion, node: process.version, kernel: release() },
  };
}

function isKnown(room: Room, lift: string, input: string): boolean {
  const inputs: { readonly [signal: string]: unknown } = room.lift(lift)?.state.inputs ?? {};
  return inputs[input] !== undefined && inputs[input] !== null;
}

/** Beside the outbox, in a folder of its own that goes again. */
async function tryDisk(stateDir: string, clock: Clock): Promise<BoxFacts['disk']> {
  const beganMs = clock.monoMs();
  try {
    const dir = await mkdtemp(join(stateDir, 'self-test-'));
    try {
      const file = await open(join(dir, 'written'), 'wx');
      await file.writeFile('hoistway');
      await file.datasync();
      await file.close();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
    return { wroteInMs: clock.monoMs() - beganMs };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

/** What the site file says, in short: no names of people, no addresses, no secrets and nothing of the files that it names. */
export function configurationOf({ box, buses, lifts, uplink, maintainerUplink, outbox }: Site): unknown {
  return {
    box: box.id,
    buses: buses.map((bus) => ({
      ...{ id: bus.id, type: bus.type },
      ...(bus.type === 'tcp' ? { host: bus.host, port: bus.port } : { path: bus.path, baud: bus.baud }),
    })),
    lifts: lifts.map(({ id, registrationNumber, landings, controller, inputs }) => ({
      ...{ id, registrationNumber, landings: landings.length, inputs: Object.keys(inputs) },
      controller: controller && { profile: controller.profile, bus: controller.bus, unit: controller.unit },
    })),
    uplink: uplink ? uplinkInShort(uplink) : null,
    maintainerUplink: maintainerUplink ? uplinkInShort(maintainerUplink) : null,
    outageHours: outbox.outageHours,
  };
}

function uplinkInShort({ url, alternatives, protocol, topicPrefix, window, batchMs, dailyKiB }: SiteUplink) {
  const [first, ...others] = [url, ...alternatives].map(brokerInShort);
  return { url: first, alternatives: others, protocol, topicPrefix, window, batchMs, dailyKiB: dailyKiB ?? null };
}

/** Without a user name, a path and what follows it: a token may stand there. */
function brokerInShort(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
