/** A drift in words, for whoever reads it: what it is called and where, how far it has gone and, where it begins, what to do. */

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

export function driftWords(drift: Drift): { en: string; zh: string } {
  const { phase, condition, subject, landing, normal, now, unit, changePercent } = drift;
  const row = (loadConditions() as Partial<ConditionCatalogue>)[condition as keyof ConditionCatalogue];
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
