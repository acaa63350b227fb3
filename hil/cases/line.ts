/** A line with simulated controllers on it: every byte takes its time, and a slave may think for long or say nothing. */

import { plus, type Stop, type VirtualClock } from '../../src/clock.ts';
import type { LoadedSite } from '../../src/config/load.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { quirksOf } from '../../src/config/wiring.ts';
import type { LineListener, ModbusLine, ReadOutcome } from '../../src/ports.ts';
import { readFrame, replyFrame } from '../../src/sense/frame.ts';
import type { LineChunk, ReadRequest } from '../../src/sense/observation.ts';
import { RtuReader } from '../../src/sense/rtu.ts';
import { Registers } from '../lift/registers.ts';
import type { PlayedLift } from './play.ts';

const REQUEST_BYTES = 8;
/** the silence that ends a frame */
const SILENCE_CHARACTERS = 3.5;
/** what a line without termination makes of its release */
const NOISE = [0xff, 0x00, 0xfc];

export class SimulatedLine implements ModbusLine {
  readonly bus: string;
  readonly state = { up: true, why: '' };
  readonly #settings: SiteBus;
  readonly #clock: VirtualClock;
  readonly #slaves = new Map<number, { lift: PlayedLift; registers: Registers }>();
  readonly #byteCountBitsOf: (unit: number) => 8 | 16;
  readonly #reader: RtuReader;
  #listener: LineListener | null = null;

  constructor(settings: SiteBus, loaded: LoadedSite, lifts: readonly PlayedLift[], clock: VirtualClock) {
    const { id: bus, responseTimeoutMs } = settings;
    this.bus = bus;
    this.#settings = settings;
    this.#clock = clock;
    this.#byteCountBitsOf = quirksOf(loaded, bus).byteCountBitsOf;
    this.#reader = new RtuReader({ bus, responseTimeoutMs, byteCountBitsOf: this.#byteCountBitsOf });
    for (const [at, { controller }] of loaded.site.lifts.entries()) {
      const profile = controller?.bus === bus ? loaded.profiles.get(controller.profile) : undefined;
      const lift = lifts[at];
      if (controller && profile && lift) this.#slaves.set(controller.unit, { lift, registers: new Registers(profile) });
    }
  }

  get counts(): RtuReader['counts'] {
    return this.#reader.counts;
  }

  listen(listener: LineListener): Stop {
    this.#listener = listener;
    return () => (this.#listener = null);
  }

  read(request: ReadRequest): Promise<ReadOutcome> {
    const clock = this.#clock;
    const askedMs = clock.monoMs();
    this.tell({ bus: this.bus, dir: 'tx', bytes: readFrame(request), atMs: askedMs });
    const slave = this.#slaves.get(request.unit);
    const values = slave?.lift.answer();
    if (values) slave?.registers.set(values);
    const words = values && slave?.registers.read(request);
    return new Promise((resolve) => {
      const timeoutMs = plus(askedMs, this.#settings.responseTimeoutMs);
      const stop = clock.at(timeoutMs, () => resolve({ ok: false, why: 'timeout', detail: `unit ${request.unit}` }));
      if (!slave || !words) return;
      const bytes = disturbed(replyFrame(request, words, this.#byteCountBitsOf(request.unit)), slave.lift.noise);
      clock.at(plus(askedMs, this.#lengthMs(bytes.length) + slave.lift.answerMs), () => {
        if (!this.tell({ bus: this.bus, dir: 'rx', bytes, atMs: clock.monoMs() })) return;
        stop();
        resolve({ ok: true });
      });
    });
  }

  /** Something on the line. True where it completes a reply. */
  tell(chunk: LineChunk): boolean {
    this.#listener?.chunk(chunk);
    const reply = this.#reader.chunk(chunk);
    if (reply?.kind !== 'values') return false;
    this.#listener?.exchange(reply.exchange);
    return true;
  }

  async close(): Promise<void> {}

  /** Of a request and its reply on the wire. */
  #lengthMs(replyBytes: number): number {
    if (this.#settings.type === 'tcp') return 1;
    const { baud, parity, stopBits } = this.#settings;
    const bitsPerByte = 1 + 8 + (parity === 'none' ? 0 : 1) + stopBits;
    return ((REQUEST_BYTES + SILENCE_CHARACTERS + replyBytes) * bitsPerByte * 1000) / baud;
  }
}

/** As a receiver hears it on a line that picks something up: before the frame, or in the middle of it. */
function disturbed(frame: Uint8Array, noise: PlayedLift['noise']): Uint8Array {
  if (noise === null) return frame;
  if (noise === 'before') return Uint8Array.from([...NOISE, ...frame]);
  return frame.map((byte, at) => (at === frame.length >> 1 ? byte ^ 0x10 : byte));
}
