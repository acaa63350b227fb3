/** A serial port opened once, for scouting: it does not reopen, and says why it cannot be opened and what to do about it. */

import type { Clock } from '../../src/clock.ts';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { OpenPort } from '../../src/scout/asker.ts';
import { openSerial, type SerialEnd } from './port.ts';

export function scoutPort(path: string, clock: Clock): OpenPort {
  return (settings, { heard, lost }) =>
    new Promise((resolve, reject) => {
      let opened = false;
      const end: SerialEnd = openSerial(
        { path, ...settings },
        {
          opened() {
            opened = true;
            resolve({ send: (bytes) => end.write(bytes), close: () => end.close() });
          },
          chunk: ({ bytes, atMs }) => heard(bytes, atMs),
          lost: (why) => (opened ? lost(why) : reject(unopened(path, why))),
        },
        { clock, bus: 'scout' },
      );
    });
}

function unopened(where: string, why: string): GatewayError {
  const op = t('opening the serial port', '打开串口');
  return new GatewayError({ code: 'port-failed', op, where, hint: hintOf(why), cause: why });
}

function hintOf(reason: string): string {
  if (/no such file/i.test(reason)) {
    return t(
      'ls /dev/serial/by-id shows the adapters that are plugged in',
      'ls /dev/serial/by-id 可列出已插入的串口适配器',
    );
  }
  if (/permission/i.test(reason)) {
    return t('add this user to the group dialout, or run as root', '请将当前用户加入 dialout 组，或以 root 运行');
  }
  if (/lock|busy/i.test(reason)) {
    return t(
      'something else has it open; if it is the service: systemctl stop hoistway',
      '串口被占用；若为本服务请先 systemctl stop hoistway',
    );
  }
  return t('is it a serial port, and can it be set so?', '请确认这是串口且支持该设置');
}
