/** What the mappings of the regions share: the status set in numbers, times as these platforms write them, safe looks at JSON. */

import type { FaultEvent, Snapshot } from '../lift/events.ts';
import { DIRECTIONS, SERVICE_MODES } from '../lift/signals.ts';
import type { Json, Place, Told } from './region.ts';

/** The fault of a record with what the scribe added; null where it is none. */
export type FaultBody = FaultEvent & {
  readonly codes: Json;
  readonly title: { readonly en: string; readonly zh: string };
};

export function faultOf(body: Json): FaultBody | null {
  return body.type === 'fault' ? (body as unknown as FaultBody) : null;
}

/** The status set of the GB/T 24476-2017 family, undefined where nobody can say. Numbers in the order of the lists of signals.ts. */
export function statusOf(snapshot: Snapshot, { markings }: Place) {
  const { mode, moving, direction, doorZone, landing, doorClosed, passenger } = snapshot;
  return {
    serviceMode: SERVICE_MODES.indexOf(mode ?? 'unknown'),
    carStatus: moving === undefined ? undefined : Number(moving),
    carDirection: direction === undefined ? undefined : DIRECTIONS.indexOf(direction),
    doorZone,
    carPosition: landing === undefined ? undefined : markings[landing],
    doorClosed,
    doorStatus: doorStatusOf(snapshot),
    passenger,
  };
}

/** 0 unknown, 2 closed, 4 open, 6 not fully closed. Closing and opening (1, 3) and locked (5) are told by no signal of ours. */
function doorStatusOf({ doorClosed, doorOpen }: Snapshot): number {
  if (doorClosed === true) return 2;
  if (doorOpen === true) return 4;
  return doorClosed === false ? 6 : 0;
}

const CHINA_MS = 8 * 3_600_000;

/** `yyyy-MM-dd HH:mm:ss`, China standard time. */
export function chinaTime(wallMs: number): string {
  return new Date(wallMs + CHINA_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Where the rescuer goes, and a word where the time is not to be trusted. */
export function descriptionOf(what: string, { place, clockSet }: Told): string {
  const words = [what, `救援标识码 ${place.rescueLabelNumber}`, place.address];
  return [...words, ...(clockSet ? [] : ['时钟未校准'])].join('；');
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
