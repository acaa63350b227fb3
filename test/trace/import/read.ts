/** A file through recognition, reader and capture, as the command does it. */

import * as assert from 'uvu/assert';
import { GatewayError } from '../../../src/errors.ts';
import { parseCapture } from '../../../src/trace/file.ts';
import { formatOf, type ImportSettings, readRecording } from '../../../src/trace/import/format.ts';
import { type Imported, imported } from '../../../src/trace/import/imported.ts';
import type { Format } from '../../../src/trace/import/recording.ts';
import { hex, type Said } from './forms.ts';

export const SETTINGS: ImportSettings = {
  uart: { baud: 9600, parity: 'none', inverted: false },
  channels: [],
  tcpPort: 502,
};

export function importOf(
  bytes: Uint8Array,
  {
    only = null,
    settings = SETTINGS,
    format,
  }: { only?: string | null; settings?: ImportSettings; format?: Format } = {},
): Imported & { readonly format: Format } {
  const told = format ?? formatOf(bytes, 'file');
  const target = { bus: 'line-1', only, baud: settings.uart.baud, format: told, file: 'file' };
  return { ...imported(readRecording(bytes, told, settings, 'file'), target), format: told };
}

/** What is in the capture that was made: `tx 0103… @15.402`, ms since the first. */
export function chunksIn({ capture }: Imported): string[] {
  const { items, truncated } = parseCapture(capture, 'made');
  assert.is(truncated, null, 'the capture is whole');
  const chunks = items.flatMap((item) => (item.kind === 'chunk' ? [item.chunk] : []));
  const firstMs = chunks[0]?.atMs ?? 0;
  return chunks.map(({ dir, bytes, atMs }) => `${dir} ${hex(bytes)} @${(atMs - firstMs).toFixed(3)}`);
}

export function expected(talk: readonly Said[]): string[] {
  const firstUs = talk[0]?.atUs ?? 0;
  return talk.map(
    ({ asks, atUs, bytes }) => `${asks ? 'tx' : 'rx'} ${hex(bytes)} @${((atUs - firstUs) / 1000).toFixed(3)}`,
  );
}

/** The message of the GatewayError that `run` ends with; another error fails the test. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    assert.instance(error, GatewayError, String(error instanceof Error ? error.stack : error));
    const { message, hint } = error as GatewayError;
    assert.match(hint, /\S/, 'what to do next');
    return message;
  }
  return 'it was read';
}
