/**
 * The container of a small payload: RFC 1950 zlib with the preset dictionary that is published beside this file. What does not
 * begin as zlib does is plain JSON.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { reasonOf } from '../../errors.ts';
import { t } from '../../language.ts';
import { packageRoot } from '../../package.ts';

/** What a payload may unpack to: far above the largest batch. A few bytes that claim more are no message. */
export const MOST_BYTES = 8 * 2 ** 20;
const HAS_DICTIONARY = 0x20;

let loaded: Buffer | null = null;

function dictionary(): Buffer {
  loaded ??= readFileSync(join(packageRoot, 'src', 'uplink', 'small', 'dictionary.txt'));
  return loaded;
}

export function packOne(json: string): Uint8Array {
  return deflate(json, {});
}

/**
 * Columns of digits change their habits from one to the next: little memory makes zlib begin new codes more often. Measured on a
 * simulated day, no other level makes less of 700 records and more, nor a hundredth less of fewer.
 */
const MANY: ZlibOptions = { memLevel: 4, strategy: constants.Z_FILTERED };

export function packMany(json: string): Uint8Array {
  return deflate(json, MANY);
}

function deflate(json: string, options: ZlibOptions): Uint8Array {
  return deflateSync(json, { level: 9, memLevel: 9, dictionary: dictionary(), ...options });
}

/** The JSON text of a payload, plain or packed. Throws an Error that says what is wrong. */
export function unpack(payload: Uint8Array): string {
  const bytes = isPacked(payload) ? inflate(payload) : payload;
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function inflate(payload: Uint8Array): Uint8Array {
  try {
    return inflateSync(payload, { dictionary: dictionary(), maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw new Error(troubleOf(payload, cause), { cause });
  }
}

function troubleOf(payload: Uint8Array, cause: unknown): string {
  if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
    return t(`it unpacks to more than ${MOST_BYTES} bytes`, `解压后超过 ${MOST_BYTES} 字节`);
  const [theirs, ours] = [dictionaryOf(payload), dictionaryOf(packOne(''))];
  if (theirs !== null && theirs !== ours)
    return t(
      `packed with dictionary ${theirs}, and here is ${ours}: update the receiver`,
      `压缩字典为 ${theirs}，本机为 ${ours}：请更新接收端`,
    );
  return t(`it cannot be unpacked: ${reasonOf(cause)}`, `无法解压：${reasonOf(cause)}`);
}

/** The first two bytes: the method is deflate, and the check of both is right. No JSON begins so. */
function isPacked([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;
}

/** The Adler-32 of the dictionary that a payload is packed with, in hex; null: it is not packed, or without one. */
export function dictionaryOf(payload: Uint8Array): string | null {
  if (!isPacked(payload) || ((payload[1] ?? 0) & HAS_DICTIONARY) === 0) return null;
  return Buffer.from(payload.subarray(2, 6)).toString('hex');
}
