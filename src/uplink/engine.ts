/** The uplink: runs the effects of the session (session.ts) against the outbox, the clock and the broker client. */

import type { Clock } from '../clock.ts';
import type { SiteUplink } from '../config/schema.ts';
import type { UplinkBoard } from '../interface/board.ts';
import { t } from '../language.ts';
import { Machine } from '../machine.ts';
import type { Outbox, ReaderName, StoredRecord } from '../outbox/port.ts';
import { brokerFor, namedAfter } from './brokers.ts';
import type { BrokerClient, BrokerLink, BrokerOptions, Publication, PublishOutcome } from './client.ts';
import type { Dialect } from './dialect.ts';
import type { Message, StreamName } from './drain.ts';
import { dueMs } from './due.ts';
import { type Ear, silenced, subscribe, tellEars, unsaid } from './ears.ts';
import { isEmpty } from './ledger.ts';
import { mqttClient } from './mqtt-client.ts';
import { OutboxEnd } from './outbox-end.ts';
import { isUrgent, kindsOf, messagesOf, packetBytesOf, unsent } from './outgoing.ts';
import { SAID, type Said } from './reasons.ts';
import { newSession, step } from './session.ts';
import { Speaker } from './speaker.ts';
import type { Effect, Input, Session } from './state.ts';

export interface Uplink {
  /** for the board: what the uplink is doing or waiting for, and how many records were acknowledged */
  readonly state: UplinkBoard;
  /** Sends something beside the records, or says at once why not: they go first, and nothing waits. Resolves with the broker's answer. */
  say(publication: Publication): Promise<PublishOutcome>;
  /** Waits a moment for what is in flight, says goodbye to the broker, and resolves when the outbox knows all of it. */
  stop(): Promise<void>;
}

export interface UplinkParts {
  readonly uplink: SiteUplink;
  readonly boxId: string;
  readonly outbox: Outbox;
  /** as whom it reads the outbox: the city's where left out */
  readonly reader?: ReaderName;
  /** told of records that the broker has acknowledged, by their ids */
  readonly onAcknowledged?: (ids: readonly number[]) => void;
  /** the record as it is to be sent now: with its true time, where that is known by now */
  readonly rebase?: (record: StoredRecord) => StoredRecord;
  readonly clock: Clock;
  /** from 0 up to 1 */
  readonly random?: () => number;
  readonly client?: BrokerClient;
  readonly dialect: Dialect;
  /** what is to be heard of the broker while a session stands */
  readonly ears?: readonly Ear[];
  /** one line for the journal */
  readonly remark: (line: string) => void;
}

/** Requests and orders are small: whoever publishes something huge for a box does not fill its memory. */
const MOST_HEARD_BYTES = 65_536;

export function startUplink(parts: UplinkParts): Uplink {
  const engine = new Engine(parts);
  engine.feed({ type: 'start' });
  return engine;
}

class Engine implements Uplink {
  readonly #parts: UplinkParts;
  readonly #rebase: (record: StoredRecord) => StoredRecord;
  readonly #client: BrokerClient;
  readonly #dialect: Dialect;
  readonly #speaker: Speaker;
  readonly #outboxEnd: OutboxEnd;
  readonly #stopListening: () => void;
  readonly #machine: Machine<Session, Input, Effect>;
  #link: BrokerLink | null = null;
  /** of the broker that was asked last */
  #url: string;
  #answer: ((outcome: PublishOutcome) => void) | null = null;
  #onOff: (() => void) | null = null;
  #stopped: Promise<void> | null = null;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    this.#rebase = parts.rebase ?? ((record) => record);
    this.#client = parts.client ?? mqttClient;
    const { uplink } = parts;
    this.#url = uplink.url;
    this.#dialect = parts.dialect;
    this.#speaker = new Speaker({
      session: this.#dialect.session,
      publish: (publication, done) => this.#publish(publication, done),
      feed: (input) => this.feed(input),
      say: (said) => this.#say(said),
    });
    const start = newSession({
      ...uplink,
      batch: { records: this.#dialect.batchRecords, waitMs: this.#dialect.batchRecords === 1 ? 0 : uplink.batchMs },
      pace: {
        bytesPerS: uplink.backlogBytesPerS,
        bytesPerDay: uplink.dailyKiB === undefined ? null : uplink.dailyKiB * 1024,
      },
    });
    this.#machine = new Machine({
      ...{ clock: parts.clock, random: parts.random, start, step, dueMs, timeout: { type: 'timeout' } },
      run: (effect) => this.#run(effect),
      settled: ({ state, ledger }) => {
        if (state.name === 'off' && isEmpty(ledger)) this.#onOff?.();
      },
    });
    this.#outboxEnd = new OutboxEnd({
      outbox: parts.outbox,
      reader: parts.reader ?? 'city',
      messagesOf: (stream, records) => this.#messagesOf(stream, records),
      feed: (input) => this.feed(input),
      remark: (line) => this.#remark(line),
    });
    this.#stopListening = parts.outbox.onAppended((records) => {
      this.#dialect.session.note(records.map(this.#rebase));
      this.feed({ type: 'appended', ...kindsOf(records) });
    });
  }

  get state(): UplinkBoard {
    const { state, sent } = this.#machine.session;
    return {
      // Until the goodbye is said the broker still counts the box as there.
      state: state.name === 'stopping' ? 'online' : state.name,
      why: this.#named(state.why),
      sent,
    };
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise<void>((resolve) => {
      this.#onOff = resolve;
      this.#stopListening();
      this.feed({ type: 'stop' });
    })
      .then(() => this.#outboxEnd.settled())
      .then(() => this.#dialect.close?.());
    return this.#stopped;
  }

  say(publication: Publication): Promise<PublishOutcome> {
    const bytes = packetBytesOf(publication);
    const silence =
      this.#answer || this.#machine.isBusy ? unsaid('busy') : silenced(this.#machine.session.state, bytes);
    if (silence) return Promise.resolve(silence);
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.feed({ type: 'saying', bytes });
      this.#publish(publication, (outcome) => this.#said(outcome));
    });
  }

  #said(outcome: PublishOutcome): void {
    const answer = this.#answer;
    this.#answer = null;
    if (answer) this.feed({ type: 'said' });
    answer?.(outcome);
  }

  feed(input: Input): void {
    this.#machine.feed(input);
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'connect':
        this.#connect();
        break;
      case 'drop':
        this.#link?.drop();
        this.#unlink();
        break;
      case 'greet':
        this.#speaker.greet();
        break;
      case 'part':
        this.#link?.end().catch(() => undefined);
        this.#unlink();
        break;
      case 'farewell':
        this.#farewell();
        break;
      case 'publish': {
        const { ids, topic, payload } = effect.message;
        const [id = 0] = ids;
        const sealed = this.#dialect.session.seal({ topic, payload, retain: false });
        this.#publish(sealed, (outcome) => this.feed({ type: 'answered', id, outcome }));
        break;
      }
      case 'rows':
        this.feed(effect);
        break;
      case 'read': {
        const link = this.#link;
        void this.#outboxEnd.read(effect, () => this.#link === link);
        break;
      }
      case 'forget':
        this.#parts.onAcknowledged?.(effect.ids);
        this.#outboxEnd.forget(effect.ids);
        break;
      case 'poison':
        this.#outboxEnd.poison(effect.ids, effect.reason);
        break;
      case 'remark':
        this.#say(effect.said);
        break;
    }
  }

  #named(said: Said): Said {
    return namedAfter(this.#url, this.#parts.uplink.alternatives, said);
  }

  #say(said: Said): void {
    const { en, zh } = this.#named(said);
    this.#remark(t(en, zh));
  }

  #connect(): void {
    const { uplink, boxId, ears = [] } = this.#parts;
    const url = brokerFor(this.#machine.session.attempt, uplink.url, uplink.alternatives);
    const another = url !== this.#url;
    this.#url = url;
    if (another) this.#say(SAID.connecting);
    const options: BrokerOptions = {
      ...uplink,
      url,
      clientId: uplink.clientId ?? `hoistway-${boxId}`,
      will: this.#speaker.will(),
      mostHeardBytes: MOST_HEARD_BYTES,
    };
    const link = this.#client.connect(options, {
      onConnected: (granted) => {
        if (this.#link !== link) return;
        const refused = (why: string) => this.#link === link && this.#remark(why);
        const { subscriptions } = this.#dialect.session;
        const begin = () => {
          if (this.#link !== link) return;
          this.feed({ type: 'connected', granted });
          void subscribe(
            ears.flatMap(({ filters }) => filters),
            link,
            refused,
          );
        };
        if (subscriptions.length === 0) begin();
        else void subscribe(subscriptions, link, refused).then(begin);
      },
      onClosed: (end) => {
        if (this.#link !== link) return;
        this.#unlink();
        this.feed({ type: 'closed', end });
      },
      onMessage: (topic, payload, retained) => {
        if (this.#link !== link) return;
        this.#speaker.hear(topic, payload, retained);
        tellEars(ears, topic, payload, retained);
      },
    });
    this.#link = link;
  }

  #unlink(): void {
    this.#link = null;
    this.#said(unsaid(t('the connection was lost', '连接中断')));
  }

  /** What an earlier link answers is not heard. */
  #publish(publication: Publication, done: (outcome: PublishOutcome) => void): void {
    const link = this.#link;
    link?.publish(publication, (outcome) => {
      if (this.#link === link) done(outcome);
    });
  }

  #farewell(): void {
    const link = this.#link;
    const ended = () => {
      this.#said(unsaid(t('the session is over', '会话已结束')));
      this.feed({ type: 'ended' });
    };
    this.#speaker.farewell(() => {
      link?.end().then(ended, ended);
    });
  }

  #remark(text: string): void {
    const who = this.#parts.reader === 'maintainer' ? t('maintainer uplink', '维保上行') : t('uplink', '上行');
    this.#parts.remark(`${who}: ${text}`);
  }

  /** What of these records this stream has to send now. What is on its way, or done with, is not put into another message. */
  #messagesOf(stream: StreamName, records: readonly StoredRecord[]): Promise<Message[]> {
    const { state, ledger, suspects } = this.#machine.session;
    if (state.name !== 'online') return Promise.resolve([]);
    const wanted = unsent(records, ledger, state.drain).filter((record) => stream !== 'urgent' || isUrgent(record));
    const mostBytes = Math.min(state.drain.maximumPacketBytes, suspects.batchBytes);
    return messagesOf(this.#dialect, wanted.map(this.#rebase), mostBytes);
  }
}
