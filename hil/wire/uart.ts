/**
 * A serial line in virtual time: every byte takes its time at the baud rate, a slave its turnaround, and faults happen to
 * what passes. What a real line does to a driver, at the speed of a simulation; the port it gives has the form of the real one.
 */

import type { OpenSerial, SerialEvents } from '../../drivers/serial/port.ts';
import { plus, type VirtualClock } from '../../src/clock.ts';
import { characterMs, type SerialForm } from '../../src/sense/wire-time.ts';

/** Bytes on their way to the master, and when the last of them is there. */
export interface Delivery {
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** What goes on the line after the master's bytes were on it; `nowMs`: when the last of them was. */
export type FarEnd = (bytes: Uint8Array, nowMs: number) => readonly Delivery[];

export class SimulatedUart {
  readonly #clock: VirtualClock;
  readonly #form: SerialForm;
  readonly #farEnd: FarEnd;
  #there = true;
  #open: SerialEvents | null = null;
  #bus = '';

  constructor(clock: VirtualClock, form: SerialForm, farEnd: FarEnd) {
    this.#clock = clock;
    this.#form = form;
    this.#farEnd = farEnd;
  }

  readonly port: OpenSerial = (_settings, events, { bus }) => {
    this.#bus = bus;
    this.#clock.at(this.#clock.monoMs(), () => {
      if (!this.#there) {
        events.lost('no such device');
        return;
      }
      this.#open = events;
      events.opened();
    });
    return {
      write: (bytes) => {
        if (this.#open !== events) return;
        const sentMs = plus(this.#clock.monoMs(), bytes.length * characterMs(this.#form));
        for (const delivery of this.#farEnd(Uint8Array.from(bytes), sentMs)) this.deliver(delivery);
      },
      close: async () => {
        if (this.#open === events) this.#open = null;
      },
    };
  };

  /** Bytes that come to the master whoever sent them; lost where nobody has the port open by then. */
  deliver({ bytes, atMs }: Delivery): void {
    this.#clock.at(plus(atMs as never, 0), () => {
      if (bytes.length > 0) this.#open?.chunk({ bus: this.#bus, dir: 'rx', bytes, atMs: this.#clock.monoMs() });
    });
  }

  unplug(): void {
    this.#there = false;
    const open = this.#open;
    this.#open = null;
    open?.lost('the adapter is gone');
  }

  plug(): void {
    this.#there = true;
  }
}
