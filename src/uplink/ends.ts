/** What an error, a CONNACK or a DISCONNECT says of why a link ended or never began. */

import mqtt from 'mqtt';
import { systemClock } from '../clock.ts';
import { t } from '../language.ts';
import type { LinkEnd } from './client.ts';

type Kind = LinkEnd['kind'];

/** By the codes of Node and OpenSSL; the first that fits. Alerts are the broker's word on the certificate of the box. */
const KINDS: readonly (readonly [codes: RegExp, kind: Kind])[] = [
  [/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NONAME|EAI_NODATA)$/, 'name-unknown'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|EACCES)$/, 'unreachable'],
  [/ALERT_UNKNOWN_CA$/, 'cert-unknown'],
  [/ALERT_CERTIFICATE_EXPIRED$/, 'cert-expired'],
  [/ALERT_CERTIFICATE_REQUIRED$/, 'cert-missing'],
  [/ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_UNKNOWN)$/, 'cert-refused'],
  [/^CERT_HAS_EXPIRED$/, 'server-expired'],
  [/^CERT_NOT_YET_VALID$/, 'server-not-yet'],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'server-other-host'],
  [
    /^(UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|SELF_SIGNED_|DEPTH_ZERO_|CERT_(UNTRUSTED|SIGNATURE_FAILURE))/,
    'server-unknown',
  ],
  [/^(ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|UNABLE_TO_|EPROTO)/, 'tls'],
];

const BAD_PASSWORD = [0x86, 0x87, 4, 5];
/** the last will is retained and of QoS 1 */
const NOT_SUPPORTED = [0x9a, 0x9b];
const SHUTTING_DOWN = 0x8b;
const TAKEN_OVER = 0x8e;

/** `answered`: the CONNACK had come. */
export function endOfError(error: Error, answered: boolean): LinkEnd {
  const code = codeOf(error);
  // An AggregateError (both IPv6 and IPv4 tried) has a code and no message.
  const detail = error.message || String(code);
  if (typeof code === 'number') return { kind: kindOfConnack(code), detail: nameOfReason(code) };
  if (error.message === 'Keepalive timeout')
    return { kind: 'no-pingresp', detail: t('nothing came for a keep-alive', '保活时间内无数据') };
  const [, kind] = KINDS.find(([codes]) => typeof code === 'string' && codes.test(code)) ?? [];
  switch (kind) {
    case undefined:
      return { kind: !answered && (code === 'ECONNRESET' || code === 'EPIPE') ? 'hung-up' : 'lost', detail };
    case 'server-expired':
    case 'server-not-yet':
      return { kind, detail: `${detail}${t(', the clock shows ', '，本机时钟为 ')}${today()}` };
    default:
      return { kind, detail };
  }
}

function kindOfConnack(reasonCode: number): Kind {
  if (BAD_PASSWORD.includes(reasonCode)) return 'not-admitted';
  return NOT_SUPPORTED.includes(reasonCode) ? 'unfit' : 'refused';
}

export function endOfClose(answered: boolean): LinkEnd {
  return { kind: answered ? 'lost' : 'hung-up', detail: t('closed by the other side', '被对方关闭') };
}

/** The reason code of the broker's DISCONNECT. */
export function endOfDisconnect(reasonCode: number): LinkEnd {
  const detail = nameOfReason(reasonCode);
  if (reasonCode === TAKEN_OVER) return { kind: 'taken-over', detail };
  return { kind: reasonCode === SHUTTING_DOWN ? 'shutting-down' : 'kicked', detail };
}

const PUBACK = 4;
const PACKET_TOO_LARGE = 0x95;

/**
 * The PUBACK among these bytes, which begin with a packet, that says packet too large; null where there is none. MQTT 5 does not list that
 * reason for PUBACK (3.4.2.1), and Mosquitto 2 says it where `message_size_limit` is passed.
 */
export function unlistedRefusal(bytes: Uint8Array): { readonly packetId: number; readonly reasonCode: number } | null {
  for (let at = 0; ; ) {
    const [type, length, high = 0, low = 0, reasonCode] = bytes.subarray(at, at + 5);
    // No packet of interest is longer than what one byte of length tells.
    if (type === undefined || length === undefined || length > 0x7f) return null;
    if (type >> 4 === PUBACK && length > 2 && reasonCode === PACKET_TOO_LARGE)
      return { packetId: (high << 8) + low, reasonCode };
    at += 2 + length;
  }
}

export function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}

export function nameOfReason(code: number): string {
  const name = mqtt.ReasonCodes[code as keyof typeof mqtt.ReasonCodes];
  return `${name || t('no reason given', '未说明原因')} (${code})`;
}

/** The day alone: a trouble in other words would be told anew at every attempt. */
function today(): string {
  return new Date(systemClock.wallMs()).toISOString().slice(0, 10);
}
