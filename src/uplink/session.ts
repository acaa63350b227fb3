/**
 * The MQTT session as a state machine: `step(session, input, now) -> [session, effects]`. Pure: time and chance come in with
 * each input, timeouts are inputs, and what to do is handed out as effects, which engine.ts runs.
 */

import { type MonoMs, plus } from '../clock.ts';
import { backoffMs, isShort, lasted } from './backoff.ts';
import type { LinkEnd, PublishOutcome } from './client.ts';
import {
  beginDrain,
  type Drain,
  heard,
  owes,
  pump,
  readFailed,
  settle,
  streamOf,
  takeRows,
  wake,
  writeOff,
} from './drain.ts';
import {
  emptyLedger,
  FORGET_MOST,
  isFull,
  LEDGER_LIMIT,
  LEDGER_MOST,
  nextBatch,
  noteAcked,
  notePoisoning,
  settledIds,
} from './ledger.ts';
import { noted } from './notes.ts';
import { charge, freeAtMs, isFree, isSpent, newPace } from './pace.ts';
import { isMute, isSlow, noteSlow, pause, restTopic, resume } from './patience.ts';
import { refusalOf, SAID, type Said, saidOf, saidOfEnd, saidOfRefusal, saidOfShortSession } from './reasons.ts';
import type { Effect, Input, Now, Online, Session, Settings, State, Stepped, Stopping } from './state.ts';
import { cleared, noSuspects, suspect } from './suspects.ts';

/** From the attempt to connect to the CONNACK: name look-up, TCP and TLS over a bad mobile link included. */
export const CONNECT_LIMIT_MS = 30_000;
/** What is in flight at a stop may take this long to be acknowledged, and then the goodbye as long again. */
export const STOP_LIMIT_MS = 2000;
/** A broker that took no record is left alone for so long at least. */
const REFUSED_LEAST_MS = 1000;
/** The outbox could not be read: again after this. */
const READ_AGAIN_MS = 5000;

export function newSession(settings: Settings): Session {
  const state: State = { name: 'off', why: SAID.off };
  return {
    ...{ settings, state, ledger: emptyLedger, pace: null, pacedUntilMs: null },
    ...{ suspects: noSuspects, attempt: 0, sent: 0, told: null },
  };
}

export function step(session: Session, input: Input, now: Now): Stepped {
  const [moved, effects] = move(noted(session, input, now), input, now);
  return finish(charged(moved, effects, now), effects, now);
}

function charged(session: Session, effects: readonly Effect[], { atMs }: Now): Session {
  const bytes = effects.reduce((sum, effect) => sum + (effect.type === 'publish' ? effect.message.packetBytes : 0), 0);
  if (bytes === 0) return session;
  const { pace: limits } = session.settings;
  return { ...session, pace: charge(session.pace ?? newPace(limits, atMs), limits, bytes, atMs) };
}

function move(session: Session, input: Input, now: Now): Stepped {
  const { state } = session;
  switch (state.name) {
    case 'off':
      return input.type === 'start' ? [wait(session, SAID.starting, now), []] : [session, []];
    case 'waiting':
      return whileWaiting(session, state.untilMs, input, now);
    case 'connecting':
      return whileConnecting(session, state.sinceMs, input, now);
    case 'online':
      return whileOnline(session, state, input, now);
    case 'stopping':
      return whileStopping(session, state, input, now);
  }
}

function whileWaiting(session: Session, untilMs: MonoMs, input: Input, { atMs }: Now): Stepped {
  if (input.type === 'stop') return [off(session), []];
  if (input.type !== 'timeout' || atMs < untilMs) return [session, []];
  const state: State = { name: 'connecting', sinceMs: atMs, why: SAID.connecting };
  return [{ ...session, state }, [{ type: 'connect' }]];
}

function whileConnecting(session: Session, sinceMs: MonoMs, input: Input, now: Now): Stepped {
  switch (input.type) {
    case 'stop':
      return [off(session), [{ type: 'drop' }]];
    case 'closed':
      return retry(session, input.end, now);
    case 'timeout':
      if (now.atMs < plus(sinceMs, CONNECT_LIMIT_MS)) return [session, []];
      return dropAndRetry(session, { kind: 'no-connack', detail: '' }, now);
    case 'connected': {
      const { receiveMaximum, maximumPacketBytes } = input.granted;
      const { window, batch } = session.settings;
      const oneByOne = session.suspects.oneByOne > 0;
      const limits = { window: Math.min(window, receiveMaximum), maximumPacketBytes };
      const drain = beginDrain({ ...limits, batch, oneByOne }, now.atMs);
      const state: State = { name: 'online', sinceMs: now.atMs, acknowledged: false, drain, why: SAID.online };
      return [{ ...session, state, told: null }, [{ type: 'greet' }, { type: 'remark', said: SAID.online }]];
    }
    default:
      return [session, []];
  }
}

function whileOnline(session: Session, state: Online, input: Input, now: Now): Stepped {
  const { drain } = state;
  const stay = (next: Drain): Stepped => [{ ...session, state: { ...state, drain: next } }, []];
  switch (input.type) {
    case 'closed':
      return closed(session, state, input.end, now);
    case 'stop': {
      const untilMs = plus(now.atMs, STOP_LIMIT_MS);
      const stopping: State = { name: 'stopping', untilMs, drain, farewell: false, why: SAID.stopping };
      return sayGoodbye({ ...session, state: stopping }, now);
    }
    case 'timeout':
      if (isMute(drain, now.atMs)) return dropAndRetry(session, { kind: 'no-puback', detail: '' }, now);
      if (!isSlow(drain, now.atMs)) return stay(resume(drain, now.atMs));
      return tellOnline(session, { ...state, drain: noteSlow(resume(drain, now.atMs)) }, SAID.slow);
    case 'greeted': {
      const greeted = { ...state, drain: { ...heard(drain, now.atMs), greeting: false } };
      const { outcome } = input;
      if (!outcome.ok) return tellOnline(session, greeted, saidOfRefusal(outcome));
      return [{ ...session, state: { ...greeted, why: drain.slow ? SAID.online : state.why } }, []];
    }
    case 'answered':
      return answered(session, state, input.id, input.outcome, now);
    case 'appended':
      return stay(wake(drain, input, now.atMs));
    case 'held':
      return [
        {
          ...session,
          state: { ...state, drain: { ...drain, held: input.why !== null }, why: input.why ?? SAID.online },
        },
        [],
      ];
    case 'leave': {
      const [left, effects] = tell(wait(session, input.why, now), input.why);
      return [left, [{ type: 'part' }, ...effects]];
    }
    case 'rows': {
      const [next, effects] = takeRows(drain, input.rows, settledIds(session.ledger), now.atMs);
      const ledger = effects.reduce((l, e) => (e.type === 'poison' ? notePoisoning(l, e.ids) : l), session.ledger);
      const moved: Online = { ...state, drain: next };
      if (!effects.some(({ type }) => type === 'poison')) return [{ ...session, ledger, state: moved }, effects];
      const [told, remarks] = tellOnline({ ...session, ledger }, moved, SAID.setAside);
      return [told, [...effects, ...remarks]];
    }
    case 'read-failed': {
      const failed = streamOf(drain, input.turn);
      return stay(failed ? pause(readFailed(drain, failed), plus(now.atMs, READ_AGAIN_MS)) : drain);
    }
    default:
      return [session, []];
  }
}

/** The broker's word on one record: forgotten, set aside, or kept for later. */
function answered(before: Session, state: Online, id: number, outcome: PublishOutcome, now: Now): Stepped {
  const message = state.drain.inFlight.get(id);
  if (!message) return [before, []];
  const suspects = cleared(before.suspects, id);
  const session = { ...before, suspects };
  const drain = { ...settle(state.drain, id, now.atMs), oneByOne: suspects.oneByOne > 0 };
  if (outcome.ok) {
    const next: Online = { ...state, drain, acknowledged: true };
    const trusted = drain.pausedUntilMs === null && drain.restUntilMs === null;
    const sent = noteSent(session, message.ids, now);
    return [{ ...sent, state: trusted ? { ...next, ...recovered(drain) } : next }, []];
  }
  const why = saidOfRefusal(outcome);
  const [told, effects] = tell(session, why);
  switch (refusalOf(outcome.reasonCode)) {
    case 'final': {
      const { ids } = message;
      const poison: Effect = { type: 'poison', ids, reason: outcome.reason };
      const next: Session = { ...told, ledger: notePoisoning(told.ledger, ids), state: { ...state, drain, why } };
      return [next, [poison, ...effects]];
    }
    case 'topic': {
      const rested = restTopic(drain, message.topic, now.atMs);
      if (rested) return [{ ...told, state: { ...state, drain: rested, why } }, effects];
      break;
    }
    case 'later':
      break;
  }
  // Those in flight beside it are refused as well: they are one refusal.
  const again = drain.pausedUntilMs ?? plus(now.atMs, pauseMs(session, drain.refusals, now));
  const refusals = drain.pausedUntilMs === null ? drain.refusals + 1 : drain.refusals;
  return [{ ...told, state: { ...state, drain: { ...pause(drain, again), refusals }, why } }, effects];
}

function recovered(drain: Drain): { drain: Drain; why: Said } {
  return { drain: { ...drain, refusals: 0 }, why: SAID.online };
}

function pauseMs(session: Session, refusals: number, { random }: Now): number {
  return REFUSED_LEAST_MS + backoffMs(refusals, session.settings, random);
}

function noteSent(session: Session, ids: readonly number[], { atMs }: Now): Session {
  return { ...session, sent: session.sent + ids.length, ledger: noteAcked(session.ledger, ids, atMs) };
}

/** Waits for what is in flight, says goodbye, and is off. */
function whileStopping(session: Session, state: Stopping, input: Input, now: Now): Stepped {
  switch (input.type) {
    case 'closed':
    case 'ended':
      return [off(session), []];
    case 'greeted':
      return sayGoodbye({ ...session, state: { ...state, drain: { ...state.drain, greeting: false } } }, now);
    case 'answered': {
      const ids = state.drain.inFlight.get(input.id)?.ids ?? [];
      const drain = settle(state.drain, input.id, now.atMs);
      const sent = input.outcome.ok && ids.length > 0 ? noteSent(session, ids, now) : session;
      return sayGoodbye({ ...sent, state: { ...state, drain } }, now);
    }
    case 'timeout':
      if (now.atMs < state.untilMs) return [session, []];
      if (state.farewell) return [off(session), [{ type: 'drop' }]];
      return sayGoodbye({ ...session, state: { ...state, drain: writeOff(state.drain) } }, now);
    default:
      return sayGoodbye(session, now);
  }
}

function sayGoodbye(session: Session, { atMs }: Now): Stepped {
  const { state } = session;
  if (state.name !== 'stopping' || state.farewell || owes(state.drain)) return [session, []];
  return [
    { ...session, state: { ...state, farewell: true, untilMs: plus(atMs, STOP_LIMIT_MS) } },
    [{ type: 'farewell' }],
  ];
}

function off(session: Session): Session {
  return { ...session, state: { name: 'off', why: SAID.off } };
}

function wait(session: Session, why: Said, { atMs, random }: Now): Session {
  const untilMs = plus(atMs, backoffMs(session.attempt, session.settings, random));
  return { ...session, state: { name: 'waiting', untilMs, why } };
}

/** The broker, or the network, ended the session; a record that it ended too many over is set aside. */
function closed(session: Session, state: Online, end: LinkEnd, now: Now): Stepped {
  const { suspects, guilty } = suspect(session.suspects, state, end, now.atMs);
  if (!guilty) return retry({ ...session, suspects }, end, now);
  const { ids, packetBytes } = guilty;
  const said = saidOf('refused-unsaid', `PUBLISH, ${packetBytes} B`);
  const ledger = notePoisoning(session.ledger, ids);
  const [next, effects] = retry({ ...session, suspects, ledger }, end, now, said);
  return [next, [{ type: 'poison', ids, reason: said.en }, ...effects]];
}

/** The back-off ends with a session that lasted, not with a CONNACK: a broker may take a box and throw it out again. */
function retry(session: Session, end: LinkEnd, now: Now, why: Said | null = null): Stepped {
  const attempt = lasted(session.state, now.atMs) ? 0 : session.attempt + 1;
  const short = end.kind === 'lost' && isShort(session.state, now.atMs);
  const said = why ?? (short ? saidOfShortSession(end) : saidOfEnd(end));
  return tell(wait({ ...session, attempt }, said, now), said);
}

function dropAndRetry(session: Session, end: LinkEnd, now: Now): Stepped {
  const [next, effects] = retry(session, end, now);
  return [next, [{ type: 'drop' }, ...effects]];
}

/** Tells a trouble that does not end the session, in the journal and on the board. */
function tellOnline(session: Session, state: Online, why: Said): Stepped {
  return tell({ ...session, state: { ...state, why } }, why);
}

function tell(session: Session, said: Said): Stepped {
  if (session.told === said.en) return [session, []];
  return [{ ...session, told: said.en }, [{ type: 'remark', said }]];
}

/** After every input: read on, and hand settled records to the outbox. */
function finish(session: Session, effects: readonly Effect[], { atMs }: Now): Stepped {
  const { state } = session;
  // What is forgotten whole goes at one stroke; of a backlog, in parts.
  const backlog = state.name === 'online' && !state.drain.streams.telemetry.dry;
  const batch = nextBatch(session.ledger, atMs, state.name === 'off', backlog ? FORGET_MOST : LEDGER_MOST);
  const forget: readonly Effect[] = batch.ids.length > 0 ? [{ type: 'forget', ids: batch.ids }] : [];
  const next: Session = { ...session, ledger: batch.ledger, pacedUntilMs: null };
  if (next.state.name !== 'online' || isFull(next.ledger, LEDGER_MOST)) return [next, [...effects, ...forget]];
  const { pace } = next;
  const { pace: limits } = next.settings;
  const free = pace === null || isFree(pace, limits, atMs);
  const [drain, reads] = pump(next.state.drain, !free || isFull(next.ledger, LEDGER_LIMIT));
  const waits = !free && !drain.streams.telemetry.dry;
  const pacedUntilMs = waits ? freeAtMs(pace, limits, atMs) : null;
  const pumped: Session = { ...next, pacedUntilMs, state: { ...next.state, drain } };
  const [told, remarks] = waits && isSpent(pace, limits, atMs) ? tell(pumped, SAID.spent) : [pumped, []];
  return [told, [...effects, ...forget, ...reads, ...remarks]];
}
