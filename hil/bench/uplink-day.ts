/**
 * A day of one box with eight lifts, about a thousand trips each, as the box keeps it: simulated, judged, and written down by
 * the very parts that run live. With it what else a day brings: modes, totals, alarm tests, and one fault of each lift.
 */

import { join } from 'node:path';
import { type MonoMs, VirtualClock } from '../../src/clock.ts';
import { Condition } from '../../src/condition/condition.ts';
import { type LoadedSite, loadSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue, mutesOf } from '../../src/detect/catalogue.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { packageRoot } from '../../src/package.ts';
import { Scribe } from '../../src/scribe.ts';
import { officeDay, type TrafficProfile } from '../lift/traffic.ts';
import { planFor } from '../score.ts';
import { simulate } from '../simulate.ts';

const LIFTS = 8;
export const BOOT = '5f3a9c01.7';
const DAY_MS = 24 * 3_600_000;
/** An office of twice the people: about a thousand trips a lift. */
const BUSY = 2;
/** No controller answers to the millisecond; a simulated one would make times that are easier to foretell than real ones. */
const UNEVEN_MS = 20;

const traffic: TrafficProfile = { ...officeDay, peoplePerHour: officeDay.peoplePerHour.map((people) => people * BUSY) };

/** The simulated site with its lift eight times, each on a line of its own. */
export async function roomOfEight(): Promise<LoadedSite> {
  const loaded = await loadSite(join(packageRoot, 'seeds/sites/simulated.yaml'));
  const [lift] = loaded.site.lifts;
  const [bus] = loaded.site.buses;
  if (!lift?.controller || !bus) throw new Error('the simulated site has a lift on a line');
  const { controller } = lift;
  const letters = [...'abcdefgh'].slice(0, LIFTS);
  const lifts = letters.map((letter, at) => ({
    ...{ ...lift, id: `lift-${letter}`, registrationNumber: `3110500000202600000${at + 1}` },
    ...{ rescueLabelNumber: `1000${at + 1}`, controller: { ...controller, bus: `line-${letter}` } },
  }));
  const buses = letters.map((letter) => ({ ...bus, id: `line-${letter}` }));
  return { ...loaded, site: { ...loaded.site, lifts, buses } };
}

/** In the order in which they were stored. */
export async function recordsOfADay(seed: number): Promise<StoredRecord[]> {
  const loaded = await roomOfEight();
  const catalogue = loadCatalogue();
  const scribe = new Scribe(loaded.site, catalogue, new VirtualClock(), () => 'ntp');
  const conditions = new Map(loaded.site.lifts.map(({ id }) => [id, new Condition(id)]));
  const facts = new Map(wiringsOf(loaded).map((wiring) => [wiring.facts.id, wiring.facts]));
  const planOf = (id: string) => {
    const of = facts.get(id);
    return of ? planFor(loaded, seed, 24, of).slice(0, 1) : [];
  };
  const records: StoredRecord[] = [];
  const keep = (event: LiftEvent) => {
    const begins = event.type === 'fault' && event.phase === 'begin';
    const id = records.length + 1;
    const capture = begins ? `${`${BOOT} ${event.id}`.replace(/[^a-zA-Z0-9-]+/g, '_')}.pcapng` : null;
    records.push({ ...scribe.record(event, capture), id, boot: BOOT, seq: id });
  };
  simulate({
    ...{ loaded, mutes: mutesOf(catalogue), seed, hours: 24, traffic, unevenMs: UNEVEN_MS },
    script: (lift) => lift.play(planOf(lift.id)),
    onEvent(event) {
      if (event.type !== 'landing-gap') keep(event);
      for (const told of conditions.get(event.lift)?.fold(event) ?? []) keep(told);
    },
  });
  for (const condition of conditions.values()) keep(condition.totals(DAY_MS as MonoMs));
  for (const { id: lift } of loaded.site.lifts) keep({ type: 'alarm-test', lift, atMs: DAY_MS, working: true });
  return records;
}
