/**
 * Shanghai: real-time state, alarms and statistics by POST, with a token for user name and password. Paths, fields and numbers are
 * those of a sender in service (pennason/elevator_mario-master @562729c9, YidianSender and YidianHttpUtil); the city's own text is
 * not public. Its list of fault numbers is not either, but for entrapment: the others come from the site file.
 */

import type { Json, Live, Post, Region, Told, Verdict } from '../region.ts';
import { chinaTime, descriptionOf, faultOf, isJson, numberOf, statusOf } from '../words.ts';

/** The sender lets four minutes pass between two states of a lift, changed or not. */
const EVERY_MS = 240_000;
/** Where an alarm comes from: S01 police, S02 property, S03 maintainer, S04 Internet of things, S05 phone application. */
const FROM_THINGS = 'S04';

export const shanghai: Region = {
  title: { en: 'Shanghai', zh: '上海' },
  throttleMs: EVERY_MS,
  heartbeatMs: EVERY_MS,
  access: {
    kind: 'login',
    request: ({ username, password }) => ({ path: '/iot/api/v1/login', body: { username, password } }),
    tokenOf(body, nowMs) {
      const result = isJson(body) && body.status === 200 && isJson(body.result) ? body.result : {};
      if (typeof result.token !== 'string' || result.token === '') return null;
      const untilMs = numberOf(result.expirationTime);
      return { token: result.token, lifeMs: untilMs === null ? null : untilMs - nowMs };
    },
  },
  authorization: (token) => token,
  codeOf: (_fault, codes) => (codes.shanghai === null ? null : twoDigits(codes.shanghai)),
  report: (told) => (told.body.type === 'totals' ? statistics(told) : alarm(told)),
  live: ({ place, snapshot, nowMs }) => ({
    path: '/iot/api/v1/iotRealData',
    body: {
      registerNumber: place.registrationNumber,
      ...stateFields({ place, snapshot, nowMs }),
      samplingTime: chinaTime(nowMs),
    },
  }),
  verdict,
};

function twoDigits(code: unknown): string | null {
  const number = numberOf(code);
  return number === null ? null : String(number).padStart(2, '0');
}

/** Begins only: the sender tells nothing of an end. */
function alarm(told: Told): Post | null {
  const { body, place, agreed, wallMs } = told;
  const fault = faultOf(body);
  if (fault === null || fault.phase === 'end') return null;
  const code = agreed.faultCodes[fault.fault] ?? shanghai.codeOf(fault.fault, fault.codes, fault.snapshot);
  if (code === null) return null;
  const time = chinaTime(wallMs);
  return {
    path: '/platform/api/v1/iotAlarms',
    body: {
      alarmId: `${agreed.senderId}-${told.id}`,
      alarmChannel: FROM_THINGS,
      registerNumber: place.registrationNumber,
      occurTime: time,
      failureCode: code,
      eventDesc: descriptionOf(fault.title.zh, told),
      statusCollectTime: time,
      statusDetails: detailsOf(told, fault.snapshot, time),
    },
  };
}

const DETAILS = {
  Passenger_Status: '轿厢内是否有人',
  Door_Close_Status: '关门是否到位',
  Door_Status: '轿门状态',
  Car_Status: '轿厢运行状态',
  Car_Position: '当前楼层',
  Car_Direction: '运行方向',
} as const;

/** The state at the raising as a list of texts; booleans are written True and False. */
function detailsOf({ place, nowMs }: Told, snapshot: Live['snapshot'], time: string): Json[] {
  const fields: Json = stateFields({ place, snapshot, nowMs });
  const speed = snapshot.speedMmPerS;
  const listed = Object.entries(DETAILS).map(([code, name]): [string, string, unknown] => [code, name, fields[code]]);
  const all: [string, string, unknown][] = [
    ['speed', '运行速度', speed === undefined ? undefined : Math.abs(speed) / 1000],
    ...listed,
    ['Package_Time', '数据产生时间', time],
  ];
  return all
    .filter(([, , value]) => value !== undefined)
    .map(([paramCode, paramName, value]) => ({ paramCode, paramName, paramValue: textOf(value) }));
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

function stateFields({ place, snapshot }: Live) {
  const { overload, brakeReleased, machineRoomDoorOpen } = snapshot;
  const status = statusOf(snapshot, place);
  return {
    Service_Mode: status.serviceMode,
    Car_Status: status.carStatus,
    Car_Direction: status.carDirection,
    Door_Zone: status.doorZone,
    Car_Position: status.carPosition,
    Passenger_Status: status.passenger,
    Door_Close_Status: status.doorClosed,
    Door_Status: status.doorStatus,
    Car_Overload: overload,
    // 0 standby, 1 brake lifted. When the brake is told to be applied the sender says 0 too, and never 2.
    Lift_Car_Drive_Status: brakeReleased === undefined ? undefined : Number(brakeReleased),
    // true: closed
    Machine_Room_Door_Status: machineRoomDoorOpen === undefined ? undefined : !machineRoomDoorOpen,
  };
}

/** Totals since the box first watched the lift; hours and metres. */
function statistics({ body, place, wallMs }: Told): Post {
  const { doorCycles, runningMs, trips, ropeBends, distanceMm } = body;
  return {
    path: '/iot/api/v1/iotStatisticsData',
    body: {
      registerNumber: place.registrationNumber,
      Door_Open_Count: doorCycles,
      Total_Running_Time: Math.floor(Number(runningMs) / 3_600_000),
      Present_Counter_Value: trips,
      Rope_Bend_Count: ropeBends,
      Lift_Mileage: Math.round(Number(distanceMm) / 1000),
      samplingTime: chinaTime(wallMs),
    },
  };
}

/** `{ status, message, result }` under HTTP 200. 200 and 401 are seen in the sender; that other 4xx are as in HTTP is to check. */
function verdict(body: unknown): Verdict {
  const status = isJson(body) ? numberOf(body.status) : null;
  if (status === null || !isJson(body))
    return { kind: 'later', reason: 'the answer is not that of the platform', afterMs: null };
  const reason = `${status} ${typeof body.message === 'string' ? body.message : ''}`.trim();
  if (status === 200) return { kind: 'taken' };
  if (status === 401) return { kind: 'login', reason };
  return [400, 409, 413, 422].includes(status) ? { kind: 'refused', reason } : { kind: 'later', reason, afterMs: null };
}
