/**
 * The automatic test of the alarm: EN 81-28 asks for one at least every 3 days by the same way as an alarm. So it is a record
 * in the alarms' lane, for each lift whose button is wired; that it arrives is the proof.
 */

import { type Clock, sleep } from './clock.ts';
import type { AlarmTestRecord } from './lift/events.ts';
import type { LiftState } from './lift/state.ts';

/** Not at once: a box that restarts again and again would fill its outbox with tests. */
const FIRST_AFTER_MS = 10 * 60_000;
/** Three in three days: one that is lost is followed by another in time. */
const EVERY_MS = 24 * 3_600_000;

export async function testAlarms(parts: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly lifts: readonly string[];
  state(lift: string): LiftState | null;
  tell(record: AlarmTestRecord): void;
}): Promise<void> {
  const { clock, signal } = parts;
  await sleep(clock, FIRST_AFTER_MS, signal);
  while (!signal.aborted) {
    for (const lift of parts.lifts) {
      const state = parts.state(lift);
      if (state && hasButton(state)) parts.tell(testOf(lift, state, Math.round(clock.monoMs())));
    }
    await sleep(clock, EVERY_MS, signal);
  }
}

function hasButton({ inputs, controller }: LiftState): boolean {
  return inputs.alarmButton !== undefined || controller.alarmButton !== undefined;
}

/** A button that cannot be read, or is down with nobody to press it, would not be heard. */
function testOf(lift: string, { alarmButton, passenger }: LiftState, atMs: number): AlarmTestRecord {
  const stuck = alarmButton.value === true && passenger.value !== true;
  return { type: 'alarm-test', lift, atMs, working: alarmButton.value !== null && !stuck };
}
