/**
 * Sessions of sigrok and PulseView (`.sr`): a zip of `version`, `metadata` (an ini file) and the samples in `logic-1-1`,
 * `logic-1-2`, ... in number order (`logic-1` alone in version 1). A sample is `unitsize` bytes, bit k of it is channel k.
 * Analog channels are not read.
 */

import { t } from '../../language.ts';
import { captureError } from '../damage.ts';
import type { DigitalChannel } from './digital.ts';
import { type ZipEntry, zipEntries } from './zip.ts';

/** 64 channels */
const UNIT_LIMIT_BYTES = 8;
/** of level on one wire: a million bytes of a busy line have no more */
const CHANGE_LIMIT = 1e7;

export interface SigrokSession {
  readonly sampleRateHz: number;
  /** as the person named them; the place in the list is the number of the channel */
  readonly channelNames: readonly string[];
  /** Unpacks all samples, a block at a time. */
  readonly channel: (number: number) => DigitalChannel;
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid`; a damaged block is found when a channel is read. */
export function readSigrok(bytes: Uint8Array, file: string): SigrokSession {
  const entries = zipEntries(bytes, file);
  const textOf = (name: string) => {
    const entry = entries.find((one) => one.name === name);
    if (!entry)
      throw captureError(file, 0, t(`no sigrok session: it lacks ${name}`, `不是 sigrok 会话：缺少 ${name}`), 0);
    return Buffer.from(entry.read()).toString('utf8');
  };
  const version = textOf('version').trim();
  if (version !== '1' && version !== '2') {
    throw captureError(file, 0, t(`sigrok session of version ${version}`, `sigrok 会话版本 ${version}`), 0);
  }
  const settings = settingsOf(textOf('metadata'));
  const numberOf = (key: string, value: number) => {
    if (Number.isFinite(value) && value > 0) return value;
    throw captureError(file, 0, t(`metadata says nothing of ${key}`, `metadata 中没有 ${key}`), 0);
  };
  const sampleRateHz = numberOf('samplerate', hertzOf(settings.get('samplerate')));
  const unitBytes = numberOf('unitsize', wholeOf(settings.get('unitsize')));
  const total = numberOf('total probes', wholeOf(settings.get('total probes')));
  const blocks = blocksOf(entries, settings.get('capturefile') ?? '');
  if (blocks.length === 0 || !(unitBytes <= UNIT_LIMIT_BYTES && total <= unitBytes * 8)) {
    throw captureError(file, 0, t('metadata and samples do not fit together', 'metadata 与采样数据不符'), 0);
  }
  return {
    sampleRateHz,
    channelNames: Array.from({ length: total }, (_, n) => settings.get(`probe${n + 1}`) ?? ''),
    channel(number) {
      if (!Number.isInteger(number) || number < 0 || number >= total) {
        throw captureError(
          file,
          0,
          t(`no channel ${number}; there are ${total}`, `没有通道 ${number}，共 ${total} 个`),
          0,
        );
      }
      const levels = levelsOf(blocks, unitBytes, number);
      if (levels.changes.length <= CHANGE_LIMIT) return { sampleRateHz, ...levels };
      throw captureError(
        file,
        0,
        t(`channel ${number} changes more than ${CHANGE_LIMIT} times`, `通道 ${number} 变化超过 ${CHANGE_LIMIT} 次`),
        0,
      );
    },
  };
}

/** Keys of the first device. */
function settingsOf(metadata: string): Map<string, string> {
  const device = metadata.split(/^\[device \d+\]\s*$/m)[1] ?? '';
  return new Map(
    device.split('\n').flatMap((line): [string, string][] => {
      const [, key, value] = /^([^=[]+)=(.*)$/.exec(line.trim()) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

function wholeOf(text = ''): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const HERTZ: { readonly [unit: string]: number } = { Hz: 1, kHz: 1e3, MHz: 1e6, GHz: 1e9 };

/** `4 MHz`, `500 kHz`, `9600`; NaN where it is none of them. */
function hertzOf(text = ''): number {
  const [, number, unit = 'Hz'] = /^([\d.]+)\s*([kMG]?Hz)?$/.exec(text) ?? [];
  return Number(number ?? Number.NaN) * (HERTZ[unit] ?? Number.NaN);
}

function blocksOf(entries: readonly ZipEntry[], captureFile: string): ZipEntry[] {
  const place = ({ name }: ZipEntry) => {
    if (name === captureFile) return 0;
    return name.startsWith(`${captureFile}-`) ? Number(name.slice(captureFile.length + 1)) : Number.NaN;
  };
  return entries.filter((entry) => Number.isInteger(place(entry))).sort((a, b) => place(a) - place(b));
}

function levelsOf(
  blocks: readonly ZipEntry[],
  unitBytes: number,
  channel: number,
): Omit<DigitalChannel, 'sampleRateHz'> {
  const mask = 1 << (channel & 7);
  const changes: number[] = [];
  let startsHigh: boolean | null = null;
  let last = 0;
  let sample = 0;
  for (const block of blocks) {
    if (changes.length > CHANGE_LIMIT) break;
    const bytes = block.read();
    for (let at = channel >> 3; at < bytes.length && changes.length <= CHANGE_LIMIT; at += unitBytes) {
      const level = (bytes[at] as number) & mask;
      if (startsHigh === null) startsHigh = level !== 0;
      else if (level !== last) changes.push(sample);
      last = level;
      sample++;
    }
  }
  return { sampleCount: sample, startsHigh: startsHigh ?? true, changes };
}
