import { type MonoMs, plus } from '../clock.ts';
import type { LiftFacts, LiftState } from '../lift/state.ts';
import type { Detector, Watch } from './detector.ts';

interface Press extends Watch {
  /** since when the button is down, or null */
  readonly downMs: number | null;
  /** pressed long enough, while the car may still bring the passenger to a landing; null: nothing waits */
  readonly heldBackMs: number | null;
  /** since when the car that held it back stands, or null */
  readonly stoppedMs: number | null;
  /** of an alarm that stands: since when the passenger could leave, or null */
  readonly endingMs: number | null;
}

const NEVER = Number.POSITIVE_INFINITY;
const IDLE: Press = { standing: false, dueMs: NEVER, downMs: null, heldBackMs: null, stoppedMs: null, endingMs: null };
/** Doors open at a landing for so long: whoever pressed could walk out. */
const FREE_MS = 2000;

/**
 * The alarm button, as EN 81-28 asks: pressed for its time; filtered where the passenger can leave: with the door open at a
 * landing it is none, and in a running car it is held back until the car stops and does not open within the door's limit,
 * or runs beyond its own limit. The end of alarm is given at the installation; where no such input is wired it ends when the
 * doors stood open at a landing for 2 s. A button that was down before the door closed is stuck, and none.
 *
 * Gap: a press that is held back counts on, also in the dark; the alarm does not end in it. Never muted.
 */
export const alarmButton: Detector<Press> = {
  fault: 'alarm-button',
  reads: ['alarmButton', 'doorClosed', 'doorZone', 'moving', 'endOfAlarm', 'inputs'],
  needs: [['alarmButton']],
  noHoldOff: true,
  start: (standing) => ({ ...IDLE, standing }),
  step(watch, lift, { facts, nowMs }) {
    if (watch.standing) return ending(watch, lift, nowMs);
    if (canLeave(lift)) return IDLE;
    const pressed = down(watch, lift, nowMs);
    const heardMs = pressed.heldBackMs ?? (nowMs >= pressDueMs(pressed, facts) ? nowMs : null);
    if (heardMs === null) return same(watch, { ...pressed, dueMs: pressDueMs(pressed, facts) });
    const next = heldBack(pressed, heardMs, lift, facts, nowMs);
    return nowMs >= next.dueMs ? { ...IDLE, standing: true } : same(watch, next);
  },
};

function canLeave({ doorClosed, doorZone, moving }: LiftState): boolean {
  return doorClosed.value === false && doorZone.value !== false && moving.value !== true;
}

/** The button as it is now; one that was down when the door closed is not pressed by anybody inside. */
function down(watch: Press, { alarmButton: button, doorClosed }: LiftState, nowMs: MonoMs): Press {
  if (button.value === null) return watch;
  const stuck = doorClosed.value === true && button.sinceMs < doorClosed.sinceMs;
  if (!button.value || stuck) return watch.downMs === null ? watch : { ...watch, downMs: null };
  return watch.downMs === null ? { ...watch, downMs: nowMs } : watch;
}

function pressDueMs({ downMs }: Press, { limits }: LiftFacts): number {
  return downMs === null ? NEVER : plus(downMs as MonoMs, limits.alarmPressLimitMs);
}

/** The filter: a running car may bring the passenger to a landing, and a car that has just stopped may open. */
function heldBack(
  press: Press,
  heldBackMs: number,
  { moving }: LiftState,
  { limits }: LiftFacts,
  nowMs: MonoMs,
): Press {
  if (moving.value === true) {
    return { ...press, heldBackMs, stoppedMs: null, dueMs: plus(heldBackMs as MonoMs, limits.runTimeLimitMs) };
  }
  if (press.heldBackMs === null) return { ...press, heldBackMs, dueMs: nowMs };
  if (moving.value === null) return press;
  const stoppedMs = press.stoppedMs ?? nowMs;
  return { ...press, stoppedMs, dueMs: plus(stoppedMs as MonoMs, limits.doorOpenLimitMs) };
}

function ending(watch: Press, lift: LiftState, nowMs: MonoMs): Press {
  const wired = lift.inputs.endOfAlarm !== undefined;
  if (wired) return lift.endOfAlarm.value === true ? IDLE : watch;
  if (!canLeave(lift)) return watch.endingMs === null ? watch : { ...watch, endingMs: null, dueMs: NEVER };
  const endingMs = watch.endingMs ?? nowMs;
  const endMs = plus(endingMs as MonoMs, FREE_MS);
  if (nowMs >= endMs) return IDLE;
  return watch.endingMs === endingMs ? watch : { ...watch, endingMs, dueMs: endMs };
}

function same(watch: Press, next: Press): Press {
  return watch.dueMs === next.dueMs && watch.stoppedMs === next.stoppedMs ? watch : next;
}
