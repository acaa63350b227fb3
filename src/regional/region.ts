/** The port of a region: what one city's platform wants to hear, and what its answers mean. Pure; README.md has the recipe. */

import type { WallMs } from '../clock.ts';
import type { FaultName, Snapshot } from '../lift/events.ts';
import type { Said } from '../uplink/reasons.ts';

/** A JSON object. What is undefined in it is left out on the wire. */
export type Json = { readonly [key: string]: unknown };

/** A POST: `path` after the address of the platform, and its JSON body. */
export interface Post {
  readonly path: string;
  readonly body: Json;
}

/** What of a lift the platforms ask for. */
export interface Place {
  readonly id: string;
  readonly registrationNumber: string;
  readonly rescueLabelNumber: string;
  readonly address: string;
  /** of the landings, as passengers read them, lowest first */
  readonly markings: readonly string[];
}

/** What the platform has agreed with whoever runs the box, from the site file. */
export interface Agreed {
  /** the name that it gave to the sender */
  readonly senderId: string;
  /** numbers of faults, where its list is not public or it gave others */
  readonly faultCodes: { readonly [F in FaultName]?: string | undefined };
}

/** A record of the outbox on its way. */
export interface Told {
  /** `<box>-<boot>-<seq>`: the same for a repeat, and for nothing else ever */
  readonly id: string;
  readonly box: string;
  readonly place: Place;
  readonly body: Json;
  /** when it happened */
  readonly wallMs: WallMs;
  /** `wallMs` rests on a clock that was set */
  readonly clockSet: boolean;
  /** when it is sent */
  readonly nowMs: WallMs;
  readonly agreed: Agreed;
}

/** A lift as it is now. */
export interface Live {
  readonly place: Place;
  readonly snapshot: Snapshot;
  readonly nowMs: WallMs;
}

/** What an answer means for what was sent. */
export type Verdict =
  | { readonly kind: 'taken' }
  /** no repeating will change it */
  | { readonly kind: 'refused'; readonly reason: string }
  /** the token is not, or no longer, good */
  | { readonly kind: 'login'; readonly reason: string }
  /** not now: `afterMs` where the platform says when */
  | { readonly kind: 'later'; readonly reason: string; readonly afterMs: number | null };

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Token {
  readonly token: string;
  /** null: until it is refused */
  readonly lifeMs: number | null;
}

/** `login`: the password is given for a token; `token`: the file holds the token itself. */
export type Access =
  | {
      readonly kind: 'login';
      request(credentials: Credentials): Post;
      /** null where the answer holds no token. `nowMs`: for platforms that say until when, and not how long. */
      tokenOf(body: unknown, nowMs: WallMs): Token | null;
    }
  | { readonly kind: 'token' };

export interface Region {
  readonly title: Said;
  /** the state of a lift goes no more often, and at least as often, where the site file says nothing else */
  readonly throttleMs: number;
  readonly heartbeatMs: number;
  readonly access: Access;
  /** the Authorization header */
  authorization(token: string): string;
  /** The platform's number of a fault; null where it has none. `codes`: those of the catalogue. */
  codeOf(fault: string, codes: Json, snapshot: Snapshot): string | null;
  /** null: the platform has no place for this record */
  report(told: Told): Post | null;
  live(live: Live): Post;
  /** Of an answer with status 2xx; `body` is undefined where it is no JSON. */
  verdict(body: unknown): Verdict;
}
