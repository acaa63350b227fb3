/** The ports that drivers meet. Every real driver and every fake passes the suite of its port in test/contract. */

import type { MonoMs, Stop } from './clock.ts';
import type { Exchange, LineChunk, ReadRequest } from './sense/observation.ts';
import type { Heard } from './sense/tap.ts';

/** What a read on a Modbus line came to. */
export type ReadOutcome =
  | { readonly ok: true; readonly values: Exchange['values'] }
  | {
      readonly ok: false;
      /** silence (or nothing that passes for a reply), an exception of the slave, or no line at all */
      readonly why: 'timeout' | 'exception' | 'line-down';
      /** the code of an exception, else null */
      readonly code: number | null;
      /** the reason alone, for a person */
      readonly what: string;
      /** one line for a person, with port, unit and registers in it */
      readonly detail: string;
    };

/** Told synchronously, in the order in which things happen on the line. */
export interface LineListener {
  /** every byte sent and heard, for the capture */
  chunk(chunk: LineChunk): void;
  /** a read was answered; comes straight after the chunk with its last byte */
  exchange(exchange: Exchange): void;
}

/** A line of any kind. */
export interface Line {
  readonly bus: string;
  /** Whether the line can be used now, and if not, why; no reason while it is being opened for the first time. */
  readonly state: { readonly up: boolean; readonly why: string };
  close(): Promise<void>;
}

/** Told synchronously, in the order in which things happen on the line. */
export interface TapListener {
  chunk(chunk: LineChunk): void;
  /** a frame is sure; comes straight after the chunk that made it so */
  heard(heard: Heard): void;
}

/** A line that another master polls. There is no way to send on it. Reopens by itself, for ever. */
export interface HeardLine extends Line {
  listen(listener: TapListener): Stop;
  /** frames found, and bytes that belong to none */
  readonly counts: { readonly frames: number; readonly noise: number };
}

/** One line of Modbus slaves. One request at a time: a second `read` before the first has settled throws. Reads only. */
export interface ModbusLine extends Line {
  /** Never rejects for what the line does: silence, noise and unplugging are outcomes. Reopens by itself, for ever. */
  /**
   * `withinMs`: wait no longer for the reply than this, where it is less than the line's own time-out. The reply is then still told
   * to listeners if it comes in the line's time, and before another request.
   */
  read(request: ReadRequest, withinMs?: number): Promise<ReadOutcome>;
  listen(listener: LineListener): Stop;
  /** since the line was made: bytes that came late, bytes that were noise, and requests of another master */
  readonly counts: { readonly late: number; readonly noise: number; readonly strangers: number };
}

/** A level of one input line at one time. The first report of a line is its level when it was opened. */
export interface Level {
  /** null: the line was lost, and its level is not known until it is reported again */
  readonly on: boolean | null;
  readonly atMs: MonoMs;
}

/** Volt-free inputs. `on` is the logical level: active-low lines are turned round by the driver. */
export interface InputLines {
  /** Watches one line, for ever: a line that cannot be opened is tried again, and told through `onTrouble`. */
  watch(line: InputLine, onLevel: (level: Level) => void, onTrouble: (why: string) => void): Stop;
  close(): Promise<void>;
}

export interface InputLine {
  /** chip label as the kernel names it: pinctrl-bcm2711, pinctrl-rp1 */
  readonly chip: string;
  /** line offset on that chip */
  readonly offset: number;
  readonly activeLow: boolean;
}

/** The temperature of the machine room. Reads by itself, and goes on for ever. */
export interface Thermometer {
  /** degrees Celsius; null: not known now */
  readonly celsius: number | null;
  close(): Promise<void>;
}

/** systemd's notification socket; does nothing where there is none. */
export interface ServiceManager {
  ready(status: string): void;
  status(text: string): void;
  /** Feeds the watchdog. Called by progress, never by a bare timer. */
  alive(): void;
  stopping(): void;
  /** how often the manager expects `alive`, or null where it does not watch */
  readonly watchdogMs: number | null;
}
