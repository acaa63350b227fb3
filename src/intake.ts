/**
 * The one door through which live observations come in: each is captured first, then judged; and a timer judges when time
 * alone decides. What judgement was given is thus exactly what the capture holds, in the same order.
 */

import type { Clock, MonoMs, Stop } from './clock.ts';
import type { LineListener, TapListener } from './ports.ts';
import type { Room } from './room.ts';
import type { Edge, Exchange, LineChunk } from './sense/observation.ts';

/** What keeps a capture: the flight recorder of a running box, or the file of `hoistway record`. */
export interface CaptureSink {
  chunk(chunk: LineChunk): void;
  /** the exchange that was open on this bus is complete */
  exchangeDone(bus: string): void;
  edge(edge: Edge): void;
}

export class Intake {
  readonly #room: Room;
  readonly #sink: CaptureSink;
  readonly #clock: Clock;
  #armedMs = Number.POSITIVE_INFINITY;
  #disarm: Stop | null = null;

  constructor(room: Room, sink: CaptureSink, clock: Clock) {
    this.#room = room;
    this.#sink = sink;
    this.#clock = clock;
    this.#arm();
  }

  readonly line: LineListener = {
    chunk: (chunk) => this.#sink.chunk(chunk),
    exchange: (exchange) => this.#exchange(exchange),
  };

  readonly tap: TapListener = {
    chunk: (chunk) => this.#sink.chunk(chunk),
    heard: (heard) => {
      if (heard.kind === 'values') this.#exchange(heard.exchange);
    },
  };

  edge(edge: Edge): void {
    // An edge that is told late counts when it is told: judgement never goes back.
    const inOrder = edge.atMs >= this.#room.nowMs ? edge : { ...edge, atMs: this.#room.nowMs };
    this.#sink.edge(inOrder);
    this.#room.observe(inOrder);
    this.#arm();
  }

  close(): void {
    this.#disarm?.();
    this.#disarm = null;
    this.#armedMs = Number.NEGATIVE_INFINITY;
  }

  #exchange(exchange: Exchange): void {
    this.#sink.exchangeDone(exchange.bus);
    this.#room.observe(exchange);
    this.#arm();
  }

  #arm(): void {
    const dueMs = this.#room.dueMs;
    // A deadline that moved later is left armed: the timer then finds nothing to do and arms anew.
    if (dueMs >= this.#armedMs) return;
    this.#disarm?.();
    this.#armedMs = dueMs;
    this.#disarm = this.#clock.at(dueMs as MonoMs, () => {
      this.#armedMs = Number.POSITIVE_INFINITY;
      this.#room.advanceTo(this.#clock.monoMs());
      this.#arm();
    });
  }
}
