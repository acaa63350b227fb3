/** Why the regional platform is where it is, in words for the page and the journal. */

import type { Said } from '../uplink/reasons.ts';

/** Why a request got no answer. `detail` never holds a secret. */
export interface Failure {
  readonly kind: 'settings' | 'unreachable' | 'tls' | 'lost' | 'garbage' | 'silent';
  readonly detail: string;
}

export function saidOfFailure({ kind, detail }: Failure): Said {
  switch (kind) {
    case 'settings':
      return { en: `the settings of the platform cannot be used: ${detail}`, zh: `平台设置无法使用：${detail}` };
    case 'unreachable':
      return { en: `the platform cannot be reached: ${detail}`, zh: `无法连接平台：${detail}` };
    case 'tls':
      return {
        en: `no secure connection (TLS) to the platform: ${detail}`,
        zh: `与平台的 TLS 安全连接失败：${detail}`,
      };
    case 'lost':
      return { en: `the connection was lost before the answer: ${detail}`, zh: `未等到应答连接已中断：${detail}` };
    case 'garbage':
      return { en: `the answer cannot be read: ${detail}`, zh: `应答无法识别：${detail}` };
    case 'silent':
      return { en: 'the platform did not answer in time', zh: '平台未按时应答' };
  }
}

export function saidOfLogin(reason: string): Said {
  return { en: `the platform refuses name, password or token: ${reason}`, zh: `平台拒绝用户名、密码或令牌：${reason}` };
}

export function saidOfLater(reason: string): Said {
  return { en: `the platform asks for patience: ${reason}`, zh: `平台暂不接收：${reason}` };
}

export function saidOfRefusal(reason: string): Said {
  return { en: `the platform refuses a record: ${reason}`, zh: `平台拒收一条记录：${reason}` };
}

export const SAID = {
  off: { en: 'the regional platform is off', zh: '区域平台上报已关闭' },
  starting: { en: 'about to begin', zh: '即将开始' },
  trying: { en: 'waiting for the first answer of the platform', zh: '等待平台首次应答' },
  online: { en: 'the platform takes what is sent', zh: '平台接收正常' },
  stopping: { en: 'waiting for the last answers', zh: '等待最后的应答' },
} satisfies { [name: string]: Said };
