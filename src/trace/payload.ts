/** What the packets of a capture hold: bytes of a serial line, edges of inputs, marks. Decoding returns a sentence where it cannot. */

import type { MonoMs } from '../clock.ts';
import { t } from '../language.ts';
import { SIGNALS, type SignalName } from '../lift/signals.ts';
import type { Edge, LineChunk } from '../sense/observation.ts';
import type { CaptureItem } from './capture.ts';

/** Link types of the three sorts of interface. */
export const LINKTYPE = { serial: 250, inputs: 147, marks: 148 } as const;

/**
 * Header of LINKTYPE_RTAC_SERIAL, big-endian: u32 s and u32 µs of wall time, u8 event, u8 control lines, u16 footer.
 * (tcpdump.org/linktypes/LINKTYPE_RTAC_SERIAL.html)
 */
const RTAC_HEADER_BYTES = 12;
const RTAC_EVENT = { tx: 1, rx: 2 } as const;
const US_PER_S = 1_000_000;

export function encodeChunk({ dir, bytes, atMs }: LineChunk, wallAtZeroMs: number): Uint8Array {
  const data = new Uint8Array(RTAC_HEADER_BYTES + bytes.length);
  const view = new DataView(data.buffer);
  const wallUs = Math.round((wallAtZeroMs + atMs) * 1000);
  const seconds = Math.floor(wallUs / US_PER_S);
  view.setUint32(0, seconds);
  view.setUint32(4, wallUs - seconds * US_PER_S);
  view.setUint8(8, RTAC_EVENT[dir]);
  data.set(bytes, RTAC_HEADER_BYTES);
  return data;
}

export function decodeChunk(data: Uint8Array, bus: string, atMs: MonoMs): LineChunk | string {
  if (data.length < RTAC_HEADER_BYTES) return t('a packet of a serial line lacks its header', '串行数据包缺少包头');
  const event = data[8];
  if (event !== RTAC_EVENT.tx && event !== RTAC_EVENT.rx) {
    return t(`a packet of a serial line has event ${event}, not 1 or 2`, `串行数据包事件为 ${event}，应为 1 或 2`);
  }
  return { bus, dir: event === RTAC_EVENT.tx ? 'tx' : 'rx', bytes: data.subarray(RTAC_HEADER_BYTES), atMs };
}

export function encodeEdge({ lift, signal, on }: Edge): Uint8Array {
  return new TextEncoder().encode(`${lift} ${signal} ${on === null ? '-' : on ? 1 : 0}`);
}

export function decodeEdge(data: Uint8Array, atMs: MonoMs): Edge | string {
  const text = new TextDecoder().decode(data);
  const [, lift, signal, level] = /^(.*) (\S+) ([01-])$/s.exec(text) ?? [];
  if (lift === undefined || signal === undefined) {
    return t(`"${excerpt(text)}" is no edge of an input`, `“${excerpt(text)}”不是输入量变化`);
  }
  if (!isSignal(signal)) return t(`no signal is called "${excerpt(signal)}"`, `没有名为“${excerpt(signal)}”的信号`);
  return { kind: 'edge', lift, signal, on: level === '-' ? null : level === '1', atMs };
}

function isSignal(name: string): name is SignalName {
  return Object.hasOwn(SIGNALS, name);
}

type Mark = Extract<CaptureItem, { kind: 'checkpoint' | 'end' }>;

/** The key `$number` is ours: JSON has no numbers for these. */
const UNWRITABLE = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, -0];
const nameOf = (value: number) => (Object.is(value, -0) ? '-0' : String(value));
const NUMBER_OF: ReadonlyMap<unknown, number> = new Map(UNWRITABLE.map((value) => [nameOf(value), value]));

export function encodeMark(mark: Mark): Uint8Array {
  const body = mark.kind === 'end' ? { end: true } : { checkpoint: mark.state ?? null };
  const json = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'number' && NUMBER_OF.has(nameOf(value)) ? { $number: nameOf(value) } : value,
  );
  return new TextEncoder().encode(json);
}

export function decodeMark(data: Uint8Array, atMs: MonoMs): Mark | string {
  const text = new TextDecoder().decode(data);
  let body: unknown;
  try {
    body = JSON.parse(text, (_, value: unknown) =>
      isRecord(value) && typeof value.$number === 'string' ? (NUMBER_OF.get(value.$number) ?? value) : value,
    );
  } catch {
    return t(`the mark "${excerpt(text)}" is not JSON`, `标记“${excerpt(text)}”不是 JSON`);
  }
  if (isRecord(body) && 'checkpoint' in body) return { kind: 'checkpoint', atMs, state: body.checkpoint };
  if (isRecord(body) && body.end === true) return { kind: 'end', atMs };
  return t(`the mark "${excerpt(text)}" is unknown`, `标记“${excerpt(text)}”未知`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
