/** The board as server-sent events: whole boards, so that a frame may be left out without harm. */

import type { ServerResponse } from 'node:http';
import { type Clock, type MonoMs, plus, type Stop } from '../clock.ts';

const CLIENTS_LIMIT = 32;
const SHORTEST_INTERVAL_MS = 100;
/** Sent this often even when nobody pushes: the page tells by it that the box is alive. */
const LONGEST_INTERVAL_MS = 1000;
/** A client that takes nothing for this long is let go; its browser comes back by itself. */
const SLOW_LIMIT_MS = 10_000;

interface Client {
  readonly response: ServerResponse;
  /** since when it takes nothing; null while it keeps up */
  slowSinceMs: MonoMs | null;
}

export class BoardStream {
  readonly #clients = new Set<Client>();
  readonly #clock: Clock;
  readonly #json: () => string;
  #sentMs: MonoMs | null = null;
  #next: { readonly dueMs: MonoMs; readonly stop: Stop } | null = null;

  /** `json` gives one board, in one line; it is asked only while someone looks. */
  constructor(clock: Clock, json: () => string) {
    this.#clock = clock;
    this.#json = json;
  }

  get full(): boolean {
    return this.#clients.size >= CLIENTS_LIMIT;
  }

  /** Takes over a response whose headers are set, and sends the board at once. */
  add(response: ServerResponse): void {
    const client: Client = { response, slowSinceMs: null };
    this.#clients.add(client);
    response.on('close', () => this.#clients.delete(client));
    response.on('drain', () => {
      client.slowSinceMs = null;
    });
    this.#write(client, `retry: 1000\n\ndata: ${this.#json()}\n\n`);
    this.#plan(LONGEST_INTERVAL_MS);
  }

  /** The board has changed. At most ten frames a second go out, and the last state always does. */
  push(): void {
    if (this.#clients.size === 0) return;
    const sinceMs = this.#sentMs === null ? SHORTEST_INTERVAL_MS : this.#clock.monoMs() - this.#sentMs;
    if (sinceMs >= SHORTEST_INTERVAL_MS) this.#send();
    else this.#plan(SHORTEST_INTERVAL_MS - sinceMs);
  }

  stop(): void {
    this.#next?.stop();
    this.#next = null;
    for (const { response } of this.#clients) response.end();
    this.#clients.clear();
  }

  /** Plans the next frame in `ms`, unless one is planned sooner. */
  #plan(ms: number): void {
    const dueMs = plus(this.#clock.monoMs(), ms);
    if (this.#next && this.#next.dueMs <= dueMs) return;
    this.#next?.stop();
    this.#next = { dueMs, stop: this.#clock.at(dueMs, () => this.#send()) };
  }

  #send(): void {
    this.#next?.stop();
    this.#next = null;
    if (this.#clients.size === 0) return;
    this.#sentMs = this.#clock.monoMs();
    const frame = `data: ${this.#json()}\n\n`;
    for (const client of this.#clients) {
      if (client.slowSinceMs === null) this.#write(client, frame);
      else if (this.#sentMs - client.slowSinceMs > SLOW_LIMIT_MS) client.response.destroy();
    }
    this.#plan(LONGEST_INTERVAL_MS);
  }

  #write(client: Client, text: string): void {
    if (!client.response.write(text)) client.slowSinceMs = this.#clock.monoMs();
  }
}
