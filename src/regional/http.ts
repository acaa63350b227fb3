/**
 * A POST of JSON by node's own HTTP. A connection for each: a state goes every few minutes, and few servers keep one open so long.
 * Not by fetch, which takes no authority of one's own on Node 20. No time-outs here: the session aborts.
 */

import { type ClientRequest, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { endOfError } from '../uplink/ends.ts';
import type { Failure } from './reasons.ts';
import type { Json } from './region.ts';
import type { Answer } from './verdict.ts';
import { retryAfterMsOf } from './verdict.ts';

export interface Outgoing {
  readonly url: string;
  /** null: none */
  readonly authorization: string | null;
  readonly body: Json;
  /** of a private authority, PEM */
  readonly ca: Buffer | null;
  readonly nowWallMs: number;
}

export type Outcome = { readonly answer: Answer } | { readonly failure: Failure };

export interface HttpClient {
  /** `done` is called once, never before this has returned; never, where the returned abort was called before. */
  post(outgoing: Outgoing, done: (outcome: Outcome) => void): () => void;
}

/** An answer is a few words; a larger one is none of a platform. */
const MOST_BYTES = 64 * 1024;

export const nodeHttp: HttpClient = {
  post({ url, authorization, body, ca, nowWallMs }, done) {
    let over = false;
    const end = (outcome: Outcome) => {
      if (over) return;
      over = true;
      request.destroy();
      done(outcome);
    };
    const bytes = Buffer.from(JSON.stringify(body));
    const request = opened(url, {
      ...{ method: 'POST', agent: false as const, ...(ca && { ca }) },
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': bytes.length,
        Accept: 'application/json',
        ...(authorization !== null && { Authorization: authorization }),
      },
    });
    request.on('error', (error) => end({ failure: failureOf(error) }));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MOST_BYTES) end({ failure: { kind: 'garbage', detail: `more than ${MOST_BYTES} bytes` } });
      });
      response.on('error', (error) => end({ failure: failureOf(error) }));
      response.on('end', () => {
        const retryAfterMs = retryAfterMsOf(response.headers['retry-after'], nowWallMs);
        end({ answer: { status: response.statusCode ?? 0, retryAfterMs, body: jsonOf(Buffer.concat(chunks)) } });
      });
    });
    request.end(bytes);
    return () => {
      over = true;
      request.destroy();
    };
  },
};

function opened(url: string, options: Parameters<typeof tlsRequest>[1]): ClientRequest {
  return url.startsWith('https:') ? tlsRequest(url, options) : plainRequest(url, options);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function failureOf(error: Error): Failure {
  // What cannot be parsed as HTTP has a code of the parser.
  if ('code' in error && String(error.code).startsWith('HPE_')) return { kind: 'garbage', detail: error.message };
  const { kind, detail } = endOfError(error, true);
  if (kind === 'unreachable' || kind === 'name-unknown') return { kind: 'unreachable', detail };
  return { kind: kind === 'lost' ? 'lost' : 'tls', detail };
}
