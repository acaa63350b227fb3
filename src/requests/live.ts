/** What a live view shows: the state of each lift that changed since it was last shown. Pure. */

import type { Board, LiftBoard } from '../interface/board.ts';

export const LIVE_EVERY_MS = 500;
/** All lifts are shown again so often, for who came later. */
export const LIVE_WHOLE_MS = 10_000;

/** A lift on the live topic: the board without what the platform knows already. */
export type LiveLift = ReturnType<typeof liveLift>;

function liveLift(lift: LiftBoard) {
  const { registrationNumber: _, rescueLabelNumber: __, address: ___, landings: ____, faults, ...state } = lift;
  return { ...state, faults: faults.map(({ fault, subject }) => (subject ? `${fault}:${subject}` : fault)) };
}

/** Each as its JSON, by id: what is compared is what would be sent. */
export type Shown = ReadonlyMap<string, string>;

export function liveOf({ lifts }: Board, shown: Shown): { readonly changed: readonly LiveLift[]; readonly now: Shown } {
  const views = lifts.map(liveLift);
  const now = new Map(views.map((view) => [view.id, JSON.stringify(view)]));
  return { changed: views.filter(({ id }) => now.get(id) !== shown.get(id)), now };
}
