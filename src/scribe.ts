/** From what judgement says to what is kept and sent: who and where, what kind, and when by the wall clock. */

import type { BoxFaultEvent } from './box/faults.ts';
import type { Clock, ClockTrust, MonoMs } from './clock.ts';
import { loadConditions } from './condition/catalogue.ts';
import type { Site, SiteLift } from './config/schema.ts';
import type { Catalogue } from './detect/catalogue.ts';
import { type LiftEvent, laneOf } from './lift/events.ts';
import type { NewRecord, StoredRecord } from './outbox/port.ts';

/** Entrapments that are going on at once: far more than lifts. */
const MOST_AT_ONCE = 64;

function bound<K>(map: Map<K, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > MOST_AT_ONCE && oldest !== undefined) map.delete(oldest);
}

export class Scribe {
  readonly #lifts: ReadonlyMap<string, SiteLift>;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  readonly #trust: () => ClockTrust;
  /** fault ids by record id */
  readonly #awaited = new Map<number, string>();
  readonly #acknowledgedMs = new Map<string, MonoMs>();

  constructor(site: Site, catalogue: Catalogue, clock: Clock, trust: () => ClockTrust) {
    this.#lifts = new Map(site.lifts.map((lift) => [lift.id, lift]));
    this.#catalogue = catalogue;
    this.#clock = clock;
    this.#trust = trust;
  }

  /** A record is on disk: where it is the begin of an entrapment, its acknowledgement is awaited. */
  stored({ id, body }: StoredRecord): void {
    if (body.fault !== 'entrapment' || body.phase !== 'begin') return;
    this.#awaited.set(id, String(body.id));
    bound(this.#awaited);
  }

  /** The platform has these records. */
  acknowledged(ids: readonly number[]): void {
    for (const id of ids) {
      const fault = this.#awaited.get(id);
      if (fault === undefined) continue;
      this.#awaited.delete(id);
      this.#acknowledgedMs.set(fault, this.#clock.monoMs());
      bound(this.#acknowledgedMs);
    }
  }

  #acknowledged(faultId: string, raisedMs: number): number | null {
    const atMs = this.#acknowledgedMs.get(faultId);
    this.#acknowledgedMs.delete(faultId);
    return atMs === undefined ? null : Math.max(0, Math.round(atMs - raisedMs));
  }

  /** `capture`: name of the evidence that is kept on the box, where there is one. */
  record(event: LiftEvent, capture: string | null): NewRecord {
    const lift = this.#lifts.get(event.lift);
    const body: Record<string, unknown> = {
      ...event,
      registrationNumber: lift?.registrationNumber,
      ...this.#when(event.atMs),
    };
    if (event.type === 'rescue') {
      body.acknowledgedAfterMs = this.#acknowledged(event.id, event.raisedMs);
    }
    if (laneOf(event) === 'alarm') {
      body.rescueLabelNumber = lift?.rescueLabelNumber;
      body.address = lift?.address;
    }
    if (event.type === 'condition') {
      const { title, next } = loadConditions()[event.condition];
      Object.assign(body, { title, next });
    }
    if (event.type === 'fault') {
      const { severity, title, codes } = this.#catalogue[event.fault];
      Object.assign(body, { severity, title, codes });
      if (capture !== null) body.capture = capture;
    }
    return { lane: laneOf(event), lift: event.lift, body };
  }

  /** Of the box itself: no lift, and so neither numbers nor an address. */
  recordOfBox(event: BoxFaultEvent): NewRecord {
    const { severity, title, codes } = this.#catalogue[event.fault];
    return {
      lane: laneOf(event),
      lift: null,
      body: { ...event, ...this.#when(event.atMs), severity, title, codes },
    };
  }

  #when(atMs: number): { wallMs: number; clockTrust: ClockTrust } {
    const wallMs = Math.round(this.#clock.wallMs() - (this.#clock.monoMs() - atMs));
    return { wallMs, clockTrust: this.#trust() };
  }
}
