/** Damaged files of every form that is read: a result or a GatewayError, and memory that does not grow with what a file claims. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../hil/lift/random.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import { GatewayError } from '../../src/errors.ts';
import { packageRoot } from '../../src/package.ts';
import { Replay, timeOf } from '../../src/replay.ts';
import { parseCapture } from '../../src/trace/file.ts';
import { FILES } from '../trace/import/files.ts';
import { importOf, SETTINGS } from '../trace/import/read.ts';

export interface FuzzedFiles {
  readonly files: number;
  /** read in spite of it; the rest was refused with a GatewayError */
  readonly read: number;
  /** what ended otherwise, the first few */
  readonly crashes: readonly string[];
  /** the most of the process at any time, bytes */
  readonly rssBytes: number;
}

const CASE = join(packageRoot, 'hil/cases/entrapment-off-level');
/** A recording of 4 MHz takes its time: one in so many. */
const SIGROK_EVERY = 200;

const OWN = readFileSync(join(CASE, 'capture.pcapng'));
const { sigrok: SIGROK = OWN, ...OTHERS } = FILES;

export async function fuzzFiles(seed: number, count: number): Promise<FuzzedFiles> {
  const random = new Random(`files ${seed}`);
  const site = await loadSite(join(CASE, 'site.yaml'));
  const files: { readonly [name: string]: Uint8Array } = { own: OWN, ...OTHERS };
  const names = Object.keys(files);
  const crashes: string[] = [];
  let [read, rssBytes] = [0, 0];
  for (let at = 0; at < count; at++) {
    const name = at % SIGROK_EVERY === 0 ? 'sigrok' : (names[at % names.length] ?? 'own');
    let file = files[name] ?? SIGROK;
    for (let times = random.whole(1, 3); times > 0; times--) file = damaged(file, random);
    try {
      if (name === 'own') replayed(file, site);
      else importOf(file, { settings: name === 'sigrok' ? { ...SETTINGS, channels: [2] } : SETTINGS });
      read++;
    } catch (error) {
      const told = error instanceof GatewayError && error.hint.trim() !== '';
      if (!told && crashes.length < 10) crashes.push(`file ${at} (${name}): ${(error as Error).stack ?? error}`);
    }
    if (at % 100 === 0) rssBytes = Math.max(rssBytes, process.memoryUsage.rss());
  }
  return { files: count, read, crashes, rssBytes };
}

function replayed(file: Uint8Array, site: LoadedSite): void {
  const { items } = parseCapture(file, 'damaged');
  const [first] = items;
  if (!first) return;
  const replay = new Replay(site, mutesOf(loadCatalogue()), timeOf(first), () => undefined);
  for (const item of items) replay.feed(item);
}

/** Bytes put over others, taken out, put in twice, or cut off. */
function damaged(file: Uint8Array, random: Random): Uint8Array {
  const from = random.whole(0, file.length);
  const length = random.whole(1, 40);
  switch (random.whole(0, 4)) {
    case 0:
      return Buffer.concat([file.subarray(0, from), file.subarray(from + length)]);
    case 1:
      return Buffer.concat([file.subarray(0, from + length), file.subarray(from)]);
    case 2:
      return file.subarray(0, from);
    default: {
      const over = Uint8Array.from({ length: random.whole(1, 8) }, () => random.whole(0, 255));
      return Buffer.concat([file.subarray(0, from), over, file.subarray(from + over.length)]);
    }
  }
}
