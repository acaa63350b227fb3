/** Checks of the lines and of which lift is on which. */

import { realpathSync } from 'node:fs';
import { t } from '../language.ts';
import { type Checks, numbered, Once, type SoundLift, type SoundSite } from './checks.ts';
import { nearest } from './nearest.ts';
import { shown } from './problems.ts';

export function checkLines(site: SoundSite, checks: Checks): void {
  const buses = numbered(site.buses);
  const ids = new Once(checks);
  const ports = new Once(checks);
  for (const [index, bus] of buses) {
    const at = ['buses', index];
    ids.see(bus.id, [...at, 'id'], (line) =>
      checks.problem(
        [...at, 'id'],
        t(`${bus.id}, as on line ${line}`, `${bus.id}，与第 ${line} 行重复`),
        t('another id', '不同的 id'),
      ),
    );
    if (bus.type === 'rtu') checkSerial(bus.path, at, ports, checks);
    if (bus.type === 'tcp') {
      const address = bus.host && `${bus.host}:${bus.port ?? 502}`;
      ports.see(address, [...at, 'host'], (line) =>
        checks.warning(
          [...at, 'host'],
          t(`${address}, as on line ${line}`, `${address}，与第 ${line} 行重复`),
          t('one line for all slaves behind one address', '同一地址的从站用同一条总线'),
        ),
      );
    }
    const used = numbered(site.lifts).some(([, lift]) => usesBus(lift, bus.id));
    if (!used && bus.id !== undefined) {
      checks.warning([...at, 'id'], t(`no lift is on ${bus.id}`, `没有电梯使用 ${bus.id}`), t('a use', '被引用'));
    }
  }
  checkUnits(site, checks);
}

function checkSerial(path: string | undefined, at: (string | number)[], ports: Once, checks: Checks): void {
  if (path === undefined) return;
  ports.see(deviceOf(path), [...at, 'path'], (line) =>
    checks.problem(
      [...at, 'path'],
      t(`${shown(path)}, the port of line ${line}`, `${shown(path)}，与第 ${line} 行同一串口`),
      t('a port of its own; slaves of one port go on one line', '不同的串口；同一串口的从站用同一条总线'),
    ),
  );
  if (/^\/dev\/tty(USB|ACM)\d+$/.test(path)) {
    checks.warning(
      [...at, 'path'],
      t(`${path} changes its number when plugged in elsewhere`, `${path} 换插口后编号会变`),
      '/dev/serial/by-id/...',
    );
  }
}

/** Two names of one device are one port. A device that is not there now is known by its name alone. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function usesBus({ controller, inputs }: SoundLift, id: string | undefined): boolean {
  return controller?.bus === id || Object.values(inputs ?? {}).some((input) => input?.bus === id);
}

/** Tells of a bus that no line is named after. */
export function knownBus(site: SoundSite, bus: string | undefined, at: (string | number)[], checks: Checks): void {
  const names = numbered(site.buses).flatMap(([, { id }]) => id ?? []);
  // A line that the schema refused may be the one that is meant.
  const allKnown = names.length === (site.buses?.length ?? ('buses' in site ? -1 : 0));
  if (!allKnown || bus === undefined || names.includes(bus)) return;
  const list = names.length > 0 ? names.join(', ') : t('a line under `buses`; there is none', 'buses 中的总线，现无');
  checks.problem(
    at,
    t(`no line has the id ${shown(bus)}`, `没有 id 为 ${shown(bus)} 的总线`),
    names.length > 0 ? t(`one of ${list}`, `以下之一：${list}`) : list,
    nearest(bus, names),
  );
}

function checkUnits(site: SoundSite, checks: Checks): void {
  const units = new Once(checks);
  for (const [index, { controller }] of numbered(site.lifts)) {
    if (!controller) continue;
    const { bus, unit, scanIntervalMs = 200, staleAfterMs, slowIntervalMs = 5000 } = controller;
    const at = ['lifts', index, 'controller'];
    knownBus(site, bus, [...at, 'bus'], checks);
    if (bus !== undefined && unit !== undefined) {
      units.see(`${bus} ${unit}`, [...at, 'unit'], (line) =>
        checks.problem(
          [...at, 'unit'],
          t(
            `unit ${unit} on ${shown(bus)} is the lift of line ${line}`,
            `${shown(bus)} 的从站 ${unit} 已属第 ${line} 行的电梯`,
          ),
          t('a unit of its own', '不同的从站地址'),
        ),
      );
    }
    if (staleAfterMs !== undefined && staleAfterMs <= scanIntervalMs) {
      checks.problem(
        [...at, 'staleAfterMs'],
        String(staleAfterMs),
        t(`more than scanIntervalMs (${scanIntervalMs})`, `大于 scanIntervalMs（${scanIntervalMs}）`),
      );
    }
    if (slowIntervalMs < scanIntervalMs) {
      checks.warning(
        [...at, 'slowIntervalMs'],
        t(`${slowIntervalMs}: slow fields oftener than fast ones`, `${slowIntervalMs}：慢速字段比快速字段读得更勤`),
        t(`at least ${scanIntervalMs}`, `不小于 ${scanIntervalMs}`),
      );
    }
  }
}
