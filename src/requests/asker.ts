/** The other side: asks a box over a session with the broker, and gathers its answers. For platforms and `hoistway ask`. */

import { randomUUID } from 'node:crypto';
import { type Clock, plus, type Stop } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { BrokerClient, BrokerLink, BrokerOptions, LinkEnd } from '../uplink/client.ts';
import { saidOfEnd } from '../uplink/reasons.ts';
import { CONNECT_LIMIT_MS } from '../uplink/session.ts';
import { liveTopic, requestTopic, responseTopic } from '../uplink/topics.ts';
import { type Answer, type LiveMessage, readAnswer, readLive } from './answer.ts';
import type { ArgumentsOf, What } from './order.ts';
import { signRequest } from './sign.ts';

const SILENCE_LIMIT_MS = 45_000;

/** The session with the broker is over; what was asked may be asked again in the next. */
export class SessionEnded extends Error {
  readonly end: LinkEnd;

  constructor(end: LinkEnd) {
    const said = saidOfEnd(end);
    super(t(said.en, said.zh));
    this.end = end;
  }
}

/** No word of the box came in time: it is away, or it hears nothing of requests. */
export class Silence extends Error {}

export interface AskerParts {
  readonly client: BrokerClient;
  readonly broker: BrokerOptions;
  readonly clock: Clock;
  readonly box: string;
  readonly topicPrefix: string;
  /** as the line of the box names it */
  readonly keyName: string;
  readonly privatePem: string;
  /** without a word of the box for so long it is not waited for any more; 45 s where left out */
  readonly silenceMs?: number;
}

interface Waiting {
  heard(answer: Answer): void;
  fail(error: Error): void;
}

export class Asker {
  readonly #parts: AskerParts;
  readonly #waiting = new Map<string, Waiting>();
  #link: BrokerLink | null = null;
  #onLive: ((message: LiveMessage) => void) | null = null;
  #ended: SessionEnded | null = null;

  private constructor(parts: AskerParts) {
    this.#parts = parts;
  }

  /** Rejects with SessionEnded where there is no session to be had. */
  static async open(parts: AskerParts): Promise<Asker> {
    const asker = new Asker(parts);
    await asker.#connect();
    return asker;
  }

  /** The session is over. */
  get isOver(): boolean {
    return this.#ended !== null;
  }

  close(): void {
    this.#finish(new SessionEnded({ kind: 'lost', detail: t('closed', '已关闭') }));
  }

  /**
   * Resolves with the last answer; `onAnswer` sees each, that one too. Where the box does not trust a clock it is asked again, with
   * the nonce that it gives. Rejects with Silence where nothing comes in time, and with SessionEnded.
   */
  async ask<W extends What>(what: W, args: ArgumentsOf<W>, onAnswer?: (answer: Answer) => void): Promise<Answer> {
    const first = await this.#once(what, args, undefined, onAnswer);
    return first.nonce === undefined ? first : this.#once(what, args, first.nonce, onAnswer);
  }

  async watchLive(onLive: (message: LiveMessage) => void): Promise<void> {
    this.#onLive = onLive;
    await this.#link?.subscribe(liveTopic(this.#parts.topicPrefix, this.#parts.box));
  }

  /** Resolves when the session is over. */
  ended(): Promise<SessionEnded> {
    return new Promise((resolve) => {
      if (this.#ended) resolve(this.#ended);
      else this.#waiting.set('end', { heard: () => undefined, fail: (error) => resolve(error as SessionEnded) });
    });
  }

  #connect(): Promise<void> {
    const { client, broker, clock, box, topicPrefix } = this.#parts;
    return new Promise((resolve, reject) => {
      this.#waiting.set('connect', { heard: () => undefined, fail: reject });
      const stop = clock.at(plus(clock.monoMs(), CONNECT_LIMIT_MS), () =>
        this.#finish(new SessionEnded({ kind: 'no-connack', detail: '' })),
      );
      const link = client.connect(broker, {
        onConnected: () => {
          stop();
          link.subscribe(responseTopic(topicPrefix, box, '+')).then(
            () => {
              this.#waiting.delete('connect');
              resolve();
            },
            (cause: unknown) => this.#finish(new SessionEnded({ kind: 'refused', detail: reasonOf(cause) })),
          );
        },
        onClosed: (end) => {
          stop();
          this.#finish(new SessionEnded(end));
        },
        onMessage: (topic, payload) => this.#hear(topic, payload),
      });
      this.#link = link;
    });
  }

  #once<W extends What>(
    what: W,
    args: ArgumentsOf<W>,
    nonce: string | undefined,
    onAnswer: ((answer: Answer) => void) | undefined,
  ): Promise<Answer> {
    const { clock, box, topicPrefix, keyName, privatePem, silenceMs = SILENCE_LIMIT_MS } = this.#parts;
    const id = randomUUID();
    const sentMs = Math.round(clock.wallMs());
    const order = JSON.stringify({ box, id, sentMs, ...(nonce === undefined ? {} : { nonce }), what, args });
    const payload = JSON.stringify(signRequest(order, keyName, privatePem));
    return new Promise<Answer>((resolve, reject) => {
      let stop: Stop = () => undefined;
      const fail = (error: Error) => {
        stop();
        this.#waiting.delete(id);
        reject(error);
      };
      const wait = () => {
        stop();
        const silent = t(`${box} does not answer`, `${box} 未应答`);
        stop = clock.at(plus(clock.monoMs(), silenceMs), () => fail(new Silence(silent)));
      };
      const heard = (answer: Answer) => {
        wait();
        if (answer.nonce === undefined || nonce !== undefined) onAnswer?.(answer);
        if (!answer.last) return;
        stop();
        this.#waiting.delete(id);
        resolve(answer);
      };
      if (this.#ended) return reject(this.#ended);
      this.#waiting.set(id, { heard, fail });
      wait();
      this.#link?.publish({ topic: requestTopic(topicPrefix, box), payload, retain: false }, (outcome) => {
        if (!outcome.ok)
          fail(new Error(`${t('the broker refuses the request', '服务器拒绝该请求')}: ${outcome.reason}`));
      });
    });
  }

  #hear(topic: string, payload: Uint8Array): void {
    const { topicPrefix, box } = this.#parts;
    if (topic === liveTopic(topicPrefix, box)) {
      const live = readLive(payload);
      if (live) this.#onLive?.(live);
      return;
    }
    const answer = readAnswer(payload);
    if (answer?.id) this.#waiting.get(answer.id)?.heard(answer);
  }

  #finish(ended: SessionEnded): void {
    if (this.#ended) return;
    this.#ended = ended;
    this.#link?.drop();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(ended);
  }
}
