/** What a lift is built like, beyond the facts of the site file: its drive, and which of its doors opens at each landing. */

export interface Build {
  /** a hydraulic car sinks as it stands, is pumped up to its level again, and goes down to rest at the lowest landing */
  readonly drive: 'traction' | 'hydraulic';
  /** by landing; the front door where none is given. Where both open, closed means both of them, and open the slower one. */
  readonly entrances: readonly Entrance[];
}
export type Entrance = 'front' | 'rear' | 'both';

export const PLAIN: Build = { drive: 'traction', entrances: [] };

/** How long the door of each entrance takes, ms, at the least and the most: the rear one is older. */
export const OPENING_MS: { readonly [E in Entrance]: readonly [number, number] } = {
  front: [2000, 2500],
  rear: [2600, 3200],
  both: [2600, 3200],
};
export const CLOSING_MS: { readonly [E in Entrance]: readonly [number, number] } = {
  front: [2500, 3000],
  rear: [3000, 3600],
  both: [3000, 3600],
};

/** How long a hydraulic car stands until it is pumped up again, at the least and the most, and until it goes to the bottom. */
export const SINKS_AFTER_MS: readonly [number, number] = [6 * 60_000, 30 * 60_000];
export const HOME_AFTER_MS = 15 * 60_000;
