/** A line with simulated controllers on it: every byte takes its time, and a slave may think for long or say nothing. */

import { PairedLine } from '../../drivers/modbus/line.ts';
import { plus, type VirtualClock } from '../../src/clock.ts';
import type { LoadedSite } from '../../src/config/load.ts';
import type { SiteBus } from '../../src/config/schema.ts';
import { quirksOf } from '../../src/config/wiring.ts';
import { replyFrame } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import { characterMs } from '../../src/sense/wire-time.ts';
import { Registers } from '../lift/registers.ts';
import type { PlayedLift } from './play.ts';

const REQUEST_BYTES = 8;
/** the silence that ends a frame */
const SILENCE_CHARACTERS = 3.5;
/** what a line without termination makes of its release */
const NOISE = [0xff, 0x00, 0xfc];

export class SimulatedLine extends PairedLine {
  readonly #settings: SiteBus;
  readonly #slaves = new Map<number, { lift: PlayedLift; registers: Registers }>();

  constructor(settings: SiteBus, loaded: LoadedSite, lifts: readonly PlayedLift[], clock: VirtualClock) {
    const { id: bus, responseTimeoutMs } = settings;
    super({ bus, responseTimeoutMs, clock, where: bus, ...quirksOf(loaded, bus) });
    this.#settings = settings;
    for (const [at, { controller }] of loaded.site.lifts.entries()) {
      const profile = controller?.bus === bus ? loaded.profiles.get(controller.profile) : undefined;
      const lift = lifts[at];
      if (controller && profile && lift) this.#slaves.set(controller.unit, { lift, registers: new Registers(profile) });
    }
    this.up();
  }

  async close(): Promise<void> {
    this.down('closed');
  }

  protected async ready(): Promise<void> {
    // The silence before a request is part of its length here.
  }

  protected transmit(_frame: Uint8Array, request: ReadRequest): void {
    const { clock, bus, byteCountBitsOf } = this.options;
    const slave = this.#slaves.get(request.unit);
    const values = slave?.lift.answer();
    if (!slave || !values) return;
    slave.registers.set(values);
    const words = slave.registers.read(request);
    if (!words) return;
    const bytes = disturbed(replyFrame(request, words, byteCountBitsOf(request.unit)), slave.lift.noise);
    const replyMs = plus(clock.monoMs(), this.#lengthMs(bytes.length) + slave.lift.answerMs);
    clock.at(replyMs, () => this.heard({ bus, dir: 'rx', bytes, atMs: clock.monoMs() }));
  }

  /** Of a request and its reply on the wire. */
  #lengthMs(replyBytes: number): number {
    if (this.#settings.type === 'tcp') return 1;
    return (REQUEST_BYTES + SILENCE_CHARACTERS + replyBytes) * characterMs(this.#settings);
  }
}

/** As a receiver hears it on a line that picks something up: before the frame, or in the middle of it. */
function disturbed(frame: Uint8Array, noise: PlayedLift['noise']): Uint8Array {
  if (noise === null) return frame;
  if (noise === 'before') return Uint8Array.from([...NOISE, ...frame]);
  return frame.map((byte, at) => (at === frame.length >> 1 ? byte ^ 0x10 : byte));
}
