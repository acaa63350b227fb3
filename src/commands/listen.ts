/** `hoistway listen`: the least that a platform does. Prints what the boxes send, and marks repeats. */

import { randomUUID } from 'node:crypto';
import { plus, sleep, systemClock } from '../clock.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { BrokerOptions, LinkEnd } from '../uplink/client.ts';
import { mqttClient } from '../uplink/mqtt-client.ts';
import { type Decoded, decode } from '../uplink/payload.ts';
import { saidOfEnd } from '../uplink/reasons.ts';
import { SeenRecords } from '../uplink/seen.ts';
import { backoffMs, CONNECT_LIMIT_MS, LASTED_WITH_ACK_MS } from '../uplink/session.ts';
import type { Call, Command } from './command.ts';
import { lineOf } from './listen-line.ts';

const BACKOFF = { retryFirstMs: 1000, retryMaxMs: 30_000 };
const KEEPALIVE_S = 30;
const EVERYTHING = 'hoistway/v1/#';

export const command: Command = {
  name: 'listen',
  usage: '--broker URL [--json] [--topic FILTER]',
  summary: t('prints what boxes send to a broker, until interrupted', '持续显示网关发往服务器的消息，直到中断'),
  options: {
    broker: { type: 'string', help: t('mqtt://HOST[:PORT] or mqtts://HOST[:PORT]', '服务器地址 mqtt:// 或 mqtts://') },
    json: { type: 'boolean', help: t('one JSON object a line', '每行一个 JSON 对象') },
    topic: { type: 'string', help: t(`topic filter, ${EVERYTHING} if left out`, `主题过滤，默认 ${EVERYTHING}`) },
    ca: { type: 'string', help: t('PEM file of the authority of the broker', '服务器 CA 证书文件') },
    cert: { type: 'string', help: t('PEM file of your certificate', '客户端证书文件') },
    key: { type: 'string', help: t('key file of that certificate', '客户端私钥文件') },
    username: { type: 'string', help: t('name for the broker', '用户名') },
    'password-file': { type: 'string', help: t('file with the password', '密码文件') },
    protocol: {
      type: 'string',
      help: t('5 or 3.1.1; where left out, 5 if the broker speaks it', 'MQTT 版本 5 或 3.1.1；省略时优先 5'),
    },
  },
  positionals: [0, 0],
  exits: {},
  async run(call) {
    let options = brokerOptions(call);
    const filter = text(call, 'topic') ?? EVERYTHING;
    const show = printer(call);
    let attempt = 0;
    while (!call.signal.aborted) {
      const beganMs = systemClock.monoMs();
      const end = await session(options, filter, show, call);
      if (!end) break;
      if (speaksOnlyOlder(end) && options.protocol === '5' && call.values.protocol === undefined) {
        options = { ...options, protocol: '3.1.1' };
        continue;
      }
      attempt = systemClock.monoMs() - beganMs >= LASTED_WITH_ACK_MS ? 0 : attempt + 1;
      const said = saidOfEnd(end);
      call.remark(t(said.en, said.zh));
      await sleep(systemClock, backoffMs(attempt, BACKOFF, Math.random()), call.signal);
    }
    return 0;
  },
};

/** Brokers of MQTT 3.1.1 refuse version 5 so. */
function speaksOnlyOlder({ kind, detail }: LinkEnd): boolean {
  return kind === 'refused' && /protocol version/i.test(detail);
}

function text(call: Call, option: string): string | undefined {
  const value = call.values[option];
  return typeof value === 'string' ? value : undefined;
}

function brokerOptions(call: Call): BrokerOptions {
  const url = text(call, 'broker');
  if (!url || !/^(mqtts?|wss?):\/\/[^\s/]+/.test(url))
    throw misused(
      '--broker',
      t('give --broker mqtt://HOST or mqtts://HOST', '请给出 --broker mqtt://主机 或 mqtts://主机'),
    );
  const protocol = text(call, 'protocol') ?? '5';
  if (protocol !== '5' && protocol !== '3.1.1') throw misused('--protocol', t('5 or 3.1.1', '取 5 或 3.1.1'));
  return {
    url,
    protocol,
    clientId: `hoistway-listen-${randomUUID().slice(0, 8)}`,
    username: text(call, 'username'),
    passwordFile: text(call, 'password-file'),
    caFile: text(call, 'ca'),
    certFile: text(call, 'cert'),
    keyFile: text(call, 'key'),
    keepaliveS: KEEPALIVE_S,
  };
}

function misused(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('read the options', '解析选项'), where, hint });
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
