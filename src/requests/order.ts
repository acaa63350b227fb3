/**
 * What may be asked of a box, and the message that asks it. The order travels as the exact text that was signed, so nobody has to
 * write JSON in one certain way. Pure.
 */

import * as v from 'valibot';

/** Larger ones are not even read. */
export const REQUEST_LIMIT_BYTES = 4096;
export const LIVE_LIMIT_MINUTES = 10;
export const RESEND_LIMIT = 1000;
export const PIECE_LIMIT_BYTES = 32 * 1024;
/** Pieces of one request: who has gone away meanwhile costs the line no more than this. */
export const PIECES_LIMIT = 64;

export const WHATS = ['live', 'resend', 'evidence', 'self-test', 'doctor'] as const;
export type What = (typeof WHATS)[number];

/** Stands in a topic. */
const ID = /^[a-z0-9-]{8,64}$/;
const id = v.pipe(v.string(), v.regex(ID));
const whole = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const seq = whole(1, Number.MAX_SAFE_INTEGER);

const ARGUMENTS = {
  live: v.strictObject({ minutes: whole(1, LIVE_LIMIT_MINUTES) }),
  resend: v.pipe(
    v.strictObject({ boot: name, firstSeq: seq, lastSeq: seq }),
    v.check(({ firstSeq, lastSeq }) => lastSeq >= firstSeq, 'lastSeq is below firstSeq'),
    v.check(({ firstSeq, lastSeq }) => lastSeq - firstSeq < RESEND_LIMIT, `more than ${RESEND_LIMIT} records`),
  ),
  evidence: v.pipe(
    v.strictObject({
      event: v.optional(name),
      capture: v.optional(name),
      offset: whole(0, Number.MAX_SAFE_INTEGER),
      pieces: whole(1, PIECES_LIMIT),
      pieceBytes: whole(256, PIECE_LIMIT_BYTES),
    }),
    v.check(({ event, capture }) => (event === undefined) !== (capture === undefined), 'either event or capture'),
  ),
  'self-test': v.strictObject({}),
  doctor: v.strictObject({}),
} satisfies { readonly [W in What]: v.GenericSchema };

export type ArgumentsOf<W extends What> = v.InferOutput<(typeof ARGUMENTS)[W]>;

const frame = {
  box: name,
  id,
  /** wall clock of who asks, ms since 1970 */
  sentMs: whole(0, Number.MAX_SAFE_INTEGER),
  /** that the box gave with an earlier refusal, instead of a time that both agree on */
  nonce: v.optional(name),
};
const anyOrder = v.strictObject({ ...frame, what: v.string(), args: v.unknown() });

interface Frame {
  readonly box: string;
  readonly id: string;
  readonly sentMs: number;
  readonly nonce?: string | undefined;
}

export type Order = { [W in What]: Frame & { readonly what: W; readonly args: ArgumentsOf<W> } }[What];

/** What is published: the order as text, who signs it, and the signature, base64. See sign.ts. */
export const requestSchema = v.strictObject({ order: v.string(), key: name, signature: v.string() });
export type Request = v.InferOutput<typeof requestSchema>;

/** null: no request at all */
export function readRequest(payload: Uint8Array): Request | null {
  const read = v.safeParse(requestSchema, parsed(payload));
  return read.success ? read.output : null;
}

/** The id that an answer is sent under, before anything else of the order is believed; null where it has none. */
export function idOf({ order }: Request): string | null {
  const read = v.safeParse(v.object({ id }), parsed(order));
  return read.success ? read.output.id : null;
}

export type OrderRead =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly why: 'unknown' | 'unclear'; readonly detail: string };

/** Of a text whose signature is good. */
export function readOrder(text: string): OrderRead {
  const read = v.safeParse(anyOrder, parsed(text));
  if (!read.success) return unclear(read.issues);
  const { what, args, ...rest } = read.output;
  if (!isWhat(what)) return { ok: false, why: 'unknown', detail: what.slice(0, 40) };
  const given = v.safeParse(ARGUMENTS[what], args);
  if (!given.success) return unclear(given.issues);
  return { ok: true, order: { ...rest, what, args: given.output } as Order };
}

function unclear([issue]: readonly v.BaseIssue<unknown>[]): OrderRead {
  const where = issue ? v.getDotPath(issue as Parameters<typeof v.getDotPath>[0]) : null;
  return { ok: false, why: 'unclear', detail: `${where ?? 'order'}: ${issue?.message ?? ''}`.slice(0, 200) };
}

export function isWhat(word: string): word is What {
  return (WHATS as readonly string[]).includes(word);
}

function parsed(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return undefined;
  }
}
