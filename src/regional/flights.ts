/** What is on its way to the platform, and what is sent next: where a channel is free, the best that there is for it. Pure. */

import { type MonoMs, plus } from '../clock.ts';
import { isFull, LEDGER_LIMIT, nextBatch, settledIds } from '../uplink/ledger.ts';
import { beginRead, nextOf, take } from './queue.ts';
import { SAID } from './reasons.ts';
import {
  CHANNELS,
  type Channel,
  type ChannelName,
  type Effect,
  type Flight,
  type Session,
  type Stepped,
} from './state.ts';

/** How often the lifts are looked at for a change. */
export const LOOK_MS = 1000;

/** Records that are on their way, or done with. */
export function goneIds({ ledger, channels }: Session): Set<number> {
  const gone = settledIds(ledger);
  for (const name of CHANNELS) {
    const { flight } = channels[name];
    if (flight?.kind === 'record') gone.add(flight.item.id);
  }
  return gone;
}

/** Nothing is on its way here, nothing more urgent waits, and the platform knows us. */
export function isFree(session: Session, channel: ChannelName): boolean {
  const { channels, token, phase } = session;
  const above = CHANNELS.slice(0, CHANNELS.indexOf(channel) + 1);
  const waits = above.some((name) => channels[name].pausedUntilMs !== null);
  const known = channel === 'login' || token !== null;
  return phase.name === 'on' && known && !waits && channels[channel].flight === null;
}

type Cargo = Flight extends infer F ? (F extends Flight ? Omit<F, 'number' | 'sinceMs'> : never) : never;

export function fly(session: Session, channel: ChannelName, cargo: Cargo, atMs: MonoMs): Stepped {
  const number = session.flights + 1;
  const flight = { ...cargo, number, sinceMs: atMs } as Flight;
  const flown = withChannel({ ...session, flights: number }, channel, { flight });
  if (flight.kind === 'login') return [flown, [{ type: 'login', number }]];
  if (flight.kind === 'state') return [flown, [{ type: 'state', number, lift: flight.seen.lift }]];
  const { item, stream } = flight;
  const post: Effect[] =
    item.post && (channel === 'alarm' || channel === 'telemetry')
      ? [{ type: 'post', channel, number, post: item.post }]
      : [];
  return [{ ...flown, queue: take(flown.queue, stream, item) }, post];
}

/** After every input: what can be sent is sent, and what is done with goes out of the outbox. */
export function finish(session: Session, effects: readonly Effect[], atMs: MonoMs): Stepped {
  const landed = CHANNELS.every((name) => session.channels[name].flight === null);
  const over = session.phase.name === 'stopping' && landed;
  const next: Session = over
    ? { ...session, phase: { name: 'off' }, why: SAID.off, proven: false, trouble: null }
    : session;
  const batch = nextBatch(next.ledger, atMs, next.phase.name === 'off');
  const forget: readonly Effect[] = batch.ids.length > 0 ? [{ type: 'forget', ids: batch.ids }] : [];
  const [pumped, more] = pump({ ...next, ledger: batch.ledger }, atMs);
  return [pumped, [...effects, ...forget, ...more]];
}

function pump(session: Session, atMs: MonoMs): Stepped {
  if (session.phase.name !== 'on') return [session, []];
  const expired = session.token?.untilMs !== null && session.token !== null && session.token.untilMs <= atMs;
  const current: Session = expired ? { ...session, token: null } : session;
  if (current.token === null) {
    return isFree(current, 'login') ? fly(current, 'login', { kind: 'login' }, atMs) : [current, []];
  }
  const [alarms, first] = pumpQueue(current, 'alarm', atMs);
  const [all, second] = pumpQueue(alarms, 'telemetry', atMs);
  if (!isFree(all, 'state') || all.lookMs > atMs) return [all, [...first, ...second]];
  return [{ ...all, lookMs: plus(atMs, LOOK_MS) }, [...first, ...second, { type: 'look' }]];
}

function pumpQueue(session: Session, channel: 'alarm' | 'telemetry', atMs: MonoMs): Stepped {
  if (!isFree(session, channel) || isFull(session.ledger, LEDGER_LIMIT)) return [session, []];
  const next = nextOf(session.queue, channel);
  if (next === null) return [session, []];
  if (next.kind === 'read') return [{ ...session, queue: beginRead(session.queue, next.read) }, [next.read]];
  return fly(session, channel, { kind: 'record', stream: next.stream, item: next.item }, atMs);
}

export function withChannel(session: Session, name: ChannelName, change: Partial<Channel>): Session {
  return { ...session, channels: { ...session.channels, [name]: { ...session.channels[name], ...change } } };
}
