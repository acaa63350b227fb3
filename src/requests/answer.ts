/** What a box answers, and what it shows live, as schemas; asyncapi.yaml of the uplink says the same (a test holds the two together). */

import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const whole = v.pipe(v.number(), v.integer());
const pair = v.looseObject({ en: text, zh: text });

export const answerSchema = v.looseObject({
  type: v.literal('response'),
  box: text,
  id: v.nullable(text),
  ok: v.boolean(),
  last: v.boolean(),
  // of a refusal
  reason: v.optional(text),
  said: v.optional(pair),
  detail: v.optional(v.string()),
  nonce: v.optional(text),
  // live
  minutes: v.optional(whole),
  topic: v.optional(text),
  // resend
  sent: v.optional(whole),
  missing: v.optional(v.array(v.array(whole))),
  // evidence
  capture: v.optional(text),
  bytes: v.optional(whole),
  sha256: v.optional(text),
  offset: v.optional(whole),
  length: v.optional(whole),
  data: v.optional(v.string()),
  // self-test, doctor
  checks: v.optional(
    v.array(v.looseObject({ name: text, pass: v.boolean(), found: v.string(), hint: v.optional(pair) })),
  ),
  report: v.optional(v.looseObject({})),
});
export type Answer = v.InferOutput<typeof answerSchema>;

export const liveSchema = v.looseObject({
  type: v.literal('live'),
  box: text,
  wallMs: whole,
  clockTrust: v.picklist(['unset', 'rtc', 'ntp', 'stepped']),
  leftMs: whole,
  lifts: v.array(v.looseObject({ id: text })),
});
export type LiveMessage = v.InferOutput<typeof liveSchema>;

/** null: no answer of a box */
export function readAnswer(payload: Uint8Array): Answer | null {
  return read(answerSchema, payload);
}

export function readLive(payload: Uint8Array): LiveMessage | null {
  return read(liveSchema, payload);
}

function read<S extends v.GenericSchema>(schema: S, payload: Uint8Array): v.InferOutput<S> | null {
  try {
    const result = v.safeParse(schema, JSON.parse(Buffer.from(payload).toString('utf8')));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
