/**
 * Faults of the box itself: its own supply, its session with the broker, its clock. A fold over what is known of the box, by
 * the rules that the lifts' detectors share (held.ts). Pure.
 *
 * Gap: while nobody knows, no limit fires and nothing ends; a condition that is there again stood all the while. What the site
 * file does not have (any more) is no gap: nothing of it stands.
 */

import { type ClockTrust, type MonoMs, plus } from '../clock.ts';
import { type Answer, type HeldRule, type HeldWatch, not, startHeld, stepHeld } from '../detect/held.ts';
import type { Episode } from '../detect/judge.ts';

/** Stable names; behind those of the lifts in every list. */
export const BOX_FAULTS = [
  'box-power-lost',
  'box-battery-low',
  'uplink-lost',
  'clock-untrusted',
  'machine-room-temperature',
] as const;
export type BoxFaultName = (typeof BOX_FAULTS)[number];

/** A fault of the box begins or ends. Both carry one id; times are the box's monotonic milliseconds. */
export interface BoxFaultEvent {
  readonly type: 'box-fault';
  readonly phase: 'begin' | 'end';
  /** `box/<fault>@<beganMs>`: no lift is called box */
  readonly id: string;
  readonly fault: BoxFaultName;
  readonly atMs: number;
  readonly beganMs: number;
}

/** null: cannot be told now; undefined: the site file has no such input, or no uplink */
type Fact = boolean | null | undefined;

/** What is known of the box at one moment. */
export interface BoxFacts {
  readonly powerPresent: Fact;
  readonly batteryOk: Fact;
  /** a session with the broker stands */
  readonly online: Fact;
  readonly clockTrust: ClockTrust;
  /** of the machine room, degrees Celsius; null: not known now; undefined: there is no thermometer */
  readonly celsius: number | null | undefined;
}

export interface BoxLimits {
  readonly powerLostLimitMs: number;
  readonly batteryLowLimitMs: number;
  readonly uplinkLostLimitMs: number;
  readonly clockUntrustedLimitMs: number;
  readonly temperatureLowC: number;
  readonly temperatureHighC: number;
  readonly temperatureLimitMs: number;
  readonly holdOffMs: number;
}

/** Who sets the clock may move it first and leave the mark of a synchronisation a moment after. */
const STEPPED_LIMIT_MS = 10_000;

/** It ends a degree within the limits: a temperature at one of them would begin and end it all day. */
const BACK_C = 1;

interface BoxRule extends HeldRule<BoxFacts, BoxLimits> {
  /** the setting without which the fault cannot be told */
  readonly needs?: string;
}

const RULES: { readonly [F in BoxFaultName]: BoxRule } = {
  'box-power-lost': {
    needs: 'box.inputs.powerPresent',
    when: ({ powerPresent }) => gone(powerPresent),
    limitMs: ({ powerLostLimitMs }) => powerLostLimitMs,
    gap: 'hold',
  },
  'box-battery-low': {
    needs: 'box.inputs.batteryOk',
    when: ({ batteryOk }) => gone(batteryOk),
    limitMs: ({ batteryLowLimitMs }) => batteryLowLimitMs,
    gap: 'hold',
  },
  'uplink-lost': {
    needs: 'uplink',
    when: ({ online }) => gone(online),
    limitMs: ({ uplinkLostLimitMs }) => uplinkLostLimitMs,
    gap: 'hold',
  },
  'clock-untrusted': {
    when: ({ clockTrust }) => clockTrust !== 'ntp',
    limitMs: (limits, { clockTrust }) => (clockTrust === 'stepped' ? STEPPED_LIMIT_MS : limits.clockUntrustedLimitMs),
    anewWith: ({ clockTrust }) => Number(clockTrust === 'stepped'),
    gap: 'hold',
  },
  'machine-room-temperature': {
    needs: 'box.thermometer',
    when: ({ celsius }, limits) => (celsius === undefined ? false : not(within(celsius, limits, 0))),
    until: ({ celsius }, limits) => (celsius === undefined ? true : within(celsius, limits, BACK_C)),
    limitMs: ({ temperatureLimitMs }) => temperatureLimitMs,
    gap: 'hold',
  },
};

function within(celsius: number | null, { temperatureLowC, temperatureHighC }: BoxLimits, byC: number): Answer {
  return celsius === null ? null : celsius >= temperatureLowC + byC && celsius <= temperatureHighC - byC;
}

function gone(fact: Fact): Answer {
  return fact === undefined ? false : not(fact);
}

/** What a site file must have for a fault to be told; null where the box knows by itself. */
export function needOf(fault: BoxFaultName): string | null {
  return RULES[fault].needs ?? null;
}

interface Row {
  readonly watch: HeldWatch;
  readonly episode: Episode | null;
  /** it ended a moment ago, and begins again no sooner */
  readonly heldOffUntilMs: number;
}

export type BoxMemory = { readonly [F in BoxFaultName]: Row };

const QUIET: Row = { watch: startHeld(false), episode: null, heldOffUntilMs: 0 };

export const BOX_START: BoxMemory = {
  'box-power-lost': QUIET,
  'box-battery-low': QUIET,
  'uplink-lost': QUIET,
  'clock-untrusted': QUIET,
  'machine-room-temperature': QUIET,
};

/** Takes up a fault that was open when the box stopped: it ends under the same id, or stands on. */
export function resumeBox(memory: BoxMemory, fault: string, episode: Episode): BoxMemory {
  return Object.hasOwn(memory, fault) ? { ...memory, [fault]: { ...QUIET, watch: startHeld(true), episode } } : memory;
}

/** One look at the box, at `nowMs`. */
export function stepBox(
  memory: BoxMemory,
  facts: BoxFacts,
  limits: BoxLimits,
  nowMs: MonoMs,
): readonly [BoxMemory, readonly BoxFaultEvent[]] {
  const events: BoxFaultEvent[] = [];
  const next: { [F in BoxFaultName]: Row } = { ...memory };
  for (const fault of BOX_FAULTS) {
    const { watch: was, episode, heldOffUntilMs } = memory[fault];
    const muted = nowMs < heldOffUntilMs;
    const watch = stepHeld(RULES[fault], was, facts, { facts: limits, nowMs, muted });
    if (watch === was) continue;
    next[fault] = { ...memory[fault], watch };
    if (watch.standing === was.standing) continue;
    const atMs = Math.round(nowMs);
    const told = episode ?? { id: `box/${fault}@${atMs}`, beganMs: atMs };
    const phase = watch.standing ? 'begin' : 'end';
    events.push({ type: 'box-fault', phase, fault, ...told, atMs });
    next[fault] = watch.standing
      ? { watch, episode: told, heldOffUntilMs: 0 }
      : { watch, episode: null, heldOffUntilMs: plus(nowMs, limits.holdOffMs) };
  }
  return [next, events];
}
