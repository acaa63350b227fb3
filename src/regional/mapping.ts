/** Records and lifts as the region of the site file wants them: its mapping, with what the site file knows of each lift. */

import type { Clock, WallMs } from '../clock.ts';
import type { SiteLift, SiteRegionalPlatform } from '../config/schema.ts';
import type { Snapshot } from '../lift/events.ts';
import type { Outbox, StoredRecord } from '../outbox/port.ts';
import type { Agreed, Place, Post, Region } from './region.ts';
import { REGIONS } from './regions.ts';

interface MappingParts {
  readonly platform: SiteRegionalPlatform;
  readonly boxId: string;
  readonly lifts: readonly SiteLift[];
  readonly outbox: Pick<Outbox, 'boot'>;
  readonly snapshot: (lift: string) => Snapshot;
  readonly clock: Clock;
  readonly clockSet: () => boolean;
}

export class Mapping {
  readonly region: Region;
  readonly #parts: MappingParts;
  readonly #agreed: Agreed;
  readonly #places: ReadonlyMap<string, Place>;

  constructor(parts: MappingParts) {
    const { platform, boxId, lifts } = parts;
    this.region = REGIONS[platform.region];
    this.#parts = parts;
    this.#agreed = { senderId: platform.senderId ?? boxId, faultCodes: platform.faultCodes };
    this.#places = new Map(lifts.map((lift) => [lift.id, placeOf(lift)]));
  }

  /** null: the platform has no place for it; also for what the box says of itself, and of lifts that the site file no longer has. */
  post({ lift, boot, seq, body }: StoredRecord): Post | null {
    const place = this.#places.get(lift ?? '');
    if (!place) return null;
    const { boxId: box, clock } = this.#parts;
    const when = this.#whenOf(boot, body);
    const told = { id: `${box}-${boot}-${seq}`, box, place, body, ...when };
    return this.region.report({ ...told, nowMs: clock.wallMs(), agreed: this.#agreed });
  }

  live(lift: string): Post {
    return this.#live(lift, this.#parts.clock.wallMs());
  }

  /** The same while the platform would be told the same. */
  liveKey(lift: string): string {
    return JSON.stringify(this.#live(lift, 0 as WallMs));
  }

  #live(lift: string, nowMs: WallMs): Post {
    const place = this.#places.get(lift);
    if (!place) throw new Error(`no lift ${lift}`);
    return this.region.live({ place, snapshot: this.#parts.snapshot(lift), nowMs });
  }

  /** An event from before the clock was set, in this run of the box, is dated by the clock of now. */
  #whenOf(boot: string, { wallMs, atMs, clockTrust }: StoredRecord['body']): { wallMs: WallMs; clockSet: boolean } {
    const { clock, clockSet, outbox } = this.#parts;
    if (clockTrust !== 'unset') return { wallMs: Number(wallMs) as WallMs, clockSet: true };
    if (boot !== outbox.boot || !clockSet()) return { wallMs: Number(wallMs) as WallMs, clockSet: false };
    return { wallMs: Math.round(clock.wallMs() - (clock.monoMs() - Number(atMs))) as WallMs, clockSet: true };
  }
}

function placeOf({ id, registrationNumber, rescueLabelNumber, address, landings }: SiteLift): Place {
  return { id, registrationNumber, rescueLabelNumber, address, markings: landings.map(({ marking }) => marking) };
}
