/**
 * The shapes of what is sent, as schemas. Decoding checks with them, and asyncapi.yaml says the same to platform
 * developers (a test holds the two together). Objects are open: a newer box may say more.
 */

import * as v from 'valibot';
import { SEVERITIES } from '../detect/catalogue.ts';
import { DIRECTIONS, SERVICE_MODES, SIGNALS } from '../lift/signals.ts';

const text = v.pipe(v.string(), v.minLength(1));
const whole = v.pipe(v.number(), v.integer());
/** Open, unlike the other lists: a newer box may know more faults, and none of them may go unread. */
const faultName = text;
const wholeOrNull = v.nullable(whole);

const pair = v.looseObject({ en: text, zh: text });

/** (box, boot, seq) names a record for ever: a repeat carries the same three. */
const seal = { box: text, boot: text, seq: v.pipe(v.number(), v.integer(), v.minValue(1)) };

/** On every event. `wallMs` is the box's wall clock at `atMs`, as far as `clockTrust` goes. */
const when = { atMs: whole, wallMs: whole, clockTrust: v.picklist(['unset', 'rtc', 'ntp', 'stepped', 'rebased']) };
/** On every event of a lift. */
const ofLift = { lift: text, registrationNumber: text, ...when };
/** On every event of the alarm lane. */
const alarm = { unstored: v.optional(v.boolean()) };
/** Where the rescuer or the maintainer goes. */
const place = { rescueLabelNumber: text, address: text, ...alarm };

/** On every fault, from the catalogue. */
const row = {
  severity: v.picklist(SEVERITIES),
  title: pair,
  codes: v.looseObject({
    gb: wholeOrNull,
    bacnet: wholeOrNull,
    // An older box says only the two above.
    gb38656: v.optional(wholeOrNull),
    chongqing: v.optional(wholeOrNull),
    shanghai: v.optional(wholeOrNull),
    platform: v.optional(v.union([whole, v.array(whole), v.null()])),
  }),
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
    fault: faultName,
    subject: v.optional(text),
    sensor: v.optional(text),
    way: v.optional(text),
    beganMs: whole,
    snapshot,
    ...ofLift,
    ...place,
    ...row,
    capture: v.optional(text),
  }),
  mode: v.looseObject({
    ...seal,
    type: v.literal('mode'),
    mode: v.picklist(SERVICE_MODES),
    was: v.nullable(v.picklist(SERVICE_MODES)),
    mutes: v.array(faultName),
    ...ofLift,
    ...place,
  }),
  trip: v.looseObject({
    ...seal,
    type: v.literal('trip'),
    startMs: whole,
    from: wholeOrNull,
    to: wholeOrNull,
    direction: v.picklist(DIRECTIONS),
    distanceMm: v.nullable(v.number()),
    topSpeedMmPerS: v.nullable(v.number()),
    passenger: v.nullable(v.boolean()),
    // Boxes before it was told have it not.
    levelErrorMm: v.optional(v.nullable(v.number())),
    ...ofLift,
  }),
  'door-cycle': v.looseObject({
    ...seal,
    type: v.literal('door-cycle'),
    startMs: whole,
    landing: wholeOrNull,
    openingMs: v.nullable(v.number()),
    closingMs: v.nullable(v.number()),
    reversals: whole,
    relevels: whole,
    ...ofLift,
  }),
  rescue: v.looseObject({
    ...seal,
    type: v.literal('rescue'),
    id: text,
    raisedMs: whole,
    acknowledgedAfterMs: wholeOrNull,
    technicianAfterMs: wholeOrNull,
    technicianBy: v.nullable(v.picklist(['inspection', 'machine-room-door'])),
    doorsOpenAfterMs: wholeOrNull,
    passengerOutAfterMs: wholeOrNull,
    backInServiceAfterMs: wholeOrNull,
    ...ofLift,
    ...place,
  }),
  condition: v.looseObject({
    ...seal,
    type: v.literal('condition'),
    phase: v.picklist(['begin', 'end']),
    id: text,
    condition: text,
    subject: v.optional(text),
    landing: v.optional(whole),
    beganMs: whole,
    normal: v.number(),
    now: v.number(),
    unit: text,
    changePercent: v.number(),
    samples: whole,
    ...ofLift,
    ...place,
    title: v.optional(pair),
    next: v.optional(pair),
  }),
  totals: v.looseObject({
    ...seal,
    type: v.literal('totals'),
    trips: whole,
    doorCycles: whole,
    relevels: whole,
    ropeBends: whole,
    runningMs: whole,
    distanceMm: whole,
    watchedMs: whole,
    availability: v.nullable(v.number()),
    meanTimeBetweenFaultsMs: wholeOrNull,
    ...ofLift,
  }),
  // What is left of telemetry that had to go for want of space.
  digest: v.looseObject({
    ...seal,
    type: v.literal('digest'),
    fromMs: whole,
    of: v.record(text, whole),
    distanceMm: v.number(),
    runningMs: v.number(),
    ...ofLift,
  }),
  'alarm-test': v.looseObject({
    ...seal,
    type: v.literal('alarm-test'),
    working: v.boolean(),
    ...ofLift,
    ...place,
  }),
  'box-fault': v.looseObject({
    ...seal,
    type: v.literal('box-fault'),
    phase: v.picklist(['begin', 'end']),
    id: text,
    fault: faultName,
    beganMs: whole,
    ...when,
    ...row,
    ...alarm,
  }),
  gap: v.looseObject({
    ...seal,
    type: v.literal('gap'),
    gapBoot: text,
    firstSeq: whole,
    lastSeq: whole,
    count: whole,
  }),
};

/** What else the box says of itself, and types that a newer box may bring. */
export const otherSchema = v.looseObject({ ...seal, type: text });

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
export type KnownType = keyof typeof messageSchemas;
export type MessageOf<T extends KnownType> = v.InferOutput<(typeof messageSchemas)[T]>;
export type OtherMessage = v.InferOutput<typeof otherSchema>;
