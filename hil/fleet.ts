/**
 * A lift of a fleet, drawn from its seed: 2 to 60 landings, 0.5 to 6 m/s, express zones, basements; a house, an office or a
 * hospital; read by controller and sensors, by the controller alone, or by sensors alone.
 */

import type { LoadedSite } from '../src/config/load.ts';
import type { SiteLift } from '../src/config/schema.ts';
import { Random } from './lift/random.ts';
import { house, officeDay, steady, type TrafficProfile } from './lift/traffic.ts';

export interface Kind {
  readonly loaded: LoadedSite;
  readonly traffic: TrafficProfile;
}

/** Rated speeds, mm/s, with the least number of landings that they are built for. */
const SPEEDS: readonly (readonly [number, number])[] = [
  [500, 2],
  [630, 2],
  [1000, 3],
  [1600, 5],
  [1750, 6],
  [2500, 12],
  [4000, 24],
  [6000, 40],
];
const MOST_LANDINGS = 60;

/** `like`: a site with one lift that is read both ways, from which the drawn one takes what is not drawn. */
export function kindOf(seed: number, like: LoadedSite): Kind {
  const random = new Random(seed).fork('kind');
  const [model] = like.site.lifts;
  if (!model) throw new Error('the site has no lift to draw from');
  // As many low houses as in a city: a quarter has two to five landings, one in twenty more than forty.
  const count = Math.round(2 * (MOST_LANDINGS / 2) ** (random.next() ** 1.3));
  const [slowest, ...faster] = SPEEDS.filter(([, least]) => count >= least).slice(-3);
  const [ratedSpeedMmPerS] = random.pick([slowest ?? [500, 2], ...faster]);
  const lift: SiteLift = { ...model, ...shaftOf(count, random), ratedSpeedMmPerS };
  const way = random.next();
  const scanIntervalMs = random.pick([200, 200, 300]);
  const controller = model.controller && { ...model.controller, scanIntervalMs };
  const read: Partial<SiteLift> =
    way < 0.5
      ? { controller }
      : way < 0.75
        ? { controller, inputs: {} }
        : { controller: undefined, inputs: sensorsOf(model) };
  const traffic = random.pick([house, house, house, officeDay, steady(random.between(4, 12))]);
  return { loaded: { ...like, site: { ...like.site, lifts: [{ ...lift, ...read }] } }, traffic };
}

/** Add-on sensors alone are more of them: limit, alarm button, inspection and mains come on wires too. */
function sensorsOf({ inputs }: SiteLift): SiteLift['inputs'] {
  const { doorClosed } = inputs;
  if (!doorClosed) return inputs;
  const more = ['endLimit', 'alarmButton', 'inspection', 'mainsPresent'].map((signal) => [signal, doorClosed]);
  return { ...inputs, ...Object.fromEntries(more) };
}

function shaftOf(count: number, random: Random): Pick<SiteLift, 'landings' | 'baseLanding'> {
  const pitchMm = Math.round(random.between(2600, 4200));
  const expressAt = count >= 10 && random.chance(0.15) ? random.whole(2, count - 2) : null;
  let heightMm = 0;
  const landings = Array.from({ length: count }, (_, at) => {
    if (at > 0) heightMm += at === expressAt ? Math.round(random.between(15_000, 60_000)) : pitchMm;
    return { marking: String(at + 1), heightMm };
  });
  const base = count > 3 && random.chance(0.3) ? random.whole(1, 2) : 0;
  return { landings, baseLanding: String(base + 1) };
}
