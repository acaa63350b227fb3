/**
 * The family of regional platforms behind one push service: a path for each kind of message, with the number of the lift at its end.
 * Paths, fields and the answer are those of a sender in service (pennason/elevator_mario-master @562729c9, CityTool and
 * MashineToGovernPushInfoConvertor); numbers 1 to 15 are those in which three implementations agree (seeds/faults.yaml). The service
 * is a maker's, between boxes and cities: what a city itself asks for is to check with it.
 */

import type { FaultName, Snapshot } from '../../lift/events.ts';
import type { Json, Live, Place, Post, Region, Told, Verdict } from '../region.ts';
import { chinaTime, descriptionOf, type FaultBody, faultOf, isJson, numberOf, statusOf } from '../words.ts';

/** What a number is called: the flag that is set beside it, and its name. */
export interface CodeName {
  readonly slug: string;
  readonly zh: string;
}

interface Numbers {
  readonly title: Region['title'];
  readonly names: { readonly [code: string]: CodeName };
  readonly codeOf: Region['codeOf'];
  /** of a change of mode; null where it has none */
  modeCodeOf(body: Json): string | null;
}

/** Both limits are ours: that sender hands on whatever comes. */
const THROTTLE_MS = 60_000;
const HEARTBEAT_MS = 300_000;
/** Taken off the life of a token by the sender, so that it is renewed before it ends. */
const EARLY_S = 180;

/** A region of this family: its numbers, their names, and nothing else. */
export function pushRegion(numbers: Numbers): Region {
  return {
    title: numbers.title,
    throttleMs: THROTTLE_MS,
    heartbeatMs: HEARTBEAT_MS,
    access: {
      kind: 'login',
      request: ({ username, password }) => ({
        path: '/api/govern/oauth/token',
        body: { appKey: username, appSecret: password },
      }),
      tokenOf(body) {
        const data = isJson(body) && body.success === true && isJson(body.data) ? body.data : {};
        if (typeof data.accessToken !== 'string' || data.accessToken === '') return null;
        const seconds = numberOf(data.expiresTime);
        return { token: data.accessToken, lifeMs: seconds === null ? null : (seconds - EARLY_S) * 1000 };
      },
    },
    authorization: (token) => `Bearer ${token}`,
    codeOf: numbers.codeOf,
    report: (told) => reportOf(told, numbers),
    live: ({ place, snapshot, nowMs }) => ({
      path: pathOf('running-info', place),
      body: { running: runningOf({ place, snapshot, nowMs }, nowMs) },
    }),
    verdict,
  };
}

function pathOf(kind: string, { registrationNumber }: Place): string {
  return `/api/govern/push/${kind}/${encodeURIComponent(registrationNumber)}`;
}

function reportOf(told: Told, numbers: Numbers): Post | null {
  const { body } = told;
  if (body.type === 'totals') return { path: pathOf('periodic-info', told.place), body: periodicOf(told) };
  const fault = faultOf(body);
  if (fault) return faultReport(told, fault, numbers);
  const code = body.type === 'mode' ? numbers.modeCodeOf(body) : null;
  if (code === null) return null;
  const what = named(told, code, told.id, numbers.names[code]);
  return { path: pathOf('fault-info', told.place), body: { faults: [{ ...what, recovery: 0 }] } };
}

function faultReport(told: Told, fault: FaultBody, numbers: Numbers): Post | null {
  const { place, agreed, wallMs, nowMs, box } = told;
  const own = agreed.faultCodes[fault.fault];
  const code = own ?? numbers.codeOf(fault.fault, fault.codes, fault.snapshot);
  if (code === null) return null;
  const entrapment = fault.fault === 'entrapment';
  const name = (own === undefined ? numbers.names[code] : undefined) ?? { zh: fault.title.zh };
  const what = {
    ...(entrapment && { entrap: 0, entrap2: 0 }),
    // Begin and end carry one number: that of the episode.
    ...named(told, code, `${box}-${fault.id}`, name),
    recovery: fault.phase === 'begin' ? 0 : 1,
  };
  const running = runningOf({ place, snapshot: fault.snapshot, nowMs }, wallMs);
  return {
    path: pathOf(entrapment ? 'fault-entrap-info' : 'fault-info', place),
    body: { faults: [what], running },
  };
}

function named(told: Told, code: string, faultNo: string, name: Partial<CodeName> | undefined): Json {
  return {
    ...liftFields(told.place, told.nowMs, told.wallMs),
    faultNo,
    sourceFaultTypeCode: code,
    sourceFaultTypeName: name?.zh,
    sourceFaultTypeSlug: name?.slug,
    ...(name?.slug !== undefined && { [name.slug]: 1 }),
    remark: descriptionOf(name?.zh ?? code, told),
  };
}

/** Where nobody can say it is taken to be off level, which is the worse of the two. */
function atLevel(snapshot: Snapshot): boolean {
  return snapshot.atLevel === true;
}

function liftFields({ registrationNumber }: Place, nowMs: number, wallMs: number): Json {
  return {
    elevatorCode: registrationNumber,
    deviceRegisterNumber: registrationNumber,
    // 1: a lift; 2: an escalator
    elevatorType: 1,
    currentTime: chinaTime(nowMs),
    collectTime: chinaTime(wallMs),
  };
}

function runningOf({ place, snapshot, nowMs }: Live, wallMs: number): Json {
  const status = statusOf(snapshot, place);
  const { speedMmPerS, overload, machineRoomDoorOpen, brakeReleased } = snapshot;
  return {
    ...liftFields(place, nowMs, wallMs),
    serviceMode: status.serviceMode,
    carDirection: status.carDirection,
    // true at rest, as that sender has it; to check
    carStatus: status.carStatus === undefined ? undefined : status.carStatus === 0,
    doorStatus: status.doorStatus,
    doorCloseStatus: status.doorClosed,
    doorZone: status.doorZone,
    carPosition: status.carPosition,
    passengerStatus: status.passenger,
    carOverload: overload,
    speed: speedMmPerS === undefined ? undefined : Math.abs(speedMmPerS) / 1000,
    machineRoomDoorStatus: machineRoomDoorOpen === undefined ? undefined : !machineRoomDoorOpen,
    liftCarDriveStatus: brakeReleased === undefined ? undefined : Number(brakeReleased),
  };
}

/** Totals since the box first watched the lift; metres and minutes. */
function periodicOf({ body, place, wallMs, nowMs }: Told): Json {
  return {
    ...liftFields(place, nowMs, wallMs),
    totalRunMileage: Math.round(Number(body.distanceMm) / 1000),
    doorOpenCount: body.doorCycles,
    totalRunningTime: Math.floor(Number(body.runningMs) / 60_000),
    totalRunCount: body.trips,
    ropeBendCount: body.ropeBends,
  };
}

/**
 * `{ success, errCode, errMessage, data }` under HTTP 200. The framework behind that shape calls what the caller did wrong
 * BIZ_ERROR, and everything else comes again; which codes the service has of its own is to check.
 */
function verdict(body: unknown): Verdict {
  if (!isJson(body) || typeof body.success !== 'boolean') {
    return { kind: 'later', reason: 'the answer is not that of the platform', afterMs: null };
  }
  if (body.success) return { kind: 'taken' };
  const reason = [body.errCode, body.errMessage].filter((part) => typeof part === 'string').join(' ');
  if (String(body.errCode) === '401') return { kind: 'login', reason };
  return body.errCode === 'BIZ_ERROR' ? { kind: 'refused', reason } : { kind: 'later', reason, afterMs: null };
}

const NAMES: { readonly [code: string]: CodeName } = {
  1: { slug: 'upLimit', zh: '冲顶' },
  2: { slug: 'downLimit', zh: '蹲底' },
  3: { slug: 'overSpeed', zh: '超速' },
  4: { slug: 'openRun', zh: '运行中开门' },
  5: { slug: 'ucmp', zh: '开门走车' },
  6: { slug: 'levelStop', zh: '门区外停梯' },
  7: { slug: 'entrap', zh: '平层关人' },
  8: { slug: 'entrap2', zh: '非平层关人' },
  9: { slug: 'pwrSupply', zh: '停电' },
  10: { slug: 'safety', zh: '安全回路断路' },
  11: { slug: 'notOpen', zh: '开门故障' },
  12: { slug: 'notClose', zh: '关门故障' },
  14: { slug: 'buttonAdhesion', zh: '按钮粘连' },
};

export const platform: Region = pushRegion({
  title: { en: 'regional platform', zh: '区域平台' },
  names: NAMES,
  /** A pair of numbers: at a landing, off level. */
  codeOf(_fault: FaultName | string, { platform: code }, snapshot) {
    const number = Array.isArray(code) ? code[atLevel(snapshot) ? 0 : 1] : code;
    return typeof number === 'number' ? String(number) : null;
  },
  modeCodeOf: () => null,
});
