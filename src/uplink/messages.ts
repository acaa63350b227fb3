/**
 * The shapes of what is sent, as schemas. Decoding checks with them, and asyncapi.yaml says the same to platform
 * developers (a test holds the two together). Objects are open: a newer box may say more.
 */

import * as v from 'valibot';
import { FAULTS } from '../lift/events.ts';
import { DIRECTIONS, SERVICE_MODES, SIGNALS } from '../lift/signals.ts';

const whole = v.pipe(v.number(), v.integer());
const wholeOrNull = v.nullable(whole);
const text = v.pipe(v.string(), v.minLength(1));

/** (box, boot, seq) names a record for ever: a repeat carries the same three. */
const seal = { box: text, boot: text, seq: v.pipe(v.number(), v.integer(), v.minValue(1)) };

/** Which lift, where the rescuer goes, and when by the clock on the wall: on every fault, allowed on the rest. */
const context = {
  registrationNumber: text,
  rescueLabelNumber: text,
  address: text,
  wallMs: whole,
  clockTrust: v.picklist(['unset', 'rtc', 'ntp', 'stepped']),
  severity: text,
  title: v.looseObject({ en: text, zh: text }),
};
const contextOrNot = {
  registrationNumber: v.optional(context.registrationNumber),
  rescueLabelNumber: v.optional(context.rescueLabelNumber),
  address: v.optional(context.address),
  wallMs: v.optional(context.wallMs),
  clockTrust: v.optional(context.clockTrust),
  severity: v.optional(context.severity),
  title: v.optional(context.title),
};

const SIGNAL_SCHEMAS = {
  flag: v.boolean(),
  number: v.number(),
  mode: v.picklist(SERVICE_MODES),
  direction: v.picklist(DIRECTIONS),
};
const snapshot = v.looseObject({
  ...Object.fromEntries(
    Object.entries(SIGNALS).map(([name, { kind }]) => [name, v.optional<v.GenericSchema>(SIGNAL_SCHEMAS[kind])]),
  ),
  atLevel: v.optional(v.boolean()),
});

export const messageSchemas = {
  fault: v.looseObject({
    ...seal,
    type: v.literal('fault'),
    phase: v.picklist(['begin', 'end']),
    id: text,
    lift: text,
    fault: v.picklist(FAULTS),
    subject: v.optional(text),
    atMs: whole,
    beganMs: whole,
    snapshot,
    ...context,
  }),
  mode: v.looseObject({
    ...seal,
    type: v.literal('mode'),
    lift: text,
    atMs: whole,
    mode: v.picklist(SERVICE_MODES),
    was: v.nullable(v.picklist(SERVICE_MODES)),
    mutes: v.array(v.picklist(FAULTS)),
    ...contextOrNot,
  }),
  trip: v.looseObject({
    ...seal,
    type: v.literal('trip'),
    lift: text,
    atMs: whole,
    startMs: whole,
    from: wholeOrNull,
    to: wholeOrNull,
    direction: v.picklist(DIRECTIONS),
    distanceMm: v.nullable(v.number()),
    topSpeedMmPerS: v.nullable(v.number()),
    passenger: v.nullable(v.boolean()),
    ...contextOrNot,
  }),
  'door-cycle': v.looseObject({
    ...seal,
    type: v.literal('door-cycle'),
    lift: text,
    atMs: whole,
    startMs: whole,
    landing: wholeOrNull,
    openingMs: v.nullable(v.number()),
    closingMs: v.nullable(v.number()),
    reversals: whole,
    ...contextOrNot,
  }),
  gap: v.looseObject({
    ...seal,
    type: v.literal('gap'),
    gapBoot: text,
    firstSeq: whole,
    lastSeq: whole,
    count: whole,
    ...contextOrNot,
  }),
};

/** What else the box says of itself, and types that a newer box may bring. */
export const otherSchema = v.looseObject({ ...seal, type: text, atMs: v.optional(whole), ...contextOrNot });

/** Retained, so that who comes later knows too. `why`: the box was stopped, or its line was lost (the last will). */
export const statusSchema = v.looseObject({
  type: v.literal('status'),
  box: text,
  boot: text,
  online: v.boolean(),
  version: text,
  why: v.optional(v.picklist(['stopped', 'lost'])),
});

export type StatusMessage = v.InferOutput<typeof statusSchema>;
export type RecordMessage =
  | v.InferOutput<(typeof messageSchemas)[keyof typeof messageSchemas]>
  | v.InferOutput<typeof otherSchema>;
