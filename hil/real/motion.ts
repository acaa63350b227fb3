/**
 * From a phone's acceleration to the speed of the car: integrated, with what the sensor drifts taken out by zero-velocity
 * updates. A run is told by its pulses: away from rest one way, back to rest the other way; the cruise between them looks
 * like rest to an accelerometer. Before and after a run the speed is 0, so what is left of it there is drift.
 */

import { AXES, type Axis, type Recording } from './recording.ts';

/** What is made of it, as a controller would tell it. */
export const RATE_HZ = 50;
/** Steps and fidgets are shorter than a lift's acceleration: means over this long are looked at. */
const SMOOTH_S = 0.5;
/** A lift starts at 0.2 m/s² and more; a phone that lies still stays under a tenth. */
const PULSE_M_PER_S2 = 0.1;
/** A pulse that changes the speed by less moves no lift. */
const PULSE_M_PER_S = 0.15;
/** The last pulse of a run brings the speed back to within this share of its top. */
const BACK_TO_REST = 0.35;
/** No two landings are nearer. */
const LEAST_RUN_M = 2;
/** Time between the swings of a start and a stop: a lift does not turn back sooner. */
const LEAST_CRUISE_S = 3;
/** Where the acceleration is under this, a pulse has not begun, or is over. */
const STILL_M_PER_S2 = 0.04;

const NOT_AT_REST = 'it does not come to rest';

export interface Run {
  readonly startS: number;
  readonly endS: number;
  readonly direction: 'up' | 'down';
  /** what was integrated; null where the speed cannot be told */
  readonly way: {
    readonly topMPerS: number;
    readonly distanceM: number;
    /** what the zero-velocity update took out at its end, as a share of the top speed */
    readonly driftShare: number;
  } | null;
}

type Swing = Run & { readonly way: NonNullable<Run['way']> };

export interface Motion {
  /** the axis that the lift moved along; up is its positive end, as for a phone that lies on its back or stands upright */
  readonly axis: Axis;
  readonly runs: readonly Run[];
  /** RATE_HZ a second */
  readonly steps: number;
  /** m/s at each step, positive is up; null where the speed cannot be told */
  readonly speeds: Float64Array | null;
  /** why not all of the recording could be made runs of */
  readonly remark: string | null;
}

export function motionOf(recording: Recording): Motion {
  const all = AXES.map((axis) => ({ axis, values: resampled(recording, axis) }));
  const smoothed = all.map(({ axis, values }) => ({ axis, values, smooth: means(values, SMOOTH_S * RATE_HZ) }));
  const [first, ...others] = smoothed;
  if (!first) throw new Error('a recording has axes');
  const { axis, values, smooth } = others.reduce(
    (best, one) => (spread(one.smooth) > spread(best.smooth) ? one : best),
    first,
  );
  const bias = median(smooth);
  const plain = smooth.map((value) => value - bias);
  const pulses = pulsesOf(plain);
  const { spans, open } = spansOf(pulses);
  const speeds = new Float64Array(values.length);
  const swings = spans.map((span) => integrated(values, bias, span, speeds));
  const atEnd = spans.at(-1)?.to === values.length;
  const common = { axis, steps: values.length };
  const startAndStop = joined(swings);
  if (startAndStop) {
    const remark = 'a start and a stop, each undone by the sensor: no speed';
    return { ...common, runs: [startAndStop], speeds: null, remark: atEnd ? NOT_AT_REST : remark };
  }
  const runs = swings.filter(({ way }) => way.distanceM >= LEAST_RUN_M);
  for (const { startS, endS } of swings.filter((swing) => !runs.includes(swing))) {
    speeds.fill(0, Math.round(startS * RATE_HZ), Math.round(endS * RATE_HZ));
  }
  return { ...common, runs, speeds, remark: remarkOn(pulses.length, swings.length - runs.length, open || atEnd) };
}

/** A sensor that loses what lasts shows a start as a swing there and back, and the stop as another one the other way. */
function joined(swings: readonly Swing[]): Run | null {
  const [start, stop, more] = swings;
  if (!start || !stop || more || start.direction === stop.direction) return null;
  if (swings.some(({ way }) => way.distanceM >= LEAST_RUN_M) || stop.startS - start.endS < LEAST_CRUISE_S) return null;
  return { startS: start.startS, endS: stop.endS, direction: start.direction, way: null };
}

function remarkOn(pulses: number, swings: number, open: boolean): string | null {
  if (pulses === 0) return 'it lies still';
  if (swings > 0) return `swings of under ${LEAST_RUN_M} m are left out: ${swings}`;
  return open ? NOT_AT_REST : null;
}

/** Means of what was sampled in each step of RATE_HZ; a step without a sample has that of the one before. */
function resampled({ timesS, accelerations }: Recording, axis: Axis): Float64Array {
  const startS = timesS[0] ?? 0;
  const steps = Math.floor(((timesS.at(-1) ?? 0) - startS) * RATE_HZ) + 1;
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const [n, timeS] of timesS.entries()) {
    const step = Math.floor((timeS - startS) * RATE_HZ);
    if (step < 0 || step >= steps) continue;
    sums[step] = (sums[step] ?? 0) + (accelerations[axis][n] ?? 0);
    counts[step] = (counts[step] ?? 0) + 1;
  }
  let last = 0;
  return sums.map((sum, step) => {
    const count = counts[step] ?? 0;
    if (count > 0) last = sum / count;
    return last;
  });
}

/** Each value with those around it, `width` of them in all. */
function means(values: Float64Array, width: number): Float64Array {
  const half = Math.floor(width / 2);
  return values.map((_, at) => {
    const around = values.subarray(Math.max(0, at - half), at + half + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}

function median(values: Float64Array): number {
  return values.toSorted()[Math.floor(values.length / 2)] ?? 0;
}

function spread(values: Float64Array): number {
  const middle = median(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

interface Pulse {
  readonly from: number;
  readonly to: number;
  /** the change of speed, m/s */
  readonly change: number;
}

/** Where the acceleration stands out, from still to still. */
function pulsesOf(plain: Float64Array): Pulse[] {
  const pulses: Pulse[] = [];
  for (let at = 0; at < plain.length; at++) {
    const sign = Math.sign(plain[at] ?? 0);
    const beyond = (step: number, limit: number) => (plain[step] ?? 0) * sign > limit;
    if (!beyond(at, PULSE_M_PER_S2)) continue;
    let from = at;
    while (from > (pulses.at(-1)?.to ?? 0) && beyond(from - 1, STILL_M_PER_S2)) from--;
    let to = at;
    while (to < plain.length && beyond(to, STILL_M_PER_S2)) to++;
    const change = plain.subarray(from, to).reduce((sum, value) => sum + value, 0) / RATE_HZ;
    if (Math.abs(change) >= PULSE_M_PER_S) pulses.push({ from, to, change });
    at = to;
  }
  return pulses;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Pulses joined to runs, from rest to rest. `open`: pulses are left over. */
function spansOf(pulses: readonly Pulse[]): { spans: Span[]; open: boolean } {
  const spans: Span[] = [];
  let open = false;
  let from: number | null = null;
  let speed = 0;
  let top = 0;
  for (const pulse of pulses) {
    from ??= pulse.from;
    speed += pulse.change;
    top = Math.max(top, Math.abs(speed));
    if (Math.abs(speed) > BACK_TO_REST * top) continue;
    spans.push({ from, to: pulse.to });
    from = null;
    speed = 0;
    top = 0;
  }
  if (from !== null) open = true;
  return { spans, open };
}

/** The speed over a run, written into `speeds`: what is left of it at the end is taken out evenly over the run. */
function integrated(values: Float64Array, bias: number, { from, to }: Span, speeds: Float64Array): Swing {
  let speed = 0;
  for (let at = from; at < to; at++) {
    speed += ((values[at] ?? 0) - bias) / RATE_HZ;
    speeds[at] = speed;
  }
  const left = speed;
  let distance = 0;
  let top = 0;
  for (let at = from; at < to; at++) {
    const corrected = (speeds[at] ?? 0) - (left * (at - from + 1)) / (to - from);
    speeds[at] = corrected;
    distance += corrected / RATE_HZ;
    if (Math.abs(corrected) > Math.abs(top)) top = corrected;
  }
  return {
    startS: from / RATE_HZ,
    endS: to / RATE_HZ,
    direction: distance > 0 ? 'up' : 'down',
    way: {
      topMPerS: Math.abs(top),
      distanceM: Math.abs(distance),
      driftShare: top === 0 ? 0 : Math.abs(left / top),
    },
  };
}
