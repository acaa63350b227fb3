/** A serial port as lines need it: opened with its settings, read for ever, and gone once. A simulated one has the same form. */

import { SerialPort } from 'serialport';
import type { Clock } from '../../src/clock.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { LineChunk } from '../../src/sense/observation.ts';
import { InspectParser } from './inspect.ts';

export type SerialSettings = Pick<Extract<SiteBus, { type: 'rtu' }>, 'path' | 'baud' | 'parity' | 'stopBits'>;

export interface SerialEvents {
  opened(): void;
  chunk(chunk: LineChunk): void;
  /** It could not be opened, or is gone: told once, and nothing after it. */
  lost(why: string): void;
}

export interface SerialEnd {
  /** A failed write is told through `lost`. */
  write(bytes: Uint8Array): void;
  /** Resolves when the port is free for others. Nothing is told any more. */
  close(): Promise<void>;
}

export type OpenSerial = (
  settings: SerialSettings,
  events: SerialEvents,
  stamp: { readonly clock: Clock; readonly bus: string },
) => SerialEnd;

export const openSerial: OpenSerial = ({ path, baud, parity, stopBits }, events, { clock, bus }) => {
  const port = new SerialPort({ path, baudRate: baud, parity, stopBits, dataBits: 8, autoOpen: false });
  let over = false;
  // A port that is not read never tells that it was unplugged, so it is read on for ever. It can tell twice.
  port.pipe(new InspectParser({ clock, bus, dir: 'rx', onChunk: (chunk) => !over && events.chunk(chunk) })).resume();
  const lost = (cause: unknown) => {
    if (over) return;
    over = true;
    port.on('error', () => undefined);
    if (port.isOpen) port.close(() => undefined);
    events.lost(cause ? reasonOf(cause) : t('the adapter is gone', '串口已断开'));
  };
  port.on('close', lost);
  port.on('error', lost);
  port.open((error) => {
    if (error) lost(error);
    else if (over) port.close(() => undefined);
    else events.opened();
  });
  return {
    write: (bytes) => void port.write(Buffer.from(bytes)),
    async close() {
      over = true;
      port.on('error', () => undefined);
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
};
