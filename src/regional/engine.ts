/** Reports to a regional platform: runs the effects of the session (session.ts) against the outbox, the clock and the network. */

import type { Clock } from '../clock.ts';
import type { SiteLift, SiteRegionalPlatform } from '../config/schema.ts';
import { reasonOf } from '../errors.ts';
import type { UplinkBoard } from '../interface/board.ts';
import { t } from '../language.ts';
import type { Snapshot } from '../lift/events.ts';
import { Machine } from '../machine.ts';
import type { Outbox, StoredRecord } from '../outbox/port.ts';
import { isEmpty } from '../uplink/ledger.ts';
import { contentOf } from '../uplink/mqtt-client.ts';
import { isUrgent } from '../uplink/outgoing.ts';
import { Turns } from '../uplink/turns.ts';
import { type HttpClient, nodeHttp, type Outcome } from './http.ts';
import type { Seen } from './live.ts';
import { Mapping } from './mapping.ts';
import type { Item, Rows, StreamName } from './queue.ts';
import type { Post, Verdict } from './region.ts';
import { dueMs, newSession, stateOf, step } from './session.ts';
import type { ChannelName, Effect, Input, Session } from './state.ts';
import { verdictOf } from './verdict.ts';

export interface Regional {
  /** for the board, as of an uplink */
  readonly state: UplinkBoard;
  /** Waits a moment for what is on its way, and resolves when the outbox knows all of it. */
  stop(): Promise<void>;
}

export interface RegionalParts {
  readonly platform: SiteRegionalPlatform;
  readonly boxId: string;
  readonly lifts: readonly SiteLift[];
  readonly outbox: Outbox;
  /** a lift as it is now: its known signals */
  readonly snapshot: (lift: string) => Snapshot;
  /** told of records that the platform has taken, by their ids */
  readonly onAcknowledged?: (ids: readonly number[]) => void;
  readonly clock: Clock;
  /** the wall clock is set, as far as the box knows */
  readonly clockSet: () => boolean;
  /** from 0 up to 1 */
  readonly random?: () => number;
  readonly http?: HttpClient;
  readonly contentOf?: typeof contentOf;
  /** one line for the journal */
  readonly remark: (line: string) => void;
}

export function startRegional(parts: RegionalParts): Regional {
  const engine = new Engine(parts);
  engine.feed({ type: 'start' });
  return engine;
}

const READER = 'regional';

class Engine implements Regional {
  readonly #parts: RegionalParts;
  readonly #mapping: Mapping;
  readonly #http: HttpClient;
  readonly #contentOf: typeof contentOf;
  readonly #stopListening: () => void;
  readonly #aborts = new Map<ChannelName, () => void>();
  /** never to be seen in a reason */
  #secrets: readonly string[] = [];
  readonly #machine: Machine<Session, Input, Effect>;
  readonly #turns = new Turns((line) => this.#remark(line));
  #onOff: (() => void) | null = null;
  #stopped: Promise<void> | null = null;

  constructor(parts: RegionalParts) {
    this.#parts = parts;
    this.#mapping = new Mapping(parts);
    this.#http = parts.http ?? nodeHttp;
    this.#contentOf = parts.contentOf ?? contentOf;
    const { platform, outbox } = parts;
    const { throttleMs, heartbeatMs } = this.#mapping.region;
    const start = newSession({
      ...platform,
      throttleMs: platform.throttleMs ?? throttleMs,
      heartbeatMs: platform.heartbeatMs ?? heartbeatMs,
    });
    this.#machine = new Machine({
      ...{ clock: parts.clock, random: parts.random, start, step, dueMs, timeout: { type: 'timeout' } },
      run: (effect) => this.#run(effect),
      settled: ({ phase, ledger }) => {
        if (phase.name === 'off' && isEmpty(ledger)) this.#onOff?.();
      },
    });
    this.#stopListening = outbox.onAppended((records) => {
      this.feed({ type: 'appended', streams: [...new Set(records.map(streamOf))] });
    });
  }

  get state(): UplinkBoard {
    return { state: stateOf(this.#machine.session), why: this.#machine.session.why, sent: this.#machine.session.sent };
  }

  stop(): Promise<void> {
    this.#stopped ??= new Promise<void>((resolve) => {
      this.#onOff = resolve;
      this.#stopListening();
      this.feed({ type: 'stop' });
    }).then(() => this.#turns.settled());
    return this.#stopped;
  }

  feed(input: Input): void {
    this.#machine.feed(input);
  }

  #run(effect: Effect): void {
    const { outbox, onAcknowledged, lifts } = this.#parts;
    switch (effect.type) {
      case 'login':
        void this.#login(effect.number);
        break;
      case 'post':
        void this.#send(effect.channel, effect.number, effect.post);
        break;
      case 'state':
        void this.#send('state', effect.number, this.#mapping.live(effect.lift));
        break;
      case 'abort':
        this.#aborts.get(effect.channel)?.();
        this.#aborts.delete(effect.channel);
        break;
      case 'look':
        this.feed({ type: 'seen', lifts: lifts.map(({ id }): Seen => ({ lift: id, key: this.#mapping.liveKey(id) })) });
        break;
      case 'read':
        this.#read(effect);
        break;
      case 'taken':
        onAcknowledged?.([effect.id]);
        break;
      case 'forget':
        this.#turns.run(
          () => outbox.forget(effect.ids, READER),
          () => this.feed({ type: 'forgotten' }),
          () => this.feed({ type: 'forget-failed' }),
        );
        break;
      case 'poison': {
        const { id, reason } = effect;
        this.#turns.run(
          () => outbox.poison(id, reason, READER),
          () => this.feed({ type: 'poison-done', id, ok: true }),
          () => this.feed({ type: 'poison-done', id, ok: false }),
        );
        break;
      }
      case 'remark':
        this.#remark(t(effect.said.en, effect.said.zh));
        break;
    }
  }

  /** The secret is read at each login, so a renewed one needs no restart. */
  async #login(number: number): Promise<void> {
    const { platform, clock } = this.#parts;
    const { access } = this.#mapping.region;
    try {
      const file = await this.#contentOf(platform.passwordFile);
      const password = file?.toString('utf8').replace(/\r?\n$/, '') ?? '';
      this.#secrets = [password];
      if (access.kind === 'token') {
        this.feed({ type: 'logged-in', number, token: { token: password, lifeMs: null } });
        return;
      }
      const post = access.request({ username: platform.username ?? '', password });
      await this.#post('login', number, post, null, ({ status, retryAfterMs, body }) => {
        const token = status >= 200 && status < 300 ? access.tokenOf(body, clock.wallMs()) : null;
        if (token) {
          this.#secrets = [password, token.token];
          this.feed({ type: 'logged-in', number, token });
          return;
        }
        const verdict = verdictOf({ status, retryAfterMs, body }, this.#mapping.region);
        const none: Verdict = { kind: 'later', reason: t('no token in the answer', '应答中没有令牌'), afterMs: null };
        this.#answered('login', number, verdict.kind === 'taken' ? none : verdict);
      });
    } catch (cause) {
      this.feed({ type: 'failed', channel: 'login', number, failure: { kind: 'settings', detail: reasonOf(cause) } });
    }
  }

  /** `answered` and `failed` find out themselves whether the session still waits for it. */
  async #send(channel: ChannelName, number: number, post: Post): Promise<void> {
    const { region } = this.#mapping;
    const { token } = this.#machine.session;
    const authorization = token && region.authorization(token.text);
    try {
      await this.#post(channel, number, post, authorization, (answer) => {
        this.#answered(channel, number, verdictOf(answer, region));
      });
    } catch (cause) {
      this.feed({ type: 'failed', channel, number, failure: { kind: 'settings', detail: reasonOf(cause) } });
    }
  }

  async #post(
    channel: ChannelName,
    number: number,
    { path, body }: Post,
    authorization: string | null,
    done: (answer: Extract<Outcome, { answer: unknown }>['answer']) => void,
  ): Promise<void> {
    const { platform, clock } = this.#parts;
    const ca = await this.#contentOf(platform.caFile);
    if (this.#machine.session.channels[channel].flight?.number !== number) return;
    const url = platform.url.replace(/\/+$/, '') + path;
    const abort = this.#http.post({ url, authorization, body, ca, nowWallMs: clock.wallMs() }, (outcome) => {
      this.#aborts.delete(channel);
      if ('answer' in outcome) return done(outcome.answer);
      const { kind, detail } = outcome.failure;
      this.feed({ type: 'failed', channel, number, failure: { kind, detail: this.#clean(detail) } });
    });
    this.#aborts.set(channel, abort);
  }

  #answered(channel: ChannelName, number: number, verdict: Verdict): void {
    const clean = verdict.kind === 'taken' ? verdict : { ...verdict, reason: this.#clean(verdict.reason) };
    this.feed({ type: 'answered', channel, number, verdict: clean });
  }

  /** A platform may repeat in its answer what it was sent. */
  #clean(reason: string): string {
    return this.#secrets.filter((each) => each !== '').reduce((text, each) => text.replaceAll(each, '***'), reason);
  }

  #read({ stream, lane, afterId, limit }: Extract<Effect, { type: 'read' }>): void {
    this.#turns
      .take(async (): Promise<Rows> => {
        const records = await this.#parts.outbox.read(lane, afterId, limit, READER);
        const items: Item[] = [];
        for (const record of records) if (streamOf(record) === stream) items.push(...(await this.#itemOf(record)));
        const lastId = records.at(-1)?.id ?? afterId;
        return { stream, afterId, items, lastId, more: records.length >= limit };
      })
      .then(
        (rows) => this.feed({ type: 'rows', rows }),
        (cause: unknown) => {
          this.#turns.tell(cause);
          this.feed({ type: 'read-failed' });
        },
      );
  }

  /** What cannot be put into the words of the platform is set aside. */
  async #itemOf(record: StoredRecord): Promise<Item[]> {
    const { id, lift } = record;
    try {
      return [{ id, lift, post: this.#mapping.post(record) }];
    } catch (cause) {
      await this.#parts.outbox.poison(id, reasonOf(cause), READER);
      return [];
    }
  }

  #remark(text: string): void {
    this.#parts.remark(`${t('regional platform', '区域平台')}: ${text}`);
  }
}

function streamOf(record: StoredRecord): StreamName {
  if (record.lane === 'telemetry') return 'telemetry';
  return isUrgent(record) ? 'urgent' : 'alarm';
}
