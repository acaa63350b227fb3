/** Looks at the bytes of a stream as they pass. In the form of serialport's parsers: `port.pipe(new InspectParser(...))`. */

import { Transform, type TransformCallback } from 'node:stream';
import type { Clock } from '../../src/clock.ts';
import type { LineChunk } from '../../src/sense/observation.ts';

export interface InspectOptions {
  readonly clock: Clock;
  readonly bus: string;
  /** which way the bytes of this stream go */
  readonly dir: LineChunk['dir'];
  /** Told of each chunk as it passes, before whoever reads on. Must not change the bytes: they are not copied. */
  onChunk(chunk: LineChunk): void;
}

export class InspectParser extends Transform {
  readonly #options: InspectOptions;

  constructor(options: InspectOptions) {
    super();
    this.#options = options;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const { clock, bus, dir, onChunk } = this.#options;
    onChunk({ bus, dir, bytes, atMs: clock.monoMs() });
    done(null, bytes);
  }
}
