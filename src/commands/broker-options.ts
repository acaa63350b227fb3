/** The options by which a command finds its broker. */

import { randomUUID } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { BrokerOptions, LinkEnd } from '../uplink/client.ts';
import type { Call, Command } from './command.ts';

const KEEPALIVE_S = 30;

export const brokerFields = {
  broker: { type: 'string', help: t('mqtt://HOST[:PORT] or mqtts://HOST[:PORT]', '服务器地址 mqtt:// 或 mqtts://') },
  ca: { type: 'string', help: t('PEM file of the authority of the broker', '服务器 CA 证书文件') },
  cert: { type: 'string', help: t('PEM file of your certificate', '客户端证书文件') },
  key: { type: 'string', help: t('key file of that certificate', '客户端私钥文件') },
  username: { type: 'string', help: t('name for the broker', '用户名') },
  'password-file': { type: 'string', help: t('file with the password', '密码文件') },
  protocol: {
    type: 'string',
    help: t('5 or 3.1.1; where left out, 5 if the broker speaks it', 'MQTT 版本 5 或 3.1.1；省略时优先 5'),
  },
} as const satisfies Command['options'];

/** Brokers of MQTT 3.1.1 refuse version 5 so. */
export function speaksOnlyOlder({ kind, detail }: LinkEnd): boolean {
  return kind === 'refused' && /protocol version/i.test(detail);
}

export function textOf(call: Call, option: string): string | undefined {
  const value = call.values[option];
  return typeof value === 'string' ? value : undefined;
}

export function brokerOptionsOf(call: Call, who: string): BrokerOptions {
  const url = textOf(call, 'broker');
  if (!url || !/^(mqtts?|wss?):\/\/[^\s/]+/.test(url))
    throw misused(
      '--broker',
      t('give --broker mqtt://HOST or mqtts://HOST', '请给出 --broker mqtt://主机 或 mqtts://主机'),
    );
  const protocol = textOf(call, 'protocol') ?? '5';
  if (protocol !== '5' && protocol !== '3.1.1') throw misused('--protocol', t('5 or 3.1.1', '取 5 或 3.1.1'));
  return {
    url,
    protocol,
    clientId: `hoistway-${who}-${randomUUID().slice(0, 8)}`,
    username: textOf(call, 'username'),
    passwordFile: textOf(call, 'password-file'),
    caFile: textOf(call, 'ca'),
    certFile: textOf(call, 'cert'),
    keyFile: textOf(call, 'key'),
    keepaliveS: KEEPALIVE_S,
  };
}

export function misused(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('read the options', '解析选项'), where, hint });
}
