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
import * as forms from '../trace/import/forms.ts';
import { importOf, SETTINGS } from '../trace/import/read.ts';
import { recording } from '../trace/import/recordings.ts';

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
const { TALK } = forms;
/** A recording of 4 MHz takes its time: one in so many. */
const SIGROK_EVERY = 200;

const FILES: { readonly [name: string]: Uint8Array } = {
  own: readFileSync(join(CASE, 'capture.pcapng')),
  socat: forms.socat(TALK, { digits: 9 }),
  jpnevulator: forms.jpnevulator(TALK),
  interceptty: forms.interceptty(TALK, true),
  'saleae 1': forms.saleae1(TALK),
  'saleae 2': forms.saleae2(TALK),
  text: forms.text(TALK),
  'pcap RTAC': forms.pcap(forms.rtac(TALK)),
  'pcap bare': forms.pcap(forms.bare(TALK), { linktype: 147 }),
  'pcap TCP': forms.pcap(forms.ethernet(forms.tcpParts(TALK)), { linktype: 1 }),
  pcapng: forms.pcapng([{ linktype: 250, name: 'COM1', rows: forms.rtac(TALK) }]),
  'pcapng TCP': forms.pcapng([{ linktype: 1, name: 'eth0', rows: forms.ethernet(forms.tcpParts(TALK)) }]),
};
const SIGROK = recording('flowmeter_graph_tool.sr');

export async function fuzzFiles(seed: number, count: number): Promise<FuzzedFiles> {
  const random = new Random(`files ${seed}`);
  const site = await loadSite(join(CASE, 'site.yaml'));
  const names = Object.keys(FILES);
  const crashes: string[] = [];
  let [read, rssBytes] = [0, 0];
  for (let at = 0; at < count; at++) {
    const name = at % SIGROK_EVERY === 0 ? 'sigrok' : (names[at % names.length] ?? 'own');
    let file = FILES[name] ?? SIGROK;
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
