/** What is said on a line, in words: as a tap tells it, as the ends of the line tell it, and as those do who said it. */

import type { Transaction } from '../../hil/field/transaction.ts';
import { type MonoMs, monoMs } from '../../src/clock.ts';
import { crc16 } from '../../src/sense/frame.ts';
import { FUNCTION_OF } from '../../src/sense/observation.ts';
import { type Heard, TapReader } from '../../src/sense/tap.ts';
import type { Piece } from '../../src/trace/import/recording.ts';

/** A frame as one end of the line sent it. `asks`: it is the master's. */
export interface Sent {
  readonly asks: boolean;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** The frames of a recording that tells the two ends apart: what one end says up to where its CRC is right. */
export function sentIn(pieces: readonly Piece[]): Sent[] {
  const sent: Sent[] = [];
  const held: number[][] = [[], []];
  for (const { side, bytes, atMs } of pieces) {
    const own = held[side ?? 0] ?? [];
    own.push(...bytes);
    if (crc16(Uint8Array.from(own)) !== 0) continue;
    sent.push({ asks: side === 0, bytes: Uint8Array.from(own), atMs });
    own.length = 0;
  }
  if (held.some(({ length }) => length > 0)) throw new Error('the recording has bytes that are no frame');
  return sent;
}

const wordAt = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const bitsAt = (bytes: Uint8Array, at: number, count: number) =>
  Array.from({ length: count }, (_, n) => ((bytes[at + (n >> 3)] ?? 0) >> (n & 7)) & 1);
const wordsAt = (bytes: Uint8Array, at: number, count: number) =>
  Array.from({ length: count }, (_, n) => wordAt(bytes, at + n * 2));

/** What a request says: `?3 1 16+2` a read of unit 1, `?16 1 16<-7,8` a write, `?17 1` any other. */
function asked(bytes: Uint8Array): string {
  const code = bytes[1] ?? 0;
  const [address, second] = [wordAt(bytes, 2), wordAt(bytes, 4)];
  const head = `?${code} ${bytes[0]}`;
  if (code <= 4) return `${head} ${address}+${second}`;
  if (code === 5) return `${head} ${address}<-${second === 0xff00 ? 1 : 0}`;
  if (code === 6) return `${head} ${address}<-${second}`;
  if (code === 15) return `${head} ${address}<-${bitsAt(bytes, 7, second)}`;
  if (code === 16) return `${head} ${address}<-${wordsAt(bytes, 7, second)}`;
  return head;
}

/** What came of it: `=3 1 16 7,8` values, `-3 1 2` an exception, `+16 1` any other reply; `~`: one without its request. */
const cameOf = {
  values: (code: number, unit: number, address: number, values: readonly number[]) =>
    `=${code} ${unit} ${address} ${values}`,
  exception: (code: number, unit: number, exception: number) => `-${code} ${unit} ${exception}`,
  reply: (code: number, unit: number) => `+${code} ${unit}`,
  stray: (code: number, unit: number) => `~${code} ${unit}`,
};

/** As the ends of the line tell it: who said a frame is known, and so what it answers. */
export function saidBy(sent: readonly Sent[]): string[] {
  let request = new Uint8Array();
  return sent.map(({ asks, bytes }) => {
    const [unit = 0, code = 0] = bytes;
    const to = request;
    request = asks ? Uint8Array.from(bytes) : new Uint8Array();
    if (asks) return asked(bytes);
    if (code > 0x80) return cameOf.exception(code & 0x7f, unit, bytes[2] ?? 0);
    if (to[0] !== unit || to[1] !== code) return cameOf.stray(code, unit);
    if (code > 4) return cameOf.reply(code, unit);
    const [address, count] = [wordAt(to, 2), wordAt(to, 4)];
    return cameOf.values(code, unit, address, code < 3 ? bitsAt(bytes, 3, count) : wordsAt(bytes, 3, count));
  });
}

/** As the master tells it. */
export function toldBy(transactions: readonly Transaction[]): string[] {
  return transactions.flatMap(({ unit, functionCode, address = 0, count, written, values, exception, done }) => {
    const request = `?${functionCode} ${unit}`;
    const of = count !== undefined ? ` ${address}+${count}` : written ? ` ${address}<-${written}` : '';
    const reply = values
      ? [cameOf.values(functionCode, unit, address, values)]
      : exception !== undefined
        ? [cameOf.exception(functionCode, unit, exception)]
        : done
          ? [cameOf.reply(functionCode, unit)]
          : [];
    return [`${request}${of}`, ...reply];
  });
}

/** Where two accounts of a line part, with what was said before; null: nowhere. */
export function difference(words: readonly string[], told: readonly string[]): string | null {
  const at = words.findIndex((one, n) => one !== told[n]);
  if (at < 0 && words.length === told.length) return null;
  const from = at < 0 ? words.length : at;
  const [heard, said] = [words, told].map((all) => all.slice(Math.max(0, from - 2), from + 3).join(' | '));
  return `word ${from}: heard ${heard}; said was ${said}`;
}

/** A byte of the line and when it came. */
export type Timed = readonly [byte: number, atMs: number];

/** The bytes of the frames, each followed by those that a floating bus adds; the tails are taken in turn. */
export function onLine(sent: readonly Sent[], tails: readonly (readonly number[])[] = [[]]): Timed[] {
  return sent.flatMap(({ bytes, atMs }, n) =>
    [...bytes, ...(tails[n % tails.length] ?? [])].map((byte): Timed => [byte, atMs]),
  );
}

/** An adapter holds no byte for longer. */
const GATHER_MS = 16;

/** As a tap tells it of these bytes, in chunks of these sizes in turn, and how many bytes belonged to no frame. */
export function overheard(
  line: readonly Timed[],
  sizes: readonly number[],
  responseTimeoutMs: number,
): { words: string[]; noise: number } {
  const all = Uint8Array.from(line, ([byte]) => byte);
  const words: string[] = [];
  const settings = { bus: 'line', responseTimeoutMs };
  const tap = new TapReader(settings, (heard, from, length) =>
    words.push(word(heard, all.subarray(from, from + length))),
  );
  const hear = (bytes: Uint8Array, atMs: MonoMs) => tap.chunk({ bus: 'line', dir: 'rx', bytes, atMs });
  for (let [from, n] = [0, 0]; from < all.length; n++) {
    const startMs = line[from]?.[1] ?? 0;
    let to = from + 1;
    const size = sizes[n % sizes.length] ?? 1;
    while (to < from + size && (line[to]?.[1] ?? Number.POSITIVE_INFINITY) - startMs <= GATHER_MS) to++;
    hear(all.subarray(from, to), monoMs(line[to - 1]?.[1] ?? startMs));
    from = to;
  }
  hear(new Uint8Array(), monoMs((line.at(-1)?.[1] ?? 0) + 10_000));
  return { words, noise: tap.counts.noise };
}

function word(heard: Heard, bytes: Uint8Array): string {
  switch (heard.kind) {
    case 'request':
      return asked(bytes);
    case 'values': {
      const { table, unit, address, values } = heard.exchange;
      return cameOf.values(FUNCTION_OF[table], unit, address, values);
    }
    case 'exception':
      return cameOf.exception(heard.functionCode, heard.unit, heard.code);
    case 'reply':
      return (heard.asked ? cameOf.reply : cameOf.stray)(heard.functionCode, heard.unit);
  }
}
