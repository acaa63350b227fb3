/**
 * Asynchronous serial bytes out of the levels of a wire: a start bit, eight data bits with the lowest first, a parity bit
 * where there is one, a stop bit. Each bit is looked at in its middle, counted from the edge of the start bit.
 */

import { monoMs } from '../../clock.ts';
import type { LineChunk } from '../../sense/observation.ts';
import { type DigitalChannel, LevelWalk } from './digital.ts';

const DATA_BITS = 8;

export interface UartSettings {
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  /** RS-232 levels as they are on the wire: idle is low, and a 1 is low */
  readonly inverted: boolean;
}

export interface UartByte {
  readonly value: number;
  /** from the edge of the start bit to the end of the stop bit, ms since the first sample */
  readonly startMs: number;
  readonly endMs: number;
  /** `framing`: no stop bit where it must be; `parity`: an odd number of bits wrong */
  readonly error: 'framing' | 'parity' | null;
}

/** All bytes that are whole. A start bit shorter than half a bit is a glitch and is stepped over. */
export function uartBytes(channel: DigitalChannel, { baud, parity, inverted }: UartSettings): UartByte[] {
  const bitSamples = channel.sampleRateHz / baud;
  const parityBits = parity === 'none' ? 0 : 1;
  const frameSamples = (1 + DATA_BITS + parityBits + 1) * bitSamples;
  const ms = (sample: number) => (sample * 1000) / channel.sampleRateHz;
  const walk = new LevelWalk(channel);
  const isOne = (sample: number) => walk.at(sample) !== inverted;
  const bytes: UartByte[] = [];
  let idle = isOne(0);
  for (let start = walk.toNextChange(); start !== null; start = walk.toNextChange()) {
    // A line that was found or left at 0 has to come back to 1 before it can start a byte.
    if (!idle) {
      idle = true;
      continue;
    }
    const end = start + frameSamples;
    if (end - bitSamples / 2 > channel.sampleCount) break;
    if (isOne(start + bitSamples / 2)) continue;
    let value = 0;
    let ones = 0;
    for (let bit = 0; bit < DATA_BITS; bit++) {
      if (!isOne(start + (bit + 1.5) * bitSamples)) continue;
      value |= 1 << bit;
      ones++;
    }
    if (parityBits > 0 && isOne(start + (DATA_BITS + 1.5) * bitSamples)) ones++;
    const even = ones % 2 === 0;
    idle = isOne(end - bitSamples / 2);
    const error = !idle ? 'framing' : parity !== 'none' && even !== (parity === 'even') ? 'parity' : null;
    bytes.push({ value, startMs: ms(start), endMs: ms(end), error });
  }
  return bytes;
}

/** Bytes in chunks: a new one after `silenceMs` without a byte. The time of a chunk is that of the end of its last byte. */
export function chunksBySilence(
  bytes: readonly UartByte[],
  { bus, dir, silenceMs }: Pick<LineChunk, 'bus' | 'dir'> & { readonly silenceMs: number },
): LineChunk[] {
  const groups: UartByte[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const byte of bytes) {
    if (byte.startMs - lastMs > silenceMs) groups.push([]);
    groups.at(-1)?.push(byte);
    lastMs = byte.endMs;
  }
  return groups.map((group) => ({
    bus,
    dir,
    bytes: Uint8Array.from(group, ({ value }) => value),
    atMs: monoMs(group.at(-1)?.endMs ?? 0),
  }));
}
