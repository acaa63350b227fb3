/** A message of a box as a line for a person. */

import { driftVerb, driftWords } from '../condition/words.ts';
import { t } from '../language.ts';
import type { Decoded, DecodedRecord } from '../uplink/payload.ts';

/** `2026-01-01 08:00:03  box-1/a  BEGINS Passenger trapped in the car  ...  #12` */
export function lineOf(decoded: Decoded, repeat: boolean): string {
  if (decoded.kind === 'status') {
    const { online, why, version } = decoded.message;
    const now = online ? t('online', '在线') : `${t('offline', '离线')}${why ? ` (${saidOfOffline(why)})` : ''}`;
    return columns('', decoded.box, `${now}, hoistway ${version}`);
  }
  const { message, box, lift } = decoded;
  const end = `#${message.seq}${repeat ? t(' (repeat)', '（重复）') : ''}`;
  return columns(timeOf(decoded), lift === null ? box : `${box}/${lift}`, wordsOf(decoded), end);
}

function columns(time: string, ...rest: readonly string[]): string {
  return [time.padEnd(19), ...rest].join('  ');
}

function saidOfOffline(why: 'stopped' | 'lost'): string {
  return why === 'stopped' ? t('stopped', '已停止') : t('connection lost', '连接中断');
}

/** In the time zone of the listener, by the clock of the box; `?` where that clock had not been set. */
function timeOf({ message }: DecodedRecord): string {
  const { wallMs, clockTrust } = message;
  if (typeof wallMs !== 'number' || Math.abs(wallMs) > LARGEST_DATE_MS) return '';
  const local = new Date(wallMs - new Date(wallMs).getTimezoneOffset() * 60_000);
  const time = local.toISOString().slice(0, 19).replace('T', ' ');
  return clockTrust === 'unset' ? `${time}?` : time;
}

/** A Date holds no more (a day less, for time zones). */
const LARGEST_DATE_MS = 8.64e15 - 86_400_000;

function secondsOf(ms: number | null): string {
  return ms === null ? '?' : `${Math.round(ms / 1000)} s`;
}

function wordsOf(decoded: DecodedRecord): string {
  switch (decoded.kind) {
    case 'fault': {
      const { phase, title, subject, address, rescueLabelNumber } = decoded.message;
      const said = `${t(title.en, title.zh)}${subject ? ` (${subject})` : ''}`;
      if (phase === 'end') return `${t('ends', '结束')} ${said}`;
      return `${t('BEGINS', '发生')} ${said}, ${address}, ${t('rescue label', '救援标识码')} ${rescueLabelNumber}`;
    }
    case 'mode':
      return `${t('mode', '模式')} ${decoded.message.was ?? '?'} -> ${decoded.message.mode}`;
    case 'trip':
      return `${t('trip', '运行')} ${decoded.message.from ?? '?'} -> ${decoded.message.to ?? '?'}`;
    case 'door-cycle':
      return `${t('door opened and closed at landing', '开关门，层站')} ${decoded.message.landing ?? '?'}`;
    case 'rescue':
      return `${t('rescue over, in service again after', '救援结束，恢复用时')} ${secondsOf(decoded.message.backInServiceAfterMs)}`;
    case 'condition': {
      const [is, words] = [driftVerb(decoded.message), driftWords(decoded.message)];
      return `${t(is.en, is.zh)} ${t(words.en, words.zh)}`;
    }
    case 'totals':
      return `${t('totals', '累计')} ${decoded.message.trips} ${t('trips', '次运行')}, ${decoded.message.doorCycles} ${t('door cycles', '次开关门')}`;
    case 'digest':
      return `${t('sum of records given up for want of space:', '因空间不足合并的记录：')} ${Object.entries(
        decoded.message.of,
      )
        .map(([type, count]) => `${count} ${type}`)
        .join(', ')}`;
    case 'alarm-test':
      return `${t('alarm test', '报警自检')} ${decoded.message.working ? t('passed', '通过') : t('FAILED', '未通过')}`;
    case 'box-fault': {
      const { phase, title } = decoded.message;
      return `${phase === 'begin' ? t('BEGINS', '发生') : t('ends', '结束')} ${t(title.en, title.zh)}`;
    }
    case 'gap':
      return `${t('records given up for want of space:', '因空间不足放弃的记录：')} ${decoded.message.count}`;
    case 'other':
      return decoded.message.type;
  }
}
