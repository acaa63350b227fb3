/** What counts in every state of the session: what the outbox reports, and what is said beside the records. Pure. */

import { settleSaid, startSaying } from './drain.ts';
import { emptyLedger, noteForgetFailed, noteForgotten, notePoisonDone } from './ledger.ts';
import { charge, newPace } from './pace.ts';
import type { Input, Now, Session } from './state.ts';

export function noted(session: Session, input: Input, { atMs }: Now): Session {
  const { ledger, state } = session;
  switch (input.type) {
    case 'forgotten':
      return { ...session, ledger: noteForgotten(ledger) };
    case 'forget-failed':
      // Once the session is over nobody waits for the outbox: what it still holds is sent again, with the same numbers.
      return { ...session, ledger: state.name === 'off' ? emptyLedger : noteForgetFailed(ledger, atMs) };
    case 'poison-done':
      return { ...session, ledger: notePoisonDone(ledger, input.ids) };
    case 'saying': {
      if (state.name !== 'online') return session;
      const { pace: limits } = session.settings;
      const pace = charge(session.pace ?? newPace(limits, atMs), limits, input.bytes, atMs);
      return { ...session, pace, state: { ...state, drain: startSaying(state.drain, atMs) } };
    }
    case 'said':
      if (state.name !== 'online' && state.name !== 'stopping') return session;
      return { ...session, state: { ...state, drain: settleSaid(state.drain, atMs) } };
    default:
      return session;
  }
}
