import { type MonoMs, plus } from '../clock.ts';
import type { FaultName } from '../lift/events.ts';
import type { Detector, Watch } from './detector.ts';

interface Run extends Watch {
  /** the door was already open when the car left the level; null while it has not left it */
  readonly leftOpen: boolean | null;
  /** since when the door is seen open on the run, or null */
  readonly openMs: number | null;
  /** it has run with its door closed since it last stood at a level: a door that is open now has opened on the run */
  readonly ranClosed: boolean;
}

const IDLE: Run = {
  ...{ standing: false, dueMs: Number.POSITIVE_INFINITY, leftOpen: null, openMs: null, ranClosed: false },
};
const RAN_CLOSED: Run = { ...IDLE, ranClosed: true };

/**
 * An open door on a car that moves outside the door zone, for two looks 10 ms apart. Two faults, told apart by where the
 * door was when the car left the level: 运行中开门 leaves closed on the run; 开门走车 was open when the car went.
 * Both end when the door is proven closed.
 *
 * Gap: restarted. How the car left is kept until it is level again.
 */
function openOnTheRun(fault: FaultName, alreadyOpen: boolean): Detector<Run> {
  return {
    fault,
    reads: ['moving', 'atLevel', 'doorZone', 'doorClosed'],
    needs: [['moving', 'doorZone', 'doorClosed']],
    start: (standing) => ({ ...IDLE, standing }),
    step(watch, { moving, atLevel, doorZone, doorClosed }, { facts, nowMs, muted }) {
      if (watch.standing) return doorClosed.value === true ? IDLE : watch;
      if (atLevel.value === true) {
        const closed = doorClosed.value === true || watch.ranClosed || watch.leftOpen === false;
        return moving.value === true && closed ? RAN_CLOSED : IDLE;
      }
      if (atLevel.value === null || doorClosed.value === null || moving.value === null) return pause(watch);
      const leftOpen = watch.leftOpen ?? (!watch.ranClosed && !doorClosed.value);
      const open = moving.value && doorZone.value === false && !doorClosed.value;
      const seen = open && leftOpen === alreadyOpen && !muted;
      const openMs = seen ? (watch.openMs ?? nowMs) : null;
      const dueMs = openMs === null ? IDLE.dueMs : plus(openMs as MonoMs, facts.limits.doorOpenWhileRunningLimitMs);
      if (nowMs >= dueMs) return { ...IDLE, standing: true };
      const same = leftOpen === watch.leftOpen && openMs === watch.openMs;
      return same ? watch : { ...IDLE, dueMs, leftOpen, openMs };
    },
  };
}

function pause(watch: Run): Run {
  return watch.openMs === null ? watch : { ...watch, openMs: null, dueMs: IDLE.dueMs };
}

export const doorOpenWhileRunning = openOnTheRun('door-open-while-running', false);
export const movingWithDoorOpen = openOnTheRun('moving-with-door-open', true);
