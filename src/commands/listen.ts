/** `hoistway listen`: the least that a platform does. Prints what the boxes send, and marks repeats. */

import { plus, sleep, systemClock } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import { backoffMs, LASTED_WITH_ACK_MS } from '../uplink/backoff.ts';
import type { BrokerOptions, LinkEnd } from '../uplink/client.ts';
import { mqttClient } from '../uplink/mqtt-client.ts';
import { type Decoded, decode } from '../uplink/payload.ts';
import { saidOfEnd } from '../uplink/reasons.ts';
import { SeenRecords } from '../uplink/seen.ts';
import { CONNECT_LIMIT_MS } from '../uplink/session.ts';
import { isOfRequests } from '../uplink/topics.ts';
import { brokerFields, brokerOptionsOf, speaksOnlyOlder, textOf } from './broker-options.ts';
import type { Call, Command } from './command.ts';
import { lineOf } from './listen-line.ts';

const BACKOFF = { retryFirstMs: 1000, retryMaxMs: 30_000 };
const EVERYTHING = 'hoistway/v1/#';
/** How long a broker keeps what comes for a named listener that is away: a day. */
const KEPT_S = 86_400;

export const command: Command = {
  name: 'listen',
  usage: '--broker URL[,URL...] [--json] [--topic FILTER] [--session NAME]',
  summary: t('prints what boxes send to a broker, until interrupted', '持续显示网关发往服务器的消息，直到中断'),
  options: {
    ...brokerFields,
    broker: {
      type: 'string',
      help: t(
        'mqtt://HOST[:PORT] or mqtts://HOST[:PORT]; of a cluster several, tried in turn',
        '服务器地址 mqtt:// 或 mqtts://；集群可给出多个，依次尝试',
      ),
    },
    session: {
      type: 'string',
      help: t(
        'a name of this listener: the broker keeps what comes while it is away, a day long',
        '监听者名称：离线期间服务器为其保留消息，最长一天',
      ),
    },
    json: { type: 'boolean', help: t('one JSON object a line', '每行一个 JSON 对象') },
    topic: { type: 'string', help: t(`topic filter, ${EVERYTHING} if left out`, `主题过滤，默认 ${EVERYTHING}`) },
  },
  positionals: [0, 0],
  exits: {},
  async run(call) {
    const brokers = brokersOf(call);
    let older = false;
    const filter = textOf(call, 'topic') ?? EVERYTHING;
    const show = printer(call);
    let attempt = 0;
    let turn = 0;
    while (!call.signal.aborted) {
      const beganMs = systemClock.monoMs();
      const broker = brokers[turn % brokers.length];
      const end = broker && (await session(older ? { ...broker, protocol: '3.1.1' } : broker, filter, show, call));
      if (!end) break;
      if (speaksOnlyOlder(end) && !older && call.values.protocol === undefined) {
        older = true;
        continue;
      }
      attempt = systemClock.monoMs() - beganMs >= LASTED_WITH_ACK_MS ? 0 : attempt + 1;
      const said = saidOfEnd(end);
      call.remark(t(said.en, said.zh));
      turn++;
      await sleep(systemClock, backoffMs(attempt, BACKOFF, Math.random()), call.signal);
    }
    return 0;
  },
};

function brokersOf(call: Call): readonly BrokerOptions[] {
  const name = textOf(call, 'session');
  const kept = name === undefined ? {} : { clientId: `hoistway-listen-${name}`, keepSessionS: KEPT_S };
  return (textOf(call, 'broker') ?? '').split(',').map((broker) => {
    const of = { ...call, values: { ...call.values, broker } };
    return { ...brokerOptionsOf(of, 'listen'), ...kept };
  });
}

/** One connection, until it ends (why) or the person ends the command (null). */
function session(
  options: BrokerOptions,
  filter: string,
  show: (topic: string, payload: Uint8Array) => void,
  call: Call,
): Promise<LinkEnd | null> {
  return new Promise((resolve) => {
    const finish = (end: LinkEnd | null) => {
      stopTimer();
      call.signal.removeEventListener('abort', onAbort);
      link.drop();
      resolve(end);
    };
    const onAbort = () => finish(null);
    const link = mqttClient.connect(options, {
      onConnected() {
        stopTimer();
        link.subscribe(filter).then(
          () => call.remark(t(`listening to ${filter}`, `正在监听 ${filter}`)),
          (cause) => finish({ kind: 'refused', detail: `${filter}: ${reasonOf(cause)}` }),
        );
      },
      onClosed: finish,
      onMessage: show,
    });
    const giveUpMs = plus(systemClock.monoMs(), CONNECT_LIMIT_MS);
    const stopTimer = systemClock.at(giveUpMs, () => finish({ kind: 'no-connack', detail: '' }));
    call.signal.addEventListener('abort', onAbort);
  });
}

/** Prints each message; what cannot be read is told, and does not end the command. */
function printer(call: Call): (topic: string, payload: Uint8Array) => void {
  const seen = new SeenRecords();
  return (topic, payload) => {
    // Who asked gets the answer.
    if (isOfRequests(topic)) return;
    try {
      for (const decoded of decode(topic, payload)) {
        const repeat = isRepeat(seen, decoded);
        call.print(call.values.json ? jsonOf(decoded, repeat) : lineOf(decoded, repeat));
      }
    } catch (error) {
      call.remark(reasonOf(error));
    }
  };
}

function isRepeat(seen: SeenRecords, decoded: Decoded): boolean {
  if (decoded.kind === 'status') return false;
  const { boot, seq } = decoded.message;
  return seen.note(decoded.box, boot, seq);
}

function jsonOf({ message }: Decoded, repeat: boolean): string {
  return JSON.stringify(repeat ? { ...message, repeat } : message);
}
