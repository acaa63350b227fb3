/**
 * The direction of an RS-485 driver that hangs on the RTS line of a UART: the kernel turns it, to the bit. Adapters on USB turn it
 * themselves and need none of this. Source: Documentation/driver-api/serial/serial-rs485.rst of the Linux kernel.
 */

import { createRequire } from 'node:module';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';

const TIOCSRS485 = 0x542f;
const ENABLED = 1;
const RTS_ON_SEND = 2;
const RTS_AFTER_SEND = 4;
/** struct serial_rs485: flags, two delays, five words of padding */
const STRUCT_BYTES = 32;

/** `rts`: the level of RTS while sending. Throws a GatewayError where the port's driver knows no RS-485. */
export function turnDirection(fd: number, path: string, rts: 'rts-high' | 'rts-low'): void {
  const settings = Buffer.alloc(STRUCT_BYTES);
  settings.writeUInt32LE(ENABLED | (rts === 'rts-high' ? RTS_ON_SEND : RTS_AFTER_SEND), 0);
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const ioctl = koffi.load('libc.so.6').func('int ioctl(int, unsigned long, _Inout_ uint8_t *)');
  if (Number(ioctl(fd, TIOCSRS485, settings)) === 0) return;
  throw new GatewayError({
    code: 'port-failed',
    op: t('setting the direction of RS-485', '设置 RS-485 收发方向'),
    where: path,
    hint: t(
      'this port has no driver for it: an adapter that turns itself needs no `rs485`; a UART needs its overlay',
      '该串口驱动不支持：自动收发的适配器无需 rs485；板载 UART 需启用相应 overlay',
    ),
  });
}
