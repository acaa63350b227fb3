/**
 * Makes the cases of hil/cases from the stories in their table: `npx tsx hil/make-case.ts [NAME...] [--check] [--accept]`.
 *
 * Without a name: all of them. --check writes nothing and tells what would change. What judgement must say is handed over
 * once, when a case is new; after that a change of it is refused, unless it is meant: --accept.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { WallMs } from '../src/clock.ts';
import { type LoadedSite, loadSite } from '../src/config/load.ts';
import { GatewayError } from '../src/errors.ts';
import { t } from '../src/language.ts';
import { packageRoot } from '../src/package.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { CaptureWriter, parseCapture } from '../src/trace/file.ts';
import { BEGIN_MS, type Played, play, replayed } from './cases/play.ts';
import type { Story } from './cases/story.ts';
import { CASES, type Case } from './cases/table.ts';

const FOLDER = join(packageRoot, 'hil/cases');
/** A Monday morning. */
const WALL_AT_ZERO_MS = (Date.UTC(2026, 0, 5, 8) - BEGIN_MS) as WallMs;

interface Made {
  readonly capture: Uint8Array;
  readonly expected: string;
  readonly played: Played | null;
}

async function make({ name, story }: Case, loaded: LoadedSite): Promise<Made> {
  const path = join(FOLDER, name, 'capture.pcapng');
  const played = story && (await play(loaded, story));
  const capture = story && played ? encoded(loaded, story, played.items) : readFileSync(path);
  const lines = replayed(loaded, parseCapture(capture, path).items);
  const live = played?.events.map((event) => JSON.stringify(event));
  if (live && live.join('\n') !== lines.join('\n'))
    throw new Error(`${name}: the replay tells another story than live`);
  return { capture, expected: lines.map((line) => `${line}\n`).join(''), played };
}

function encoded({ site }: LoadedSite, { seed }: Story, items: readonly CaptureItem[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new CaptureWriter((bytes) => parts.push(bytes), {
    wallAtZeroMs: WALL_AT_ZERO_MS,
    clockTrust: 'ntp',
    box: site.box.id,
    comment: `SYNTHETIC: made by Hoistway's simulated lift, seed ${seed}`,
    buses: site.buses.map(({ id }) => id),
  });
  for (const item of items) writer.add(item);
  return Buffer.concat(parts);
}

/** What the oracle of the simulated lift asks for: written from, and held against, physical moments. */
function reckoning({ lifts, events }: Played): string[] {
  return lifts.flatMap((lift) =>
    lift.expected().map(({ fault, subject, dueMs, endsByMs }) => {
      const event = events.find(
        (one) => one.type === 'fault' && one.fault === fault && one.phase === 'begin' && one.subject === subject,
      );
      const raised = event ? `begins ${(event.atMs - dueMs).toFixed(1)} ms later` : 'IS NOT RAISED';
      return `  ${lift.id} ${fault} due ${clockOf(dueMs)}, over by ${clockOf(endsByMs)}: ${raised}`;
    }),
  );
}

function clockOf(ms: number): string {
  const part = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, '0');
  return `${part(ms / 3_600_000)}:${part((ms / 60_000) % 60)}:${part((ms / 1000) % 60)}.${part(ms % 1000, 3)}`;
}

/** Made by another version, a capture differs in its head alone. */
function sameItems(path: string, capture: Uint8Array): boolean {
  if (!existsSync(path)) return false;
  const plain = (bytes: Uint8Array) => JSON.stringify(parseCapture(bytes, path).items);
  return plain(readFileSync(path)) === plain(capture);
}

/** The first lines in which two texts differ. */
function difference(was: string, is: string): string[] {
  const [before, after] = [was.split('\n'), is.split('\n')];
  const at = after.findIndex((line, at) => line !== before[at]);
  const place = at < 0 ? after.length : at;
  return [`  - ${before[place] ?? ''}`, `  + ${after[place] ?? ''}`];
}

/** True where the case is as it should be. */
async function bring(one: Case, { check, accept }: { check: boolean; accept: boolean }): Promise<boolean> {
  const at = (file: string) => join(FOLDER, one.name, file);
  const made = await make(one, await loadSite(at('site.yaml')));
  const was = existsSync(at('expected.jsonl')) ? readFileSync(at('expected.jsonl'), 'utf8') : null;
  const captured = sameItems(at('capture.pcapng'), made.capture);
  const judged = was === made.expected;
  console.log(`${one.name}: ${captured && judged ? 'as it was' : 'changed'}, ${made.capture.length} bytes`);
  if (made.played) for (const line of reckoning(made.played)) console.log(line);
  if (captured && judged) return true;
  if (was !== null && !judged) for (const line of difference(was, made.expected)) console.log(line);
  if (check) return false;
  if (was !== null && !judged && !accept) {
    console.log('  expected.jsonl would change: left as it is. If that is meant, say --accept');
    return false;
  }
  if (!captured) writeFileSync(at('capture.pcapng'), made.capture);
  if (!judged) writeFileSync(at('expected.jsonl'), made.expected);
  return true;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'boolean', default: false }, accept: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const unknown = positionals.filter((name) => !CASES.some((one) => one.name === name));
  if (unknown.length > 0) {
    console.error(`${t('no such case', '没有这个案例')}: ${unknown.join(' ')}`);
    return 2;
  }
  const chosen = positionals.length > 0 ? CASES.filter(({ name }) => positionals.includes(name)) : CASES;
  let sound = true;
  for (const one of chosen) sound = (await bring(one, values)) && sound;
  return sound ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof GatewayError)) throw error;
  console.error(`${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
