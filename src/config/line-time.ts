/** How busy a serial line is at least: the bytes of every read at its baud, against how often they are asked for. */

import { t } from '../language.ts';
import { fieldsOf, planReads } from '../sense/decode.ts';
import { readMs } from '../sense/wire-time.ts';
import type { Checks } from './checks.ts';
import { modulesOf } from './modules.ts';
import type { Profile } from './profile.ts';
import type { Site, SiteBus } from './schema.ts';

/** The share of the line's time that its reads take, 1 = all of it. What slaves take to answer comes on top. */
export function lineBusyShare(site: Site, profiles: ReadonlyMap<string, Profile>, bus: SiteBus): number {
  if (bus.type !== 'rtu' || bus.listen) return 0;
  let share = 0;
  for (const { controller } of site.lifts) {
    const profile = controller?.bus === bus.id ? profiles.get(controller.profile) : undefined;
    if (!controller || !profile) continue;
    for (const read of planReads(fieldsOf(profile), profile.quirks)) {
      const intervalMs = read.group === 'fast' ? controller.scanIntervalMs : controller.slowIntervalMs;
      share += readMs(bus, read, profile.quirks) / intervalMs;
    }
  }
  for (const { reads, intervalMs } of modulesOf(site, bus)) {
    for (const read of reads) share += readMs(bus, read, { byteCount: 8, gapMs: 0 }) / intervalMs.fast;
  }
  return share;
}

export function checkLineTime(site: Site, profiles: ReadonlyMap<string, Profile>, checks: Checks): void {
  for (const [index, bus] of site.buses.entries()) {
    const share = lineBusyShare(site, profiles, bus);
    if (share <= 1) continue;
    const percent = Math.round(share * 100);
    checks.warning(
      ['buses', index],
      t(`its reads need ${percent} % of the time there is`, `读取需要 ${percent} % 的总线时间`),
      t('a higher baud, longer scanIntervalMs, or fewer lifts on it', '更高波特率、更长 scanIntervalMs 或更少电梯'),
    );
  }
}
