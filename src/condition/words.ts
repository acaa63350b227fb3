/** A condition in words, for whoever reads it: what it is called and where, how far it has gone and, where it begins, what to do. */

import type { ConditionEvent } from '../lift/events.ts';
import { type ConditionCatalogue, loadConditions } from './catalogue.ts';

/** A newer box may know more conditions. */
export type Drift = Pick<ConditionEvent, 'phase' | 'normal' | 'now' | 'unit' | 'changePercent'> & {
  readonly condition: string;
  readonly subject?: string | undefined;
  /** its number, or its marking where that is known */
  readonly landing?: number | string | undefined;
};

const UNITS_ZH: { readonly [unit: string]: string } = {
  ms: '毫秒',
  mm: '毫米',
  'per cycle': '次/开关门',
  'trips a day': '次/天',
};
const SUBJECTS_ZH: { readonly [subject: string]: string } = { opening: '开门', closing: '关门' };

/** That it begins or is over, in a word. */
export function driftVerb({ phase, condition }: Pick<Drift, 'phase' | 'condition'>): { en: string; zh: string } {
  if (condition === 'landing-height')
    return phase === 'begin' ? { en: 'DIFFERS', zh: '不符' } : { en: 'agrees', zh: '已相符' };
  return phase === 'begin' ? { en: 'DRIFTS', zh: '趋势' } : { en: 'steady', zh: '恢复平稳' };
}

export function driftWords(drift: Drift): { en: string; zh: string } {
  const { phase, condition, subject, landing, normal, now, unit, changePercent } = drift;
  const row = (loadConditions() as Partial<ConditionCatalogue>)[condition as keyof ConditionCatalogue];
  if (condition === 'landing-height') return heightWords(drift, row?.next);
  const share = `${changePercent > 0 ? '+' : ''}${changePercent} %`;
  const where = subject ?? (landing === undefined ? null : `landing ${landing}`);
  const whereZh = subject ? (SUBJECTS_ZH[subject] ?? subject) : landing === undefined ? null : `层站 ${landing}`;
  const en = `${row?.title.en ?? condition}${where === null ? '' : ` (${where})`}, ${share}`;
  const zh = `${row?.title.zh ?? condition}${whereZh === null ? '' : `（${whereZh}）`}，${share}`;
  if (phase === 'end') return { en, zh };
  return {
    en: `${en}: from ${normal} to ${now} ${unit}.${row ? ` ${row.next.en}` : ''}`,
    zh: `${zh}：由 ${normal} 变为 ${now} ${UNITS_ZH[unit] ?? unit}。${row?.next.zh ?? ''}`,
  };
}

/** The two heights side by side say more than a share does. */
function heightWords({ phase, subject, normal, now }: Drift, next: { en: string; zh: string } | undefined) {
  const en = `landing ${subject} is ${now} mm above the one below, the site file says ${normal} mm`;
  const zh = `层站 ${subject} 高于下层 ${now} 毫米，站点文件为 ${normal} 毫米`;
  return phase === 'end' ? { en, zh } : { en: `${en}. ${next?.en ?? ''}`, zh: `${zh}。${next?.zh ?? ''}` };
}
