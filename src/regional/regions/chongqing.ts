/**
 * Chongqing: the messages of the platform family (platform.ts) with the city's own numbers, as in GovernFaultTypeChongqingEnum of the
 * same sender: the GB list, changes of mode among the faults, and 90 to 93. Through which address the city itself takes them is
 * to check.
 */

import type { ServiceMode } from '../../lift/signals.ts';
import type { Region } from '../region.ts';
import { type CodeName, pushRegion } from './platform.ts';

const NAMES: { readonly [code: string]: CodeName } = {
  1: { slug: 'safety', zh: '安全回路断路' },
  2: { slug: 'notClose', zh: '关门故障' },
  3: { slug: 'notOpen', zh: '开门故障' },
  4: { slug: 'levelStop', zh: '门区外停梯' },
  5: { slug: 'ucmp', zh: '开门走车' },
  6: { slug: 'timeOver', zh: '电动机运转时间限制器动作' },
  7: { slug: 'selector', zh: '楼层信息丢失' },
  8: { slug: 'preventReRun', zh: '防止电梯再运行故障' },
  40: { slug: 'modeAuto', zh: '恢复自动运行模式' },
  42: { slug: 'modeStop', zh: '进入停止服务' },
  43: { slug: 'maintenanceMode', zh: '进入检修运行模式' },
  44: { slug: 'modeFireReturns', zh: '进入消防返回模式' },
  45: { slug: 'modeFirefightersRun', zh: '进入消防员运行模式' },
  46: { slug: 'modeEmergencyPower', zh: '进入应急电源运行' },
  47: { slug: 'modeSeismicPatterns', zh: '地震模式' },
  90: { slug: 'interPhone', zh: '用户报警' },
  91: { slug: 'downLimit', zh: '蹲底' },
  92: { slug: 'upLimit', zh: '冲顶' },
  93: { slug: 'entrap', zh: '平层关人' },
};

const MODE_CODES: { readonly [M in ServiceMode]: string | null } = {
  stopped: '42',
  normal: '40',
  inspection: '43',
  'fire-recall': '44',
  firefighter: '45',
  'emergency-power': '46',
  earthquake: '47',
  unknown: null,
};

export const chongqing: Region = pushRegion({
  title: { en: 'Chongqing', zh: '重庆' },
  names: NAMES,
  codeOf: (_fault, { chongqing: code }) => (typeof code === 'number' ? String(code) : null),
  /** The first that is known of a mode is no return to normal. */
  modeCodeOf({ mode, was }) {
    const returned = was !== null && was !== 'unknown';
    return mode === 'normal' && !returned ? null : MODE_CODES[mode as ServiceMode];
  },
});
