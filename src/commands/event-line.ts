/** One event as a line for a person: when, which lift, what. */

import { driftVerb, driftWords } from '../condition/words.ts';
import { loadCatalogue } from '../detect/catalogue.ts';
import { language, t } from '../language.ts';
import type { LiftEvent } from '../lift/events.ts';

export function eventLine(event: LiftEvent): string {
  return `${clockOf(event.atMs)}  ${event.lift.padEnd(8)} ${wordsOf(event)}`;
}

/** hours:minutes:seconds.milliseconds of the capture's own time */
function clockOf(ms: number): string {
  const whole = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
  return `${whole(ms / 3_600_000, 2)}:${whole((ms / 60_000) % 60, 2)}:${whole((ms / 1000) % 60, 2)}.${whole(ms % 1000, 3)}`;
}

function secondsOf(ms: number | null): string {
  return ms === null ? '?' : `${(ms / 1000).toFixed(0)} s`;
}

function wordsOf(event: LiftEvent): string {
  switch (event.type) {
    case 'fault': {
      const title = loadCatalogue()[event.fault].title[language];
      const subject = event.subject ? ` (${event.subject})` : '';
      if (event.phase === 'begin') return `${t('BEGINS', '开始')}  ${title}${subject}`;
      const lasted = ((event.atMs - event.beganMs) / 1000).toFixed(1);
      return `${t('ends', '结束')}    ${title}${subject}, ${lasted} s`;
    }
    case 'mode':
      return `${t('mode', '模式')}    ${event.was ?? '?'} -> ${event.mode}`;
    case 'trip':
      return `${t('trip', '运行')}    ${event.from ?? '?'} -> ${event.to ?? '?'}, ${((event.atMs - event.startMs) / 1000).toFixed(1)} s`;
    case 'door-cycle':
      return `${t('door', '开关门')}    ${((event.atMs - event.startMs) / 1000).toFixed(1)} s`;
    case 'rescue':
      return `${t('rescue', '救援')}  ${t('doors open after', '开门用时')} ${secondsOf(event.doorsOpenAfterMs)}, ${t('in service after', '恢复用时')} ${secondsOf(event.backInServiceAfterMs)}`;
    case 'condition': {
      const [is, words] = [driftVerb(event), driftWords(event)];
      return `${t(is.en, is.zh)}  ${t(words.en, words.zh)}`;
    }
    case 'landing-gap':
      return `${t('learned', '学得')}  ${t('landing', '层站')} ${event.marking}, ${event.learnedMm} mm ${t('above the one below', '高于下层')}`;
    case 'totals':
      return `${t('totals', '累计')}  ${event.trips} ${t('trips', '次运行')}, ${event.doorCycles} ${t('door cycles', '次开关门')}`;
    case 'alarm-test':
      return `${t('alarm test', '报警自检')}  ${event.working ? t('passed', '通过') : t('FAILED', '未通过')}`;
  }
}
