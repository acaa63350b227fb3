/** What the box hears of the broker beside acknowledgements, and what it may say there beside its records. */

import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { BrokerLink, PublishOutcome } from './client.ts';
import { maySay } from './drain.ts';
import type { State } from './state.ts';

/** Hears what is published under its filters while a session stands. */
export interface Ear {
  readonly filters: readonly string[];
  /** `retained`: the broker kept it from before the session. May not throw. */
  hear(topic: string, payload: Uint8Array, retained: boolean): void;
}

/** `reasonCode` of what was not sent, or of which nobody knows whether it came: no reason of a broker. */
export const UNSAID = 0;
/** As a broker says it, of MQTT 5. */
export const TOO_LARGE = 0x95;

export function unsaid(reason: string): PublishOutcome {
  return { ok: false, reasonCode: UNSAID, reason };
}

/** Why something of so many bytes cannot be said now, or null. */
export function silenced(state: State, packetBytes: number): PublishOutcome | null {
  if (state.name !== 'online') return unsaid(t('no session with the broker', '未与服务器建立会话'));
  const { drain } = state;
  if (packetBytes > drain.maximumPacketBytes) {
    const reason = t(
      `packet of ${packetBytes} bytes, the broker takes ${drain.maximumPacketBytes}`,
      `报文 ${packetBytes} 字节，服务器最多接受 ${drain.maximumPacketBytes}`,
    );
    return { ok: false, reasonCode: TOO_LARGE, reason };
  }
  return maySay(drain) ? null : unsaid(t('records go first', '记录优先发送'));
}

/** Resolves when the broker has answered for each. `refused`: told of a filter that it refuses. */
export async function subscribe(
  filters: readonly string[],
  link: BrokerLink,
  refused: (why: string) => void,
): Promise<void> {
  const told = (filter: string) => (cause: unknown) =>
    refused(`${t('the broker refuses', '服务器拒绝订阅')} ${filter}: ${reasonOf(cause)}`);
  await Promise.all(filters.map((filter) => link.subscribe(filter).catch(told(filter))));
}

export function tellEars(ears: readonly Ear[], topic: string, payload: Uint8Array, retained: boolean): void {
  for (const ear of ears) if (ear.filters.some((filter) => covers(filter, topic))) ear.hear(topic, payload, retained);
}

/** Whether a topic filter of MQTT (`+` one level, `#` all that follow) has this topic. */
export function covers(filter: string, topic: string): boolean {
  const [wanted, levels] = [filter.split('/'), topic.split('/')];
  const open = wanted.at(-1) === '#';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (open ? levels.length < fixed.length : levels.length !== fixed.length) return false;
  return fixed.every((level, at) => level === '+' || level === levels[at]);
}
