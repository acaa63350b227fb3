/**
 * A machine room of a fleet, drawn from its seed: 2 to 60 landings, 0.5 to 6 m/s, express zones, basements, two entrances,
 * traction or hydraulic; a house, an office or a hospital; read by controller and sensors, by the controller alone, or by
 * sensors alone; on a quiet line or a noisy one; one lift, or a group of eight.
 */

import type { LoadedSite } from '../src/config/load.ts';
import type { SiteLift } from '../src/config/schema.ts';
import { type Build, type Entrance, PLAIN } from './lift/build.ts';
import { Random } from './lift/random.ts';
import { house, officeDay, steady, type TrafficProfile } from './lift/traffic.ts';

export interface Kind {
  readonly loaded: LoadedSite;
  readonly traffic: TrafficProfile;
  readonly builds: readonly Build[];
  readonly noisyShare: number;
  /** simulated hours of each lift, so that a group of eight makes as many lift-hours as one lift alone */
  readonly hours: number;
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
/** Oil lifts no car higher or faster. */
const HYDRAULIC = { mostLandings: 6, mostMmPerS: 630, share: 0.3 };
const TWO_ENTRANCES = 0.15;
const GROUP = { lifts: 8, share: 0.04, leastLandings: 8, leastHours: 4 };
/** One line in five is noisy: a reply in a hundred, or in a thousand, is spoiled. */
const NOISY_LINES = 0.2;

/**
 * `like`: a site with one lift that is read both ways, from which the drawn ones take what is not drawn. `sensed`: none is read
 * by its controller alone.
 */
export function kindOf(seed: number, like: LoadedSite, hours: number, sensed = false): Kind {
  const random = new Random(seed).fork('kind');
  const [model] = like.site.lifts;
  if (!model) throw new Error('the site has no lift to draw from');
  // As many low houses as in a city: a quarter has two to five landings, one in twenty more than forty.
  const count = Math.round(2 * (MOST_LANDINGS / 2) ** (random.next() ** 1.3));
  const [slowest, ...faster] = SPEEDS.filter(([, least]) => count >= least).slice(-3);
  const [ratedSpeedMmPerS] = random.pick([slowest ?? [500, 2], ...faster]);
  const lift: SiteLift = { ...model, ...shaftOf(count, random), ratedSpeedMmPerS };
  const read = readOf(model, random, sensed);
  const traffic = random.pick([house, house, house, officeDay, steady(random.between(2, 8))]);
  const build = buildOf(lift, random);
  const noisyShare = random.chance(NOISY_LINES) ? random.pick([0.001, 0.01]) : 0;
  const group = count >= GROUP.leastLandings && hours >= GROUP.leastHours * GROUP.lifts && random.chance(GROUP.share);
  const many = group ? GROUP.lifts : 1;
  const lifts = Array.from({ length: many }, (_, at) => memberOf({ ...lift, ...read }, at));
  return {
    loaded: { ...like, site: { ...like.site, lifts, buses: busesOf(like, lifts) } },
    ...{ traffic, builds: lifts.map(() => build), noisyShare, hours: hours / many },
  };
}

/** By controller and sensors, by the controller alone, or by sensors alone. */
function readOf(model: SiteLift, random: Random, sensed: boolean): Partial<SiteLift> {
  const way = random.next();
  const controller = model.controller && { ...model.controller, scanIntervalMs: random.pick([200, 300, 300]) };
  if (way < 0.45 || (sensed && way < 0.7)) return { controller };
  return way < 0.7 ? { controller, inputs: {} } : { controller: undefined, inputs: sensorsOf(model) };
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

function buildOf({ landings, ratedSpeedMmPerS }: SiteLift, random: Random): Build {
  const oil = landings.length <= HYDRAULIC.mostLandings && ratedSpeedMmPerS <= HYDRAULIC.mostMmPerS;
  const drive = oil && random.chance(HYDRAULIC.share) ? 'hydraulic' : 'traction';
  if (!random.chance(TWO_ENTRANCES)) return { ...PLAIN, drive };
  const entrances = landings.map((): Entrance => random.pick(['front', 'front', 'rear', 'both']));
  return { drive, entrances };
}

/** The next lift of a group: on a line of its own, for one line cannot read eight lifts every 200 ms. */
function memberOf(lift: SiteLift, at: number): SiteLift {
  if (at === 0) return lift;
  const letter = String.fromCharCode(97 + at);
  const { controller } = lift;
  return {
    ...{ ...lift, id: `lift-${letter}` },
    ...(controller ? { controller: { ...controller, bus: `${controller.bus}-${letter}` } } : {}),
  };
}

/** The lines that these lifts are on, each like that of the model. */
function busesOf({ site }: LoadedSite, lifts: readonly SiteLift[]): LoadedSite['site']['buses'] {
  const [model] = site.buses;
  return lifts.flatMap(({ controller }) => (model && controller ? { ...model, id: controller.bus } : []));
}
