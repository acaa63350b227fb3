/** How long a USB adapter keeps received bytes back before it passes them on, where its driver tells. */

import { readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { t } from '../../src/language.ts';

/** More than the least of an FTDI chip is told: frames of Modbus RTU are told apart by pauses of 2 to 4 ms. */
const LEAST_MS = 1;

/**
 * What to tell of the adapter behind `path` (by-id names are followed), or null where there is nothing to tell: drivers of other chips
 * have no such timer. Source: Documentation/ABI/testing/sysfs-bus-usb of Linux, latency_timer of ftdi_sio, in ms.
 */
export function latencyRemark(path: string, sysRoot = '/sys'): string | null {
  const timerMs = latencyTimerMs(path, sysRoot);
  if (timerMs === null || timerMs <= LEAST_MS) return null;
  return t(
    `${path}: the adapter keeps received bytes back for ${timerMs} ms; with 1 ms the line is read faster: install the udev rule systemd/99-hoistway.rules and plug the adapter in again`,
    `${path}：适配器会将收到的字节延迟 ${timerMs} ms 上送；设为 1 ms 可更快读取：请安装 udev 规则 systemd/99-hoistway.rules 并重新插拔适配器`,
  );
}

function latencyTimerMs(path: string, sysRoot: string): number | null {
  try {
    const timer = join(sysRoot, 'class/tty', basename(realpathSync(path)), 'device/latency_timer');
    const timerMs = Number.parseInt(readFileSync(timer, 'utf8'), 10);
    return Number.isNaN(timerMs) ? null : timerMs;
  } catch {
    return null;
  }
}
