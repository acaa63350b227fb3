/** From what judgement says to what is kept and sent: who and where, what kind, and when by the wall clock. */

import type { Clock, ClockTrust } from './clock.ts';
import type { Site, SiteLift } from './config/schema.ts';
import type { Catalogue } from './detect/catalogue.ts';
import { type LiftEvent, laneOf } from './lift/events.ts';
import type { NewRecord } from './outbox/port.ts';

export class Scribe {
  readonly #lifts: ReadonlyMap<string, SiteLift>;
  readonly #catalogue: Catalogue;
  readonly #clock: Clock;
  readonly #trust: () => ClockTrust;

  constructor(site: Site, catalogue: Catalogue, clock: Clock, trust: () => ClockTrust) {
    this.#lifts = new Map(site.lifts.map((lift) => [lift.id, lift]));
    this.#catalogue = catalogue;
    this.#clock = clock;
    this.#trust = trust;
  }

  /** `capture`: name of the evidence that is kept on the box, where there is one. */
  record(event: LiftEvent, capture: string | null): NewRecord {
    const lift = this.#lifts.get(event.lift);
    const wallMs = Math.round(this.#clock.wallMs() - (this.#clock.monoMs() - event.atMs));
    const body: Record<string, unknown> = {
      ...event,
      registrationNumber: lift?.registrationNumber,
      wallMs,
      clockTrust: this.#trust(),
    };
    if (event.type === 'fault' || event.type === 'mode') {
      body.rescueLabelNumber = lift?.rescueLabelNumber;
      body.address = lift?.address;
    }
    if (event.type === 'fault') {
      const { severity, title, codes } = this.#catalogue[event.fault];
      Object.assign(body, { severity, title, codes });
      if (capture !== null) body.capture = capture;
    }
    return { lane: laneOf(event), lift: event.lift, body };
  }
}
