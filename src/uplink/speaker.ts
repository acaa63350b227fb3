/** What a dialect says and hears beside the records: births, states, requests for a birth. Runs its session for the engine. */

import type { Publication, PublishOutcome } from './client.ts';
import type { DialectSession } from './dialect.ts';
import { covers } from './ears.ts';
import { SAID, type Said } from './reasons.ts';
import type { Input } from './state.ts';

export interface SpeakerParts {
  readonly session: DialectSession;
  /** on the link that stands now; `done` is never called where that ends before */
  publish(publication: Publication, done: (outcome: PublishOutcome) => void): void;
  feed(input: Input): void;
  say(said: Said): void;
}

export class Speaker {
  readonly #parts: SpeakerParts;
  /** series of publications that are not acknowledged yet */
  #speaking = 0;
  #held: Said | null = null;

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
  }

  /** An attempt begins: what was said on an earlier link is over. */
  will(): Publication {
    this.#speaking = 0;
    this.#held = null;
    return this.#parts.session.will();
  }

  greet(): void {
    const { session, feed } = this.#parts;
    // What was told while it connected was not heard.
    this.#held = null;
    this.#series(session.greet(), (outcome) => feed({ type: 'greeted', outcome }));
  }

  hear(topic: string, payload: Uint8Array, retained: boolean): void {
    const { session, feed, say } = this.#parts;
    if (!session.subscriptions.some((filter) => covers(filter, topic))) return;
    const { publish, leave, remarks } = session.onMessage(topic, payload, retained);
    for (const said of remarks) say(said);
    this.#series(publish, () => {
      if (leave) feed({ type: 'leave', why: leave });
    });
  }

  /** `done`: its last words are acknowledged. */
  farewell(done: () => void): void {
    this.#series(this.#parts.session.farewell(), done);
  }

  /** One after the other, each when the one before is acknowledged. A refusal ends the series. */
  #series(publications: readonly Publication[], done: (outcome: PublishOutcome) => void): void {
    const [first, ...rest] = publications;
    if (!first) {
      done({ ok: true });
      this.#tellHeld();
      return;
    }
    this.#speaking++;
    this.#tellHeld();
    this.#parts.publish(first, (outcome) => {
      this.#speaking--;
      if (outcome.ok) this.#series(rest, done);
      else {
        done(outcome);
        this.#tellHeld();
      }
    });
  }

  #tellHeld(): void {
    const { session, feed } = this.#parts;
    const why = session.alone && this.#speaking > 0 ? SAID.speaking : session.held;
    if (why?.en === this.#held?.en) return;
    this.#held = why;
    feed({ type: 'held', why });
  }
}
