/** Answers of a box as lines for a person. */

import { t } from '../language.ts';
import type { Answer, LiveMessage } from '../requests/answer.ts';

export function refusalLine({ said, reason, detail }: Answer): string {
  const why = said ? t(said.en, said.zh) : (reason ?? '?');
  return `${t('the box refuses', '网关拒绝')}: ${why}${detail ? ` (${detail})` : ''}`;
}

export function checkLine({ name, pass, found, hint }: NonNullable<Answer['checks']>[number]): string {
  const verdict = pass ? t('ok  ', '正常') : t('FAIL', '异常');
  return `${verdict}  ${name}: ${found}${hint ? `. ${t('next', '下一步')}: ${t(hint.en, hint.zh)}` : ''}`;
}

/** A line for each lift that changed: `east  normal  up 1500 mm/s  landing 2  door closed  faults: entrapment`. */
export function liveLines({ lifts }: LiveMessage): readonly string[] {
  return lifts.map((lift) => {
    const shown = (name: string) => (lift[name] === null || lift[name] === undefined ? '?' : String(lift[name]));
    const door = lift.doorClosed === true ? t('closed', '关') : lift.doorOpen === true ? t('open', '开') : '?';
    const faults =
      Array.isArray(lift.faults) && lift.faults.length > 0 ? `  ${t('faults', '故障')}: ${lift.faults.join(', ')}` : '';
    const run = `${shown('direction')} ${shown('speedMmPerS')} mm/s ${shown('positionMm')} mm`;
    return `${lift.id}  ${shown('mode')}  ${run}  ${t('landing', '层站')} ${shown('landing')}  ${t('door', '门')} ${door}${faults}`;
  });
}
