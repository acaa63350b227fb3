/** Which columns a batch gets, and what foretells each. Only who writes a batch knows: the batch itself says it. */

import type { Column, Shape } from './form.ts';

type Plan = Omit<Column, 'of' | 'name'>;

/**
 * The times of a lift make a chain: its door opens soon after the trip, the next trip begins soon after the door has closed.
 * Between the same landings, there or back, a trip takes as long and goes as far.
 */
const PLANS: { readonly [type: string]: { readonly [name: string]: Plan } } = {
  trip: {
    from: { add: ['to'] },
    to: {},
    direction: { like: ['from', 'to'] },
    passenger: {},
    topSpeedMmPerS: { either: ['from', 'to'] },
    levelErrorMm: {},
    distanceMm: { either: ['from', 'to'] },
    startMs: { add: ['atMs'] },
    atMs: { add: ['startMs'], either: ['from', 'to'] },
  },
  'door-cycle': {
    landing: { add: ['to'] },
    reversals: {},
    relevels: {},
    openingMs: {},
    closingMs: {},
    startMs: { add: ['atMs'] },
    atMs: { add: ['startMs'] },
  },
};
const EVERY: { readonly [name: string]: Plan } = {
  registrationNumber: { like: ['lift'] },
  wallMs: { add: ['atMs'], like: [] },
};
/** What is not known here is foretold to be as it was in the row before. */
const AS_BEFORE: Plan = { like: [] };

/** In this order they are worked out; what varies little stands before what varies much, which packs better. */
const LAST = [
  ...['from', 'landing', 'reversals', 'relevels', 'to', 'direction', 'passenger', 'topSpeedMmPerS', 'levelErrorMm'],
  ...['distanceMm', 'openingMs', 'closingMs', 'startMs', 'atMs', 'wallMs'],
];

export function shapeOf(body: Readonly<Record<string, unknown>>): Shape {
  const { type } = body;
  return { same: typeof type === 'string' ? { type } : {}, keys: Object.keys(body) };
}

/** Columns of all shapes, in the order in which they are worked out. */
export function columnsOf(shapes: readonly Shape[]): Column[] {
  const columns = shapes.flatMap(({ same, keys }, of) =>
    keys.filter((name) => !Object.hasOwn(same, name)).map((name) => ({ of, name, ...planOf(same.type, name) })),
  );
  return columns.sort((a, b) => LAST.indexOf(a.name) - LAST.indexOf(b.name));
}

function planOf(type: unknown, name: string): Plan {
  const plans = typeof type === 'string' && Object.hasOwn(PLANS, type) ? PLANS[type] : undefined;
  if (plans && Object.hasOwn(plans, name)) return plans[name] ?? AS_BEFORE;
  return (Object.hasOwn(EVERY, name) && EVERY[name]) || AS_BEFORE;
}
