/** One box of the fleet: a real uplink over an outbox in memory, records at a pace of its own, and a network that fails at times. */

import { type Clock, type MonoMs, plus, type Stop } from '../../src/clock.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import type { BrokerClient, BrokerHandlers, BrokerLink, BrokerOptions } from '../../src/uplink/client.ts';
import { startUplink, type Uplink } from '../../src/uplink/engine.ts';
import { mqttClient } from '../../src/uplink/mqtt-client.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import type { Random } from '../lift/random.ts';
import { MemoryOutbox } from '../memory-outbox.ts';
import { recordOf } from './records.ts';

export interface BoxPlan {
  readonly id: string;
  readonly uplink: SiteUplink;
}

export interface Pace {
  /** between two records of a box, on average */
  readonly recordEveryMs: number;
  /** between two cuts of its network, on average */
  readonly cutEveryMs: number;
}

/** How long a box's network is away. */
const CUT_MS = [500, 8000] as const;
const MAX_BYTES = 4 * 1024 * 1024;

export class FleetBox {
  readonly id: string;
  /** records made so far */
  made = 0;
  readonly #outbox = new MemoryOutbox({ maxBytes: MAX_BYTES });
  readonly #network: Network;
  readonly #uplink: Uplink;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #timers = new Map<'record' | 'cut', Stop>();

  constructor(
    { id, uplink }: BoxPlan,
    pace: Pace,
    parts: { clock: Clock; random: Random; onConnect: (atMs: MonoMs) => void },
  ) {
    const { clock, onConnect } = parts;
    this.id = id;
    this.#clock = clock;
    this.#random = parts.random.fork(id);
    this.#network = new Network(mqttClient, () => onConnect(clock.monoMs()));
    const chance = this.#random.fork('uplink');
    this.#uplink = startUplink({
      ...{ uplink, boxId: id, outbox: this.#outbox, clock, client: this.#network },
      // A thread that makes batches for each of thousands would measure the machine.
      dialect: plainDialect(uplink.topicPrefix, id, () => this.#outbox.boot),
      random: () => chance.next(),
      remark: () => undefined,
    });
    this.#again('record', pace.recordEveryMs, () => this.#make());
    this.#again('cut', pace.cutEveryMs, () => this.#cut());
  }

  get boot(): string {
    return this.#outbox.boot;
  }

  get online(): boolean {
    return this.#uplink.state.state === 'online';
  }

  /** records that the broker has acknowledged */
  get sent(): number {
    return this.#uplink.state.sent;
  }

  /** No more records, and no more cuts. */
  rest(): void {
    for (const stop of this.#timers.values()) stop();
    this.#network.cut(false);
  }

  stop(): Promise<void> {
    this.rest();
    return this.#uplink.stop();
  }

  #again(name: 'record' | 'cut', everyMs: number, run: () => void): void {
    const dueMs = plus(this.#clock.monoMs(), this.#random.exponential(everyMs));
    const stop = this.#clock.at(dueMs, () => {
      this.#again(name, everyMs, run);
      run();
    });
    this.#timers.set(name, stop);
  }

  #make(): void {
    this.made++;
    void this.#outbox.append([recordOf(this.made, this.#clock.wallMs())]);
  }

  #cut(): void {
    this.#network.cut(true);
    this.#clock.at(plus(this.#clock.monoMs(), this.#random.between(...CUT_MS)), () => this.#network.cut(false));
  }
}

/** A broker client whose way to the broker can be cut: what was open is gone without a word, and nothing opens. */
class Network implements BrokerClient {
  readonly #client: BrokerClient;
  readonly #onConnect: () => void;
  #down = false;
  #open: { readonly link: BrokerLink; readonly handlers: BrokerHandlers } | null = null;

  constructor(client: BrokerClient, onConnect: () => void) {
    this.#client = client;
    this.#onConnect = onConnect;
  }

  connect(options: BrokerOptions, handlers: BrokerHandlers): BrokerLink {
    if (this.#down) {
      setImmediate(() => handlers.onClosed({ kind: 'unreachable', detail: 'the network of this box is cut' }));
      return nowhere;
    }
    this.#onConnect();
    const link = this.#client.connect(options, handlers);
    this.#open = { link, handlers };
    return link;
  }

  cut(cut: boolean): void {
    this.#down = cut;
    if (!cut || !this.#open) return;
    const { link, handlers } = this.#open;
    this.#open = null;
    link.drop();
    handlers.onClosed({ kind: 'lost', detail: 'the network of this box is cut' });
  }
}

const nowhere: BrokerLink = {
  publish: () => undefined,
  subscribe: () => Promise.reject(new Error('the network of this box is cut')),
  end: () => Promise.resolve(),
  drop: () => undefined,
};
