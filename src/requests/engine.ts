/** Hears requests, lets the gate judge each, and carries out what it lets through. Everything goes out beside the records, after alarms. */

import { randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { type Clock, type MonoMs, plus, sleep } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { Publication, PublishOutcome } from '../uplink/client.ts';
import { type Ear, TOO_LARGE, UNSAID } from '../uplink/ears.ts';
import { encodeRecord } from '../uplink/payload.ts';
import { liveTopic, recordTopic, requestTopic, responseTopic } from '../uplink/topics.ts';
import type { Answer } from './answer.ts';
import { reportOf } from './doctor.ts';
import { finished, type Gate, newGate, receive, type Verdict } from './gate.ts';
import { LIVE_EVERY_MS, LIVE_WHOLE_MS, liveOf, type Shown } from './live.ts';
import { type ArgumentsOf, type Order, REQUEST_LIMIT_BYTES } from './order.ts';
import { firstPieceBytes, nextPieceBytes } from './pieces.ts';
import { type Failure, WORDS } from './reasons.ts';
import { findRange, missingRuns } from './resend.ts';
import { type Check, LOOK_MS, selfTest } from './self-test.ts';
import { type AllowedKey, parseKeys } from './sign.ts';
import type { RequestSources } from './sources.ts';

export interface RequestParts {
  readonly boxId: string;
  readonly topicPrefix: string;
  /** most that the answers of one request take of the line */
  readonly bytesPerS: number;
  readonly clock: Clock;
  readonly sources: RequestSources;
  /** as an uplink says it: at once or not at all */
  say(publication: Publication): Promise<PublishOutcome>;
  /** one line for the journal */
  remark(line: string): void;
}

/** An answer is tried for so long, so often. */
const ANSWER_LIMIT_MS = 30_000;
const AGAIN_MS = 50;
/** Requests and refusals that wait for their turn. What comes on top of it is left unheard. */
const MOST_WAITING = 16;
/** After so many records that were sent again, who asked is told how far it is. */
const TELL_EVERY = 100;
/** Where a request without a readable id is answered. */
const NO_ID = 'unread';

export class Requests implements Ear {
  readonly filters: readonly string[];
  readonly #parts: RequestParts;
  readonly #stopping = new AbortController();
  #gate: Gate;
  #hearing: Promise<void> = Promise.resolve();
  #waiting = 0;
  #keysTold = '';
  #liveUntilMs: MonoMs | null = null;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#gate = newGate(parts.clock.monoMs());
    this.filters = [requestTopic(parts.topicPrefix, parts.boxId)];
  }

  hear(_topic: string, payload: Uint8Array, retained: boolean): void {
    if (this.#stopping.signal.aborted || this.#waiting >= MOST_WAITING) return;
    this.#waiting++;
    // What is far too large is not kept while it waits.
    const kept = Uint8Array.from(payload.subarray(0, REQUEST_LIMIT_BYTES + 1));
    this.#hearing = this.#hearing
      .then(() => this.#take(kept, retained))
      .catch((error: unknown) => this.#parts.remark(`${t('request', '远程请求')}: ${reasonOf(error)}`))
      .finally(() => {
        this.#waiting--;
      });
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #take(payload: Uint8Array, retained: boolean): Promise<void> {
    const { clock, sources, boxId } = this.#parts;
    const keys = await this.#keys();
    const [gate, verdict] = receive(this.#gate, {
      ...{ payload, retained, keys, box: boxId, nonce: randomUUID() },
      ...{ atMs: clock.monoMs(), wallMs: clock.wallMs(), clockTrust: sources.clockTrust() },
    });
    this.#gate = gate;
    if (verdict.type === 'refuse') await this.#refuse(verdict);
    if (verdict.type === 'do') void this.#carryOut(verdict);
  }

  /** Read at each request: who is struck out of the file may ask no more. */
  async #keys(): Promise<readonly AllowedKey[]> {
    try {
      const { keys, wrong } = parseKeys(await this.#parts.sources.keys());
      this.#tellKeys(wrong.length === 0 ? '' : t(`lines that are none: ${wrong}`, `无效行：${wrong}`));
      return keys;
    } catch (error) {
      this.#tellKeys(reasonOf(error));
      return [];
    }
  }

  #tellKeys(trouble: string): void {
    if (trouble !== '' && trouble !== this.#keysTold) {
      this.#parts.remark(`${t('keys of those who may ask', '请求公钥文件')}: ${trouble}`);
    }
    this.#keysTold = trouble;
  }

  async #refuse({ id, reason, detail, nonce }: Extract<Verdict, { type: 'refuse' }>): Promise<void> {
    this.#parts.remark(`${t('request refused', '拒绝远程请求')}: ${reason}${detail ? ` (${detail})` : ''}`);
    await this.#answer(id, { ...failure(reason, detail), ...(nonce === undefined ? {} : { nonce }) });
  }

  async #carryOut({ order, by }: Extract<Verdict, { type: 'do' }>): Promise<void> {
    this.#parts.remark(`${t('request', '远程请求')}: ${order.what} ${t('by', '来自')} ${by}`);
    try {
      await this.#do(order);
    } catch (error) {
      this.#parts.remark(`${t('request', '远程请求')}: ${order.what}: ${reasonOf(error)}`);
      await this.#answer(order.id, failure('failed', reasonOf(error)));
    } finally {
      this.#gate = finished(this.#gate);
    }
  }

  async #do(order: Order): Promise<void> {
    switch (order.what) {
      case 'live':
        await this.#live(order.id, order.args);
        break;
      case 'resend':
        await this.#resend(order.id, order.args);
        break;
      case 'evidence':
        await this.#evidence(order.id, order.args);
        break;
      case 'self-test':
        await this.#answer(order.id, done({ checks: await this.#selfTest() }));
        break;
      case 'doctor': {
        const { sources } = this.#parts;
        const rest = { configuration: sources.configuration(), journal: sources.journal() };
        const report = reportOf(sources.board(), { ...rest, checks: await this.#selfTest() });
        await this.#answer(order.id, done({ report }));
        break;
      }
    }
  }

  async #selfTest(): Promise<readonly Check[]> {
    const { sources, clock } = this.#parts;
    const before = sources.board();
    await sleep(clock, LOOK_MS, this.#stopping.signal);
    return selfTest(await sources.facts(), before, sources.board());
  }

  /** A second one prolongs the first. */
  async #live(id: string, { minutes }: ArgumentsOf<'live'>): Promise<void> {
    const { clock, topicPrefix, boxId } = this.#parts;
    const under = this.#liveUntilMs !== null;
    const untilMs = plus(clock.monoMs(), minutes * 60_000);
    this.#liveUntilMs = untilMs > (this.#liveUntilMs ?? 0) ? untilMs : this.#liveUntilMs;
    if (!under) void this.#show();
    await this.#answer(id, done({ minutes, topic: liveTopic(topicPrefix, boxId) }));
  }

  /** What cannot be said now is not said later: the next look is newer. */
  async #show(): Promise<void> {
    const { clock, sources, topicPrefix, boxId, say } = this.#parts;
    const topic = liveTopic(topicPrefix, boxId);
    let shown: Shown = new Map();
    let wholeMs = clock.monoMs();
    for (let leftMs = 1; leftMs > 0 && !this.#stopping.signal.aborted; ) {
      const nowMs = clock.monoMs();
      leftMs = Math.max(0, (this.#liveUntilMs ?? nowMs) - nowMs);
      const { changed, now } = liveOf(sources.board(), nowMs >= wholeMs ? new Map() : shown);
      if (changed.length > 0 || leftMs === 0) {
        const when = { wallMs: Math.round(clock.wallMs()), clockTrust: sources.clockTrust() };
        const body = { type: 'live', box: boxId, ...when, leftMs: Math.round(leftMs), lifts: changed };
        const { ok } = await say({ topic, payload: JSON.stringify(body), retain: false });
        if (ok) shown = now;
        if (ok && nowMs >= wholeMs) wholeMs = plus(nowMs, LIVE_WHOLE_MS);
      }
      if (leftMs > 0) await sleep(clock, Math.min(LIVE_EVERY_MS, leftMs), this.#stopping.signal);
    }
    this.#liveUntilMs = null;
  }

  /** Each on its own topic, as JSON: for a receiver it is a repeat. */
  async #resend(id: string, range: ArgumentsOf<'resend'>): Promise<void> {
    const { sources, topicPrefix, boxId } = this.#parts;
    const records = await findRange(sources.records, range);
    const missing = missingRuns(
      range,
      records.map(({ seq }) => seq),
    );
    let sent = 0;
    for (const record of records) {
      const topic = recordTopic(topicPrefix, boxId, record.lift, record.body.type);
      if (topic === null) continue;
      if (!(await this.#deliver(topic, encodeRecord(boxId, record)))) return;
      if (++sent % TELL_EVERY === 0) await this.#answer(id, { ...done({ sent, missing }), last: false });
    }
    await this.#answer(id, done({ sent, missing }));
  }

  async #evidence(id: string, args: ArgumentsOf<'evidence'>): Promise<void> {
    const { event, capture = '', pieces, pieceBytes } = args;
    const { clock } = this.#parts;
    const found = await this.#parts.sources.evidence(event === undefined ? { capture } : { event });
    if ('failure' in found) {
      await this.#answer(id, failure(found.failure, found.detail));
      return;
    }
    try {
      const of = { capture: found.capture, bytes: found.bytes, sha256: found.sha256 };
      let offset = Math.min(args.offset, found.bytes);
      let size = firstPieceBytes(pieceBytes);
      for (let left = pieces; left > 0; left--) {
        const piece = await found.read(offset, Math.min(size, found.bytes - offset));
        const data = deflateSync(piece).toString('base64');
        const beganMs = clock.monoMs();
        const last = left === 1 || offset + piece.length >= found.bytes;
        if (!(await this.#answer(id, { ...done({ ...of, offset, length: piece.length, data }), last })) || last) return;
        offset += piece.length;
        size = nextPieceBytes(size, clock.monoMs() - beganMs, pieceBytes);
      }
    } finally {
      await found.close();
    }
  }

  #answer(id: string | null, answer: Omit<Answer, 'type' | 'box' | 'id'>): Promise<boolean> {
    const { topicPrefix, boxId } = this.#parts;
    const payload = JSON.stringify({ type: 'response', box: boxId, id, ...answer });
    return this.#deliver(responseTopic(topicPrefix, boxId, id ?? NO_ID), payload, id);
  }

  /** Until the broker has it, for a while; and then a pause, so that it takes no more than its share of the line. */
  async #deliver(topic: string, payload: string, id: string | null = null): Promise<boolean> {
    const { clock, say, bytesPerS } = this.#parts;
    const { signal } = this.#stopping;
    const untilMs = plus(clock.monoMs(), ANSWER_LIMIT_MS);
    while (!signal.aborted && clock.monoMs() < untilMs) {
      const outcome = await say({ topic, payload, retain: false });
      if (outcome.ok) {
        await sleep(clock, (payload.length / bytesPerS) * 1000, signal);
        return true;
      }
      if (outcome.reasonCode === TOO_LARGE && id !== null) await this.#answerShort(id, topic);
      if (outcome.reasonCode !== UNSAID) {
        this.#parts.remark(`${t('answer not sent', '应答未发送')}: ${outcome.reason}`);
        return false;
      }
      await sleep(clock, AGAIN_MS, signal);
    }
    return false;
  }

  async #answerShort(id: string, topic: string): Promise<void> {
    const payload = JSON.stringify({ type: 'response', box: this.#parts.boxId, id, ...failure('broker-limit') });
    await this.#deliver(topic, payload);
  }
}

function done(result: object): Omit<Answer, 'type' | 'box' | 'id'> {
  return { ok: true, last: true, ...result };
}

function failure(reason: Failure, detail?: string): Omit<Answer, 'type' | 'box' | 'id'> {
  return { ok: false, last: true, reason, said: WORDS[reason], ...(detail === undefined ? {} : { detail }) };
}
