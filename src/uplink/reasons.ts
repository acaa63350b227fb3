/** Why the uplink is where it is, in words for the page and the journal. */

import type { LinkEnd } from './client.ts';

export interface Said {
  readonly en: string;
  readonly zh: string;
}

/** Why a link ended, or never began. */
export function saidOfEnd({ kind, detail }: LinkEnd): Said {
  switch (kind) {
    case 'settings':
      return { en: `the uplink settings cannot be used: ${detail}`, zh: `上行设置无法使用：${detail}` };
    case 'unreachable':
      return { en: `the broker cannot be reached: ${detail}`, zh: `无法连接服务器：${detail}` };
    case 'tls':
      return { en: `no secure connection (TLS): ${detail}`, zh: `TLS 安全连接失败：${detail}` };
    case 'refused':
      return { en: `the broker refuses this box: ${detail}`, zh: `服务器拒绝本机：${detail}` };
    case 'kicked':
      return { en: `the broker ended the session: ${detail}`, zh: `服务器终止会话：${detail}` };
    case 'unfit':
      return { en: `the broker cannot serve this box: ${detail}`, zh: `服务器不满足要求：${detail}` };
    case 'lost':
      return { en: `the connection was lost: ${detail}`, zh: `连接中断：${detail}` };
    case 'no-connack':
      return { en: 'the broker did not answer in time', zh: '服务器未按时应答' };
    case 'no-puback':
      return { en: 'the broker stopped acknowledging', zh: '服务器停止确认' };
  }
}

/** Lost soon after the CONNACK. MQTT 3.1.1 (and Mosquitto at a clean start) does not say why a broker ends a session. */
export function saidOfShortSession({ detail }: LinkEnd): Said {
  return {
    en: `the connection was lost soon after it began: ${detail}; may another client use the same client id?`,
    zh: `连接建立后很快中断：${detail}；是否有其他客户端使用相同的客户端标识？`,
  };
}

/** The broker takes no records, or not these. */
export function saidOfRefusal(reason: string): Said {
  return { en: `the broker refuses records: ${reason}`, zh: `服务器拒收记录：${reason}` };
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
  stopping: { en: 'ending the session', zh: '正在结束会话' },
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
