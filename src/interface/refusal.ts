/**
 * Which requests are turned away. The page is for the person at the box: no other site may read it through their browser
 * (a name that is made to point at the box, DNS rebinding) or press its buttons (a form or script elsewhere).
 */

import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';

export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly allow?: string;
}

const WILDCARDS = ['0.0.0.0', '::'];
const BODY_LIMIT_BYTES = 4096;

/** `host` is the address listened on. Null lets the request through. */
export function refusalOf(request: IncomingMessage, host: string, posts: ReadonlySet<string>): Refusal | null {
  if (!isOwnName(nameOf(request.headers.host), host, request.socket.localAddress)) {
    return { status: 421, text: 'This box goes by another name. Use its address, or localhost.' };
  }
  const path = pathOf(request);
  const takesPost = posts.has(path);
  if (request.method === 'POST' && takesPost) return refusalOfPost(request);
  if (takesPost) return { status: 405, text: 'This is a button: POST only.', allow: 'POST' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, text: 'This page is for reading only.', allow: 'GET, HEAD' };
  }
  return null;
}

/** The path without its query, exactly as sent: nothing is decoded, and only exact matches are served. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function refusalOfPost({ headers }: IncomingMessage): Refusal | null {
  if (headers.origin !== undefined && !isOwnOrigin(headers.origin, headers.host)) {
    return { status: 403, text: 'Another site may not press the buttons of this page.' };
  }
  if (headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    return { status: 415, text: 'Send application/json.' };
  }
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) return TOO_LONG;
  return null;
}

const TOO_LONG: Refusal = { status: 413, text: `At most ${BODY_LIMIT_BYTES} bytes.` };

/** The body as JSON, or why not. Reads no more than the limit, whatever the length claimed. */
export async function bodyOf(request: IncomingMessage): Promise<{ json: unknown } | Refusal> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_LIMIT_BYTES) return TOO_LONG;
    parts.push(part);
  }
  try {
    return { json: JSON.parse(Buffer.concat(parts).toString('utf8')) };
  } catch {
    return { status: 400, text: 'The body is not JSON.' };
  }
}

/** The name in a Host header, without port and brackets; null where there is none that can be read. */
function nameOf(host: string | undefined): string | null {
  const found = host && /^(?:\[([0-9a-f:.]+)\]|([^:/@\s]+))(?::\d{1,5})?$/i.exec(host);
  return found ? (found[1] ?? found[2] ?? '').toLowerCase() : null;
}

/** On a wildcard address the box goes by the address that was called, and by its own host name. */
function isOwnName(name: string | null, host: string, called: string | undefined): boolean {
  if (name === null) return false;
  if (name === 'localhost' || name === '::1' || /^127\.\d+\.\d+\.\d+$/.test(name)) return true;
  if (!WILDCARDS.includes(host)) return name === host.toLowerCase();
  const own = hostname().toLowerCase();
  return name === called?.replace(/^::ffff:/, '') || name === own || name === `${own}.local`;
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
