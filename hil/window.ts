/**
 * A window of a simulated life, as a capture that begins amid the run: a checkpoint of judgement, and everything that it was
 * given from there on; and the site file that it is to be replayed with.
 */

import { dirname, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { MonoMs, WallMs } from '../src/clock.ts';
import type { LoadedSite } from '../src/config/load.ts';
import type { SiteLift } from '../src/config/schema.ts';
import { timeOf } from '../src/replay.ts';
import type { Room } from '../src/room.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { CaptureWriter } from '../src/trace/file.ts';

/** A Monday morning. */
const WALL_AT_ZERO_MS = Date.UTC(2026, 0, 5, 8) as WallMs;

/** Takes what judgement is given (`SimulateOptions.capture`), and keeps the window of it. */
export class Window {
  readonly items: CaptureItem[] = [];
  readonly #fromMs: MonoMs;
  readonly #untilMs: MonoMs;
  /** by line: the request whose reply is still to come when the window opens */
  readonly #asked = new Map<string, CaptureItem>();
  #state: 'before' | 'open' | 'over' = 'before';

  constructor(fromMs: MonoMs, untilMs: MonoMs) {
    this.#fromMs = fromMs;
    this.#untilMs = untilMs;
  }

  add(item: CaptureItem, room: Room): void {
    const atMs = timeOf(item);
    if (this.#state === 'before' && atMs >= this.#fromMs) {
      room.advanceTo(this.#fromMs);
      this.items.push({ kind: 'checkpoint', atMs: this.#fromMs, state: room.snapshot() }, ...this.#asked.values());
      this.#state = 'open';
    }
    if (this.#state === 'open' && (item.kind === 'end' || atMs > this.#untilMs)) {
      this.items.push({ kind: 'end', atMs: this.#untilMs });
      this.#state = 'over';
    }
    if (this.#state === 'open') this.items.push(item);
    else if (this.#state === 'before' && item.kind === 'chunk') this.#hear(item);
  }

  #hear(item: Extract<CaptureItem, { kind: 'chunk' }>): void {
    const { bus, dir } = item.chunk;
    if (dir === 'tx') this.#asked.set(bus, item);
    else this.#asked.delete(bus);
  }
}

/** The bytes of the capture. `comment`: how it was made; that it is synthetic is said before it. */
export function captureOf({ site }: LoadedSite, items: readonly CaptureItem[], comment: string): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = new CaptureWriter((bytes) => parts.push(bytes), {
    wallAtZeroMs: WALL_AT_ZERO_MS,
    clockTrust: 'ntp',
    box: site.box.id,
    comment: `SYNTHETIC: made by Hoistway's simulated lift, ${comment}`,
    buses: site.buses.map(({ id }) => id),
  });
  for (const item of items) writer.add(item);
  return Buffer.concat(parts);
}

/** The site file of a simulated room, with a contact, a port and a number of its own for each that asks for one. */
export function siteFileOf({ site, path }: LoadedSite, comment: string): string {
  const { version, box, buses } = site;
  let offset = 0;
  const lifts = site.lifts.map((lift, at): SiteLift => {
    const inputs = Object.entries(lift.inputs).map(([signal, line]) => [signal, line && { ...line, offset: offset++ }]);
    const { controller } = lift;
    return {
      ...lift,
      registrationNumber: nextNumber(lift.registrationNumber, at),
      rescueLabelNumber: nextNumber(lift.rescueLabelNumber, at),
      inputs: Object.fromEntries(inputs),
      controller: controller && { ...controller, profile: profileFrom(path, controller.profile) },
    };
  });
  const lines = buses.map((bus, at) => (bus.type === 'rtu' && at > 0 ? { ...bus, path: `${bus.path}-${at}` } : bus));
  const used = new Set(lifts.map(({ controller }) => controller?.bus));
  const body = { version, box: { id: box.id }, buses: lines.filter(({ id }) => used.has(id)), lifts };
  return `# SYNTHETIC: the site of a simulated life, ${comment}\n${stringify(body, { lineWidth: 0 })}`;
}

/** The same digits, counted on. */
function nextNumber(digits: string, by: number): string {
  return String(BigInt(digits) + BigInt(by)).padStart(digits.length, '0');
}

/** A shipped profile by its name; one of the site's own by its whole path. */
function profileFrom(sitePath: string, reference: string): string {
  return /\/|\.ya?ml$/.test(reference) ? resolve(dirname(sitePath), reference) : reference;
}
