/**
 * The session with a regional platform as a state machine: `step(session, input, now) -> [session, effects]`. Pure: time and chance
 * come in with each input, time-outs are inputs, and what to do is handed out as effects, which engine.ts runs.
 */

import { type MonoMs, plus } from '../clock.ts';
import { backoffMs } from '../uplink/backoff.ts';
import {
  emptyLedger,
  noteAcked,
  noteForgetFailed,
  noteForgotten,
  notePoisonDone,
  notePoisoning,
} from '../uplink/ledger.ts';
import type { Said } from '../uplink/reasons.ts';
import { finish, fly, goneIds, isFree, withChannel } from './flights.ts';
import { dueLift, noteTold } from './live.ts';
import { newQueue, putBack, queueDuesMs, readFailed, rest, rewind, takeRows, thaw, wake } from './queue.ts';
import { type Failure, SAID, saidOfFailure, saidOfLater, saidOfLogin, saidOfRefusal } from './reasons.ts';
import type { Verdict } from './region.ts';
import {
  CHANNELS,
  type Channel,
  type ChannelName,
  type Flight,
  type Input,
  type Now,
  type Session,
  type Settings,
  type Stepped,
} from './state.ts';

/** What is on its way at a stop may take this long to be answered. */
export const STOP_LIMIT_MS = 2000;
/** A platform that answered, and took nothing, is left alone for so long at least. */
const REFUSED_LEAST_MS = 1000;
/** A record that the platform answers so often without taking it stands back, and its lift's with it, for so long. */
export const REFUSALS = 5;
export const REST_MS = 60_000;

const idle: Channel = { flight: null, pausedUntilMs: null, attempt: 0, refusals: null };

export function newSession(settings: Settings): Session {
  return {
    settings,
    phase: { name: 'off' },
    channels: { login: idle, alarm: idle, state: idle, telemetry: idle },
    queue: newQueue,
    ledger: emptyLedger,
    live: new Map(),
    lookMs: 0 as MonoMs,
    token: null,
    flights: 0,
    proven: false,
    trouble: null,
    why: SAID.off,
    sent: 0,
    told: null,
  };
}

export function step(session: Session, input: Input, now: Now): Stepped {
  const [moved, effects] = move(thawed(session, now.atMs), input, now);
  return finish(moved, effects, now.atMs);
}

/** When the session next needs a `timeout`, or null. */
export function dueMs(session: Session): MonoMs | null {
  const { phase, channels, ledger, queue, settings } = session;
  const ofChannels = CHANNELS.flatMap((name) => {
    const { flight, pausedUntilMs } = channels[name];
    return [pausedUntilMs, flight && plus(flight.sinceMs, settings.requestTimeoutMs)];
  });
  const dues = [
    ledger.leaving.length === 0 ? ledger.dueMs : null,
    ...(phase.name === 'off' ? [] : ofChannels),
    ...(phase.name === 'on' ? [...queueDuesMs(queue), isFree(session, 'state') ? session.lookMs : null] : []),
    phase.name === 'stopping' ? phase.untilMs : null,
  ];
  return dues.reduce((least, due) => (least === null || (due !== null && due < least) ? due : least), null);
}

/** In the words of the board. Statistics that wait are no reason to call the platform lost. */
export function stateOf({ phase, channels, proven, trouble }: Session): 'off' | 'waiting' | 'connecting' | 'online' {
  if (phase.name === 'off') return 'off';
  if (proven && (trouble === null || trouble === 'telemetry')) return 'online';
  return CHANNELS.some((name) => channels[name].pausedUntilMs !== null) ? 'waiting' : 'connecting';
}

function thawed(session: Session, atMs: MonoMs): Session {
  const awake = CHANNELS.filter((name) => {
    const { pausedUntilMs } = session.channels[name];
    return pausedUntilMs !== null && pausedUntilMs <= atMs;
  });
  const woken = awake.reduce((each, name) => withChannel(each, name, { pausedUntilMs: null }), session);
  return { ...woken, queue: thaw(woken.queue, atMs) };
}

function move(session: Session, input: Input, now: Now): Stepped {
  const { ledger, queue } = session;
  switch (input.type) {
    case 'start':
      return session.phase.name === 'off' ? [begun(session, now), []] : [session, []];
    case 'stop':
      return session.phase.name === 'on' ? [stopping(session, now.atMs), []] : [session, []];
    case 'timeout':
      return timedOut(session, now);
    case 'logged-in':
      return loggedIn(session, input, now);
    case 'answered':
    case 'failed': {
      const { flight } = session.channels[input.channel];
      if (flight?.number !== input.number) return [session, []];
      const landed = withChannel(session, input.channel, { flight: null });
      if (input.type === 'failed') return failed(landed, input.channel, flight, input.failure, now);
      return answered(landed, input.channel, flight, input.verdict, now);
    }
    case 'appended':
      return [{ ...session, queue: wake(queue, input.streams) }, []];
    case 'rows': {
      const [read, skipped] = takeRows(queue, input.rows, goneIds(session));
      const settled = skipped.length > 0 ? noteAcked(ledger, skipped, now.atMs) : ledger;
      return [{ ...session, queue: read, ledger: settled }, []];
    }
    case 'read-failed':
      return [{ ...session, queue: readFailed(queue, now.atMs) }, []];
    case 'seen': {
      if (!isFree(session, 'state')) return [session, []];
      const seen = dueLift(session.live, input.lifts, session.settings, now.atMs);
      return seen ? fly(session, 'state', { kind: 'state', seen }, now.atMs) : [session, []];
    }
    case 'forgotten':
      return [{ ...session, ledger: noteForgotten(ledger) }, []];
    case 'forget-failed':
      // Once the session is over nobody waits for the outbox: what it still holds is sent again, with the same numbers.
      return [
        { ...session, ledger: session.phase.name === 'off' ? emptyLedger : noteForgetFailed(ledger, now.atMs) },
        [],
      ];
    case 'poison-done': {
      const noted = { ...session, ledger: notePoisonDone(ledger, [input.id]) };
      return [input.ok ? noted : { ...noted, queue: rewind(queue, now.atMs) }, []];
    }
  }
}

/** A city of boxes has just got its power back: not all at once. */
function begun(session: Session, { atMs, random }: Now): Session {
  const untilMs = plus(atMs, backoffMs(0, session.settings, random));
  const on: Session = { ...session, phase: { name: 'on' }, why: SAID.starting, lookMs: atMs };
  return withChannel(on, 'login', { pausedUntilMs: untilMs });
}

function stopping(session: Session, atMs: MonoMs): Session {
  return { ...session, phase: { name: 'stopping', untilMs: plus(atMs, STOP_LIMIT_MS) }, why: SAID.stopping };
}

function timedOut(session: Session, now: Now): Stepped {
  const { phase, settings } = session;
  const over = phase.name === 'stopping' && phase.untilMs <= now.atMs;
  return CHANNELS.reduce<Stepped>(
    ([each, effects], name) => {
      const { flight } = each.channels[name];
      if (!flight || !(over || plus(flight.sinceMs, settings.requestTimeoutMs) <= now.atMs)) return [each, effects];
      const landed = withChannel(each, name, { flight: null });
      const [next, more] = failed(landed, name, flight, { kind: 'silent', detail: '' }, now);
      return [next, [...effects, { type: 'abort', channel: name }, ...more]];
    },
    [session, []],
  );
}

function loggedIn(session: Session, { number, token }: Extract<Input, { type: 'logged-in' }>, { atMs }: Now): Stepped {
  if (session.channels.login.flight?.number !== number) return [session, []];
  const { token: text, lifeMs } = token;
  // A life that is over before it began tells of two clocks that disagree: then the platform says when it ends.
  const untilMs = lifeMs !== null && lifeMs > 0 ? plus(atMs, lifeMs) : null;
  // The back-off ends when something is taken: a platform may give tokens that it then refuses.
  return [withChannel({ ...session, token: { text, untilMs, number } }, 'login', { flight: null }), []];
}

function answered(session: Session, channel: ChannelName, flight: Flight, verdict: Verdict, now: Now): Stepped {
  switch (verdict.kind) {
    case 'taken':
      return taken(session, channel, flight, now.atMs);
    case 'refused':
      if (flight.kind === 'login') return waitFor(session, 'login', saidOfLogin(verdict.reason), REFUSED_LEAST_MS, now);
      return refused(session, channel, flight, verdict.reason, now.atMs);
    case 'login': {
      const said = saidOfLogin(verdict.reason);
      const back = returned(session, flight);
      if (flight.kind === 'login') return waitFor(back, 'login', said, REFUSED_LEAST_MS, now);
      // It went with an earlier token.
      if (back.token === null || flight.number < back.token.number) return [back, []];
      const unknown: Session = { ...back, token: null };
      // Once at once, with a new token; a platform that refuses that too is not hammered.
      if (back.channels.login.attempt > 0) return waitFor(unknown, 'login', said, REFUSED_LEAST_MS, now);
      return [withChannel(unknown, 'login', { attempt: 1 }), []];
    }
    case 'later': {
      const said = flight.kind === 'login' ? saidOfLogin(verdict.reason) : saidOfLater(verdict.reason);
      const leastMs = Math.max(REFUSED_LEAST_MS, verdict.afterMs ?? 0);
      return waitFor(counted(session, channel, flight, now.atMs), channel, said, leastMs, now);
    }
  }
}

function taken(session: Session, channel: ChannelName, flight: Flight, atMs: MonoMs): Stepped {
  const [well, effects] = cleared({ ...session, proven: true }, channel, !session.proven);
  // The next lift need not wait for the next look.
  if (flight.kind === 'state') {
    return [{ ...well, live: noteTold(well.live, flight.seen, flight.sinceMs), lookMs: atMs }, effects];
  }
  if (flight.kind === 'login') return [well, effects];
  const { id } = flight.item;
  return [
    { ...well, sent: well.sent + 1, ledger: noteAcked(well.ledger, [id], atMs) },
    [{ type: 'taken', id }, ...effects],
  ];
}

/** The platform dealt with what came this way: the trouble is over, where it was of this channel or of the token. */
function cleared(session: Session, channel: ChannelName, first = false): Stepped {
  const { trouble } = session;
  const well = withChannel(withChannel(session, channel, { attempt: 0, refusals: null }), 'login', { attempt: 0 });
  const over = trouble === channel || trouble === 'login';
  if (!over && !(first && trouble === null)) return [well, []];
  return [{ ...well, trouble: null, why: SAID.online, told: null }, [{ type: 'remark', said: SAID.online }]];
}

/** A state that is refused is not sent again before its time; a record is set aside. */
function refused(session: Session, channel: ChannelName, flight: Flight, reason: string, atMs: MonoMs): Stepped {
  const [told, effects] = refusalTold(session, channel, reason);
  if (flight.kind === 'state') return [{ ...told, live: noteTold(told.live, flight.seen, atMs) }, effects];
  if (flight.kind !== 'record') return [told, effects];
  const { id } = flight.item;
  return [{ ...told, ledger: notePoisoning(told.ledger, [id]) }, [{ type: 'poison', id, reason }, ...effects]];
}

function refusalTold(session: Session, channel: ChannelName, reason: string): Stepped {
  const [well, effects] = cleared(session, channel);
  const [told, more] = tell(well, saidOfRefusal(reason));
  return [told, [...effects, ...more]];
}

/** No answer: the same again after the back-off. */
function failed(session: Session, channel: ChannelName, flight: Flight, failure: Failure, now: Now): Stepped {
  return waitFor(returned(session, flight), channel, saidOfFailure(failure), 0, now);
}

function returned(session: Session, flight: Flight): Session {
  if (flight.kind !== 'record') return session;
  return { ...session, queue: putBack(session.queue, flight.stream, flight.item) };
}

/** A platform that answers to one record again and again without taking it may be ill with that one alone: others go on. */
function counted(session: Session, channel: ChannelName, flight: Flight, atMs: MonoMs): Session {
  if (flight.kind !== 'record') return session;
  const back = returned(session, flight);
  const { refusals } = back.channels[channel];
  const { id, lift } = flight.item;
  const times = refusals?.id === id ? refusals.times + 1 : 1;
  if (times < REFUSALS) return withChannel(back, channel, { refusals: { id, times } });
  const queue = rest(back.queue, flight.stream, lift, plus(atMs, REST_MS));
  return withChannel({ ...back, queue }, channel, { refusals: null });
}

function waitFor(session: Session, channel: ChannelName, said: Said, leastMs: number, { atMs, random }: Now): Stepped {
  const attempt = session.channels[channel].attempt + 1;
  const untilMs = plus(atMs, leastMs + backoffMs(attempt, session.settings, random));
  const paused = withChannel(session, channel, { attempt, pausedUntilMs: untilMs });
  const { trouble } = session;
  // The most urgent of several is told.
  if (trouble !== null && CHANNELS.indexOf(trouble) < CHANNELS.indexOf(channel)) return [paused, []];
  return tell({ ...paused, trouble: channel, why: said }, said);
}

function tell(session: Session, said: Said): Stepped {
  if (session.told === said.en) return [session, []];
  return [{ ...session, told: said.en }, [{ type: 'remark', said }]];
}
