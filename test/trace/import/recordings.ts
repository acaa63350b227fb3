/** The public recordings of seeds/traces, decoded to frames. Where they come from is told in the README there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package.ts';
import type { LineChunk } from '../../../src/sense/observation.ts';
import { readSigrok } from '../../../src/trace/import/sigrok.ts';
import { chunksBySilence, type UartByte, type UartSettings, uartBytes } from '../../../src/trace/import/uart.ts';

export function recording(name: string): Uint8Array {
  return readFileSync(join(packageRoot, 'seeds/traces', name));
}

/** The bytes of one wire, and its frames: bytes with less than 3.5 characters of silence between them. */
export function heard(
  name: string,
  channel: number,
  settings: UartSettings,
  dir: LineChunk['dir'],
): { bytes: UartByte[]; frames: LineChunk[] } {
  const bytes = uartBytes(readSigrok(recording(name), name).channel(channel), settings);
  const bits = settings.parity === 'none' ? 10 : 11;
  const silenceMs = (3.5 * bits * 1000) / settings.baud;
  return { bytes, frames: chunksBySilence(bytes, { bus: 'line', dir, silenceMs }) };
}
