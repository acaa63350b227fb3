/** A message of a box as a line for a person. */

import { t } from '../language.ts';
import type { Decoded } from '../uplink/payload.ts';

/** `2026-01-01 08:00:03  box-1/lift-a  fault begin: ...  #12` */
export function lineOf(decoded: Decoded, repeat: boolean): string {
  if (decoded.kind === 'status') {
    const { online, why, version } = decoded.message;
    const now = online ? t('online', '在线') : `${t('offline', '离线')}${why ? ` (${saidOfOffline(why)})` : ''}`;
    return columns('', decoded.box, `${now}, hoistway ${version}`, '');
  }
  const { message, box, lift } = decoded;
  const mark = repeat ? `  ${t('(repeat)', '（重复）')}` : '';
  return columns(timeOf(message), lift === null ? box : `${box}/${lift}`, textOf(decoded), `#${message.seq}${mark}`);
}

function columns(time: string, from: string, text: string, end: string): string {
  return `${time.padEnd(19)}  ${from}  ${text}  ${end}`.trimEnd();
}

function saidOfOffline(why: 'stopped' | 'lost'): string {
  return why === 'stopped' ? t('stopped', '已停止') : t('connection lost', '连接中断');
}

/** Local time by the box's clock; marked where that clock was never set. */
function timeOf({ wallMs, clockTrust }: RecordOf<Decoded>): string {
  if (typeof wallMs !== 'number') return '';
  const shifted = new Date(wallMs - new Date(wallMs).getTimezoneOffset() * 60_000);
  const time = shifted.toISOString().slice(0, 19).replace('T', ' ');
  return clockTrust === 'unset' ? `${time} ?` : time;
}

type RecordOf<D> = D extends { kind: 'record'; message: infer M } ? M : never;

function textOf({ message }: Extract<Decoded, { kind: 'record' }>): string {
  const title = message.title ? `${t(message.title.en, message.title.zh)} ` : '';
  if ('phase' in message && typeof message.phase === 'string') {
    const phase = message.phase === 'begin' ? t('begins', '发生') : t('ends', '结束');
    const place = `${message.address}, ${t('rescue label', '救援标识')} ${message.rescueLabelNumber}`;
    return `${phase}: ${title}[${String(message.fault)}]  ${place}`;
  }
  switch (message.type) {
    case 'mode':
      return `${t('mode', '模式')}: ${title}${String(message.was ?? '-')} -> ${String(message.mode)}`;
    case 'trip':
      return `${t('trip', '运行')}: ${String(message.from ?? '?')} -> ${String(message.to ?? '?')}`;
    case 'door-cycle':
      return `${t('door cycle at landing', '开关门，层站')} ${String(message.landing ?? '?')}`;
    case 'gap':
      return `${t('records lost for want of space', '因空间不足丢失记录')}: ${String(message.count)}`;
    default:
      return `${message.type} ${title}`.trimEnd();
  }
}
