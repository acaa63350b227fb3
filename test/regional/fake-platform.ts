/** A regional platform in memory: strict about one request at a time, and ill in the one way that a test asks for. */

import type { HttpClient, Outcome, Outgoing } from '../../src/regional/http.ts';
import type { Answer } from '../../src/regional/verdict.ts';

export interface Request extends Outgoing {
  readonly path: string;
  readonly kind: 'login' | 'alarm' | 'state' | 'telemetry';
  answer(outcome: Outcome): void;
}

export const TAKEN: Answer = { status: 200, retryAfterMs: null, body: { success: true } };
export const TOKEN: Answer = {
  status: 200,
  retryAfterMs: null,
  body: { success: true, data: { accessToken: 'token-1' } },
};

export function status(code: number, retryAfterMs: number | null = null, body: unknown = undefined): Answer {
  return { status: code, retryAfterMs, body };
}

export class FakePlatform implements HttpClient {
  /** each request, in the order in which they came */
  readonly requests: Request[] = [];
  /** those without an answer yet */
  readonly waiting: Request[] = [];
  aborted = 0;
  /** null: no answer yet */
  reply: (request: Request) => Answer | Outcome | null = ({ kind }) => (kind === 'login' ? TOKEN : TAKEN);

  post(outgoing: Outgoing, done: (outcome: Outcome) => void): () => void {
    const path = outgoing.url.replace(/^https?:\/\/[^/]+/, '');
    const kind = kindOf(path);
    if (this.waiting.some((other) => other.kind === kind)) throw new Error(`a second request of ${kind}`);
    const answer = (outcome: Outcome) => {
      this.waiting.splice(this.waiting.indexOf(request), 1);
      done(outcome);
    };
    const request: Request = { ...outgoing, path, kind, answer };
    this.requests.push(request);
    this.waiting.push(request);
    queueMicrotask(() => {
      const reply = this.waiting.includes(request) ? this.reply(request) : null;
      if (reply) answer('status' in reply ? { answer: reply } : reply);
    });
    return () => {
      this.aborted++;
      this.waiting.splice(this.waiting.indexOf(request), 1);
    };
  }

  of(kind: Request['kind']): Request[] {
    return this.requests.filter((request) => request.kind === kind);
  }
}

function kindOf(path: string): Request['kind'] {
  if (path.includes('/oauth/')) return 'login';
  if (path.includes('/fault-')) return 'alarm';
  return path.includes('/running-info/') ? 'state' : 'telemetry';
}
