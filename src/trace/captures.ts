/** The folder of captures, to be read: which one holds an event, and its bytes. Writes nothing. */

import { createHash } from 'node:crypto';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const DONE = '.pcapng';
const PART = '.part';
/** As the gateway names them: no dot and no slash, so that no name leads out of the folder. */
const NAME = /^[a-zA-Z0-9_-]{1,200}$/;
const HASH_AT_ONCE_BYTES = 256 * 1024;

export interface CaptureFile {
  readonly capture: string;
  readonly bytes: number;
  /** of the whole file, hexadecimal */
  readonly sha256: string;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export type CaptureFailure = {
  readonly failure: 'no-such-capture' | 'not-ready' | 'several';
  readonly detail?: string;
};

/** The name of a capture's file from the boot and the event that froze it. */
export function captureName(text: string): string {
  return text.replace(/[^a-zA-Z0-9-]+/g, '_');
}

/** Of the files that an earlier run of the box left, the one that this event froze. */
export async function findCapture(dir: string, event: string): Promise<{ readonly capture: string } | CaptureFailure> {
  const ending = `_${captureName(event)}${DONE}`;
  const names = (await readdir(dir)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -DONE.length));
  const [capture, ...others] = names;
  if (capture === undefined) return { failure: 'no-such-capture' };
  return others.length === 0 ? { capture } : { failure: 'several', detail: names.join(' ').slice(0, 1000) };
}

/** `capture`: its name without ending. */
export async function openCapture(dir: string, capture: string): Promise<CaptureFile | CaptureFailure> {
  if (!NAME.test(capture)) return { failure: 'no-such-capture' };
  let handle: FileHandle;
  try {
    handle = await open(join(dir, capture + DONE), 'r');
  } catch {
    const writing = (await readdir(dir)).includes(capture + PART);
    return { failure: writing ? 'not-ready' : 'no-such-capture' };
  }
  try {
    const { size } = await handle.stat();
    const sha256 = await hashOf(handle, size);
    return { capture, bytes: size, sha256, read: (...part) => readPart(handle, ...part), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function hashOf(handle: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += HASH_AT_ONCE_BYTES) {
    hash.update(await readPart(handle, at, Math.min(HASH_AT_ONCE_BYTES, bytes - at)));
  }
  return hash.digest('hex');
}

async function readPart(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
