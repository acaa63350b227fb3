/** Why the uplink is where it is, in words for the page and the journal. README.md has what to do about each. */

import type { LinkEnd } from './client.ts';

export interface Said {
  readonly en: string;
  readonly zh: string;
}

/** `ask` comes after the detail: what a person may look at first. */
interface Words extends Said {
  readonly ask?: Said;
}

const notSecure = (en: string, zh: string): Words => ({
  en: `no secure connection (TLS): ${en}`,
  zh: `TLS 安全连接失败：${zh}`,
});

/** Why a link ended, or never began. */
const ENDS: { readonly [K in LinkEnd['kind']]: Words } = {
  settings: { en: 'the uplink settings cannot be used', zh: '上行设置无法使用' },
  'name-unknown': { en: 'the name of the broker cannot be looked up', zh: '无法解析服务器域名' },
  unreachable: { en: 'the broker cannot be reached', zh: '无法连接服务器' },
  'hung-up': { en: 'the connection was lost before the broker answered', zh: '服务器未应答即断开' },
  'no-connack': { en: 'the broker did not answer in time', zh: '服务器未按时应答' },
  tls: { en: 'no secure connection (TLS)', zh: 'TLS 安全连接失败' },
  'server-unknown': notSecure(
    'the certificate of the broker is of an authority that this box does not trust',
    '服务器证书的签发机构不受本机信任',
  ),
  'server-expired': notSecure(
    'the certificate of the broker has expired, or the clock of this box is wrong',
    '服务器证书已过期，或本机时钟有误',
  ),
  'server-not-yet': notSecure(
    'the certificate of the broker is not valid yet, or the clock of this box is wrong',
    '服务器证书尚未生效，或本机时钟有误',
  ),
  'server-other-host': notSecure('the certificate of the broker is for another name', '服务器证书与其地址不符'),
  'cert-unknown': notSecure(
    'the broker does not know the authority of the certificate of this box',
    '服务器不信任本机证书的签发机构',
  ),
  'cert-expired': notSecure('to the broker the certificate of this box has expired', '服务器认为本机证书已过期'),
  'cert-missing': notSecure('the broker wants a certificate of this box', '服务器要求本机出示证书'),
  'cert-refused': notSecure('the broker refuses the certificate of this box', '服务器拒绝本机证书'),
  'not-admitted': {
    en: 'the broker refuses this box',
    zh: '服务器拒绝本机',
    ask: { en: 'are user name, password and client id those it knows?', zh: '用户名、密码和客户端标识是否正确？' },
  },
  refused: { en: 'the broker refuses this box', zh: '服务器拒绝本机' },
  unfit: { en: 'the broker cannot serve this box', zh: '服务器不满足要求' },
  'taken-over': { en: 'another client with the same client id took the session', zh: '会话被相同标识的客户端接管' },
  'shutting-down': { en: 'the broker is shutting down', zh: '服务器正在关闭' },
  kicked: { en: 'the broker ended the session', zh: '服务器终止会话' },
  lost: { en: 'the connection was lost', zh: '连接中断' },
  'no-pingresp': { en: 'the broker no longer answers', zh: '服务器不再响应' },
  'no-puback': { en: 'the broker stopped acknowledging', zh: '服务器停止确认' },
};

/** All that can go wrong with an uplink, by the names of the table in README.md. */
export const TROUBLES = {
  ...ENDS,
  // MQTT 3.1.1 (and Mosquitto at a clean start) does not say why a broker ends a session.
  short: {
    en: 'the connection was lost soon after it began',
    zh: '连接建立后很快中断',
    ask: { en: 'may another client use the same client id?', zh: '是否有其他客户端使用相同的客户端标识？' },
  },
  slow: { en: 'the broker is slow: it has acknowledged nothing for 10 s', zh: '服务器响应缓慢：10 秒内未作确认' },
  'refused-topic': {
    en: 'the broker refuses records',
    zh: '服务器拒收记录',
    ask: { en: 'may this box publish on that topic?', zh: '是否允许本机发布该主题？' },
  },
  'refused-later': {
    en: 'the broker refuses records',
    zh: '服务器拒收记录',
    ask: { en: 'they wait here', zh: '记录留存本机' },
  },
  'refused-final': {
    en: 'the broker refuses records',
    zh: '服务器拒收记录',
    ask: { en: 'they are set aside', zh: '记录已另存' },
  },
  'refused-unsaid': {
    en: 'the broker ends the session each time it is sent a record',
    zh: '每次发送某条记录，服务器都断开连接',
    ask: { en: 'it is set aside', zh: '记录已另存' },
  },
  'set-aside': {
    en: 'records that can never be sent are set aside; the broker takes no packet so large, or they have no topic',
    zh: '无法发送的记录已另存：超过服务器允许的大小，或没有主题',
  },
} satisfies { readonly [name: string]: Words };

export type TroubleName = keyof typeof TROUBLES;

export function saidOf(name: TroubleName, detail: string): Said {
  const { en, zh, ask }: Words = TROUBLES[name];
  const about = detail === '' ? { en, zh } : { en: `${en}: ${detail}`, zh: `${zh}：${detail}` };
  return ask ? { en: `${about.en}; ${ask.en}`, zh: `${about.zh}；${ask.zh}` } : about;
}

export function saidOfEnd({ kind, detail }: LinkEnd): Said {
  return saidOf(kind, detail);
}

/** Lost soon after the CONNACK. */
export function saidOfShortSession({ detail }: LinkEnd): Said {
  return saidOf('short', detail);
}

/** The broker takes no records, or not these. */
export function saidOfRefusal({ reasonCode, reason }: { readonly reasonCode: number; readonly reason: string }): Said {
  return saidOf(`refused-${refusalOf(reasonCode)}`, reason);
}

export const SAID = {
  off: { en: 'the uplink is off', zh: '上行已关闭' },
  starting: { en: 'about to connect', zh: '即将连接' },
  connecting: { en: 'connecting to the broker', zh: '正在连接服务器' },
  online: { en: 'connected to the broker', zh: '已连接服务器' },
  spent: {
    en: 'the bytes of the day are used up: telemetry waits for the next, alarms go on',
    zh: '当日流量已用完：遥测数据等到次日，报警照常发送',
  },
  speaking: { en: 'saying what this box is', zh: '正在上报设备信息' },
  stopping: { en: 'ending the session', zh: '正在结束会话' },
  slow: saidOf('slow', ''),
  setAside: saidOf('set-aside', ''),
} satisfies { [name: string]: Said };

/** Reasons of a PUBACK that no repeating will change: they are about the record itself. */
const FINAL_REASONS = new Set([0x90, 0x95, 0x99]);

/** This topic is not for this box: the records of other topics may pass. */
const NOT_AUTHORISED = 0x87;

export type Refusal = 'final' | 'topic' | 'later';

/** What a PUBACK reason of 0x80 or more asks for. */
export function refusalOf(reasonCode: number): Refusal {
  if (FINAL_REASONS.has(reasonCode)) return 'final';
  return reasonCode === NOT_AUTHORISED ? 'topic' : 'later';
}
