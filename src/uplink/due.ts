/** When the session next has to look at the clock. Pure. */

import { type MonoMs, plus } from '../clock.ts';
import { drainDueMs } from './patience.ts';
import { CONNECT_LIMIT_MS } from './session.ts';
import type { Session, State } from './state.ts';

/** When the session next needs a `timeout`, or null. */
export function dueMs({ state, ledger, pacedUntilMs }: Session): MonoMs | null {
  const dues = [ledger.leaving.length === 0 ? ledger.dueMs : null, stateDueMs(state), pacedUntilMs];
  return dues.reduce((least, due) => (least === null || (due !== null && due < least) ? due : least), null);
}

function stateDueMs(state: State): MonoMs | null {
  switch (state.name) {
    case 'off':
      return null;
    case 'waiting':
    case 'stopping':
      return state.untilMs;
    case 'connecting':
      return plus(state.sinceMs, CONNECT_LIMIT_MS);
    case 'online':
      return drainDueMs(state.drain);
  }
}
