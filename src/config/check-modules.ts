/** Checks of the inputs that are on Modbus modules. */

import { t } from '../language.ts';
import { knownBus } from './check-lines.ts';
import { type Checks, numbered, Once, type SoundSite } from './checks.ts';
import { shown } from './problems.ts';

/** The two level switches sit this far apart (src/sense/README.md). */
const LEVEL_SWITCHES_MM = 50;

export function checkModules(site: SoundSite, checks: Checks): void {
  const places = new Once(checks);
  const controllers = controllersOf(site);
  for (const [index, lift] of numbered(site.lifts)) {
    for (const [signal, input] of Object.entries(lift.inputs ?? {})) {
      if (input?.bus === undefined) continue;
      const at = ['lifts', index, 'inputs', signal];
      const { bus, unit, table, address, bit, scanIntervalMs = 100, staleAfterMs } = input;
      knownBus(site, bus, [...at, 'bus'], checks);
      const controller = controllers.get(`${bus} ${unit}`);
      if (controller) {
        checks.problem(
          [...at, 'unit'],
          t(
            `unit ${unit} on ${shown(bus)} is the controller of line ${checks.lineOf(controller)}`,
            `${shown(bus)} 的从站 ${unit} 是第 ${checks.lineOf(controller)} 行的控制器`,
          ),
          t(
            'the unit of a module; a profile tells what a controller says',
            '模块的从站地址；控制器的信号由配置文件给出',
          ),
        );
      }
      if (bit !== undefined && (table === 'discrete' || table === 'coil')) {
        checks.problem(
          [...at, 'bit'],
          t(`${bit}, of a ${table} table, which has single bits`, `${bit}：${table} 表本身就是单个位`),
          t('no `bit`, or a table of registers (input, holding)', '不写 bit，或改用寄存器表（input、holding）'),
        );
      }
      const place = address === undefined ? undefined : `${bus} ${unit} ${table} ${address} ${bit ?? ''}`;
      places.see(place, [...at, 'address'], (line) =>
        checks.problem(
          [...at, 'address'],
          t(`${address} of the module, as on line ${line}`, `模块的 ${address}，与第 ${line} 行重复`),
          t('an input of its own for each contact', '每个触点各用一个输入'),
        ),
      );
      if (staleAfterMs !== undefined && staleAfterMs <= scanIntervalMs) {
        checks.problem(
          [...at, 'staleAfterMs'],
          String(staleAfterMs),
          t(`more than scanIntervalMs (${scanIntervalMs})`, `大于 scanIntervalMs（${scanIntervalMs}）`),
        );
      }
      const passMs = Math.floor((LEVEL_SWITCHES_MM / (lift.ratedSpeedMmPerS ?? 1)) * 1000);
      if ((signal === 'levelUpper' || signal === 'levelLower') && scanIntervalMs > passMs) {
        checks.warning(
          at,
          t(
            `read each ${scanIntervalMs} ms, but the car passes from one level switch to the other in ${passMs} ms`,
            `每 ${scanIntervalMs} ms 读一次，而轿厢从一个平层开关到另一个仅需 ${passMs} ms`,
          ),
          t('a GPIO line: which of the two comes first tells the direction', '接 GPIO：两者先后决定方向'),
        );
      }
    }
  }
}

/** By bus and unit, where the site file says it. */
function controllersOf(site: SoundSite): Map<string, (string | number)[]> {
  return new Map(
    numbered(site.lifts).flatMap(([index, { controller }]) =>
      controller ? [[`${controller.bus} ${controller.unit}`, ['lifts', index, 'controller', 'unit']]] : [],
    ),
  );
}
