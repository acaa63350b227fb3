/**
 * A broker client for virtual time. Strict: it refuses more messages in flight than it granted, and anything on a link that
 * has ended. A test decides when it acknowledges and when the link drops.
 */

import type {
  BrokerClient,
  BrokerHandlers,
  BrokerOptions,
  Granted,
  LinkEnd,
  Publication,
  PublishOutcome,
} from '../../src/uplink/client.ts';

export interface Delivery {
  readonly topic: string;
  readonly payload: string;
  readonly message: { readonly seq: number; readonly boot: string; readonly type: string; readonly fault?: string };
  /** which link it came over, from 0 */
  readonly link: number;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly done: (outcome: PublishOutcome) => void;
}

export class FakeBroker implements BrokerClient {
  granted: Granted = { receiveMaximum: 65_535, maximumPacketBytes: Number.POSITIVE_INFINITY };
  /** answers CONNECT at once; otherwise the test calls `accept` or `refuse` */
  accepts = true;
  /** acknowledges each message at once */
  acknowledges = true;
  /** its word on a message it is about to answer; null acknowledges */
  verdict: (delivery: Delivery) => number | null = () => null;
  /** sees each record as it comes */
  onDelivery: (delivery: Delivery) => void = () => undefined;
  readonly attempts: BrokerOptions[] = [];
  readonly statuses: Delivery[] = [];
  readonly delivered: Delivery[] = [];
  readonly waiting: Waiting[] = [];
  /** what was subscribed to, over all links; `refusesFilters`: nothing may be */
  readonly filters: string[] = [];
  refusesFilters = false;
  ended = 0;
  dropped = 0;
  #handlers: BrokerHandlers | null = null;

  connect(options: BrokerOptions, handlers: BrokerHandlers) {
    const number = this.attempts.push(options) - 1;
    const mine = () => this.#handlers === handlers;
    this.#handlers = handlers;
    if (this.accepts) queueMicrotask(() => mine() && this.accept());
    return {
      publish: (publication: Publication, done: (outcome: PublishOutcome) => void) => {
        if (!mine()) throw new Error('publish on a link that has ended');
        this.#take(publication, number, done);
      },
      subscribe: (filter: string) => {
        if (!mine()) throw new Error('subscribe on a link that has ended');
        if (this.refusesFilters) return Promise.reject(new Error('not authorised'));
        this.filters.push(filter);
        return Promise.resolve();
      },
      end: () => {
        if (!mine()) throw new Error('end of a link that has ended');
        this.ended++;
        this.#forgetLink();
        return Promise.resolve();
      },
      drop: () => {
        this.dropped++;
        if (mine()) this.#forgetLink();
      },
    };
  }

  #take({ topic, payload: sent }: Publication, link: number, done: (outcome: PublishOutcome) => void): void {
    const payload = Buffer.from(sent).toString();
    const delivery: Delivery = { topic, payload, message: JSON.parse(payload) as Delivery['message'], link };
    (delivery.message.type === 'status' ? this.statuses : this.delivered).push(delivery);
    if (delivery.message.type !== 'status') this.onDelivery(delivery);
    this.waiting.push({ delivery, done });
    if (this.waiting.length > this.granted.receiveMaximum) throw new Error('more in flight than the broker takes');
    const handlers = this.#handlers;
    if (this.acknowledges || delivery.message.type === 'status')
      queueMicrotask(() => this.#handlers === handlers && this.acknowledge({ delivery, done }));
  }

  /** Answers the oldest unanswered message, or the one given. */
  acknowledge(which = this.waiting[0]): void {
    const at = this.waiting.findIndex(({ delivery }) => delivery === which?.delivery);
    const [found] = at < 0 ? [] : this.waiting.splice(at, 1);
    if (!found) return;
    const reasonCode = this.verdict(found.delivery);
    found.done(reasonCode === null ? { ok: true } : { ok: false, reasonCode, reason: `reason ${reasonCode}` });
  }

  accept(): void {
    this.#handlers?.onConnected(this.granted);
  }

  /** Something is published under a filter of the box. */
  deliver(topic: string, payload: string | Uint8Array, retained = false): void {
    this.#handlers?.onMessage?.(topic, Buffer.from(payload), retained);
  }

  /** The link ends by itself. */
  close(end: LinkEnd = { kind: 'lost', detail: 'test' }): void {
    const handlers = this.#handlers;
    this.#forgetLink();
    handlers?.onClosed(end);
  }

  get linked(): boolean {
    return this.#handlers !== null;
  }

  #forgetLink(): void {
    this.#handlers = null;
    this.waiting.length = 0;
  }
}
