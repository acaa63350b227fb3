/** The start of a site file from what was found: what only a person knows is left empty, and `check` names it. Pure. */

import { t } from '../language.ts';
import type { Slave } from './examine.ts';
import type { LineSettings } from './settings.ts';
import { profileText } from './words.ts';

export type FoundBus =
  /** `listen`: another master asks there */
  | { readonly type: 'rtu'; readonly path: string; readonly settings: LineSettings; readonly listen: boolean }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number };

const SLOW_TIMEOUT_MS = 1000;

export function siteStart(bus: FoundBus, slaves: readonly Slave[]): string {
  return [
    note(
      t(
        'Begun by hoistway scan. Fill in what is empty, then: hoistway check --site FILE',
        '由 hoistway scan 生成。填写空缺项后运行 hoistway check --site 文件',
      ),
    ),
    'version: 1',
    'box:',
    note(t('name of this box, unique in the city: a-z, 0-9 and -', '本机名称，全市唯一：小写字母、数字和 -'), 2),
    '  id: ""',
    '',
    'buses:',
    '  - id: line-1',
    ...busLines(bus).map((line) => `    ${line}`),
    ...(slaves.some(({ late }) => late)
      ? [note(t('it answers slowly', '该设备应答较慢'), 4), `    responseTimeoutMs: ${SLOW_TIMEOUT_MS}`]
      : []),
    '',
    'lifts:',
    ...slaves.flatMap(liftLines),
    '',
  ].join('\n');
}

function busLines(bus: FoundBus): string[] {
  if (bus.type === 'tcp') return ['type: tcp', `host: ${JSON.stringify(bus.host)}`, `port: ${bus.port}`];
  const { baud, parity, stopBits } = bus.settings;
  return [
    'type: rtu',
    `path: ${JSON.stringify(bus.path)}`,
    `baud: ${baud}`,
    `parity: ${parity}`,
    ...(parity === 'none' && stopBits === 1
      ? [note(t('2 sounds the same; see the manual', '2 听起来相同，以说明书为准'))]
      : []),
    `stopBits: ${stopBits}`,
    ...(bus.listen
      ? [note(t('another master asks here: it is only listened to', '该总线已有主站：只监听')), 'listen: true']
      : []),
  ];
}

function liftLines({ unit, identity, profiles: [best] }: Slave, index: number): string[] {
  const said = identity.map(([, text]) => text).join(', ');
  return [
    `  - id: lift-${index + 1}`,
    note(t('registration number of the equipment', '设备注册代码'), 4),
    '    registrationNumber: ""',
    note(t('five digits of the rescue label in the car, in quotes', '轿厢内救援标识牌的五位数字，加引号'), 4),
    '    rescueLabelNumber: ""',
    note(t('where the rescuer goes: street, building, entrance', '救援人员前往的地址：街道、楼栋、入口'), 4),
    '    address: ""',
    note(t('rated speed: 1.75 m/s is 1750', '额定速度：1.75 m/s 写 1750'), 4),
    '    ratedSpeedMmPerS:',
    note(
      t(
        'from the lowest to the highest, as passengers read them, heights in mm:',
        '自下而上，标识按乘客所见，高度单位 mm：',
      ),
      4,
    ),
    note('  - { marking: "1", heightMm: 0 }', 4),
    note('  - { marking: "2", heightMm: 3300 }', 4),
    '    landings: []',
    '    controller:',
    ...(said === '' ? [] : [note(t(`says it is ${said}`, `自报标识 ${said}`), 6)]),
    ...(best
      ? [note(profileText(best), 6), `      profile: ${best.profile}`]
      : [
          note(
            t(
              'no profile fits: one of seeds/controllers, or a path to your own',
              '没有相符的点表：填 seeds/controllers 中的名称或自有点表的路径',
            ),
            6,
          ),
          '      profile: ""',
        ]),
    '      bus: line-1',
    `      unit: ${unit}`,
  ];
}

function note(text: string, indent = 0): string {
  return `${' '.repeat(indent)}# ${text}`;
}
