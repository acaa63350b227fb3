/** A machine room that moves, for the tests and pictures of the page: the board as a plain function of time. */

import type { Board, LiftBoard } from '../../src/interface/board.ts';

const MARKINGS = ['B1', '1', '2', '3', '5', '6', '7', '8', '9', '10', '11', '12'];
const LANDING_MM = 3300;
const SPEED_MM_PER_S = 1750;
const REST_MS = 9000;

export const wallAtZeroMs = Date.UTC(2026, 2, 14, 6, 0, 0);

/** A lift of twelve landings in ordinary service, known in full, at the lowest landing with its door closed. */
export function fakeLift(id: string, changes: Partial<LiftBoard> = {}): LiftBoard {
  return {
    id,
    registrationNumber: '31105101142020040012',
    rescueLabelNumber: '10382',
    address: '人民路 88 号 3 幢东单元',
    landings: MARKINGS.map((marking, at) => ({ marking, heightMm: at * LANDING_MM })),
    link: 'live',
    mode: 'normal',
    moving: false,
    direction: 'none',
    speedMmPerS: 0,
    positionMm: 0,
    landing: 0,
    doorZone: true,
    doorClosed: true,
    doorOpen: false,
    passenger: false,
    safetyChainClosed: true,
    faults: [],
    ...changes,
  };
}

/** What is left when the controller has gone silent and no input is wired. */
export const UNKNOWN: Partial<LiftBoard> = {
  link: 'silent',
  mode: null,
  moving: null,
  direction: null,
  speedMmPerS: null,
  positionMm: null,
  landing: null,
  doorZone: null,
  doorClosed: null,
  doorOpen: null,
  passenger: null,
  safetyChainClosed: null,
};

export const ENTRAPMENT = {
  fault: 'entrapment',
  sinceWallMs: wallAtZeroMs - 134_000,
  title: { en: 'Entrapment', zh: '困人' },
} as const;

export const SILENT = {
  fault: 'controller-silent',
  sinceWallMs: wallAtZeroMs - 61_000,
  title: { en: 'Controller silent', zh: '控制器无应答' },
} as const;

export const LOST = {
  fault: 'uplink-lost',
  sinceWallMs: wallAtZeroMs - 400_000,
  title: { en: 'Cut off', zh: '已断开' },
} as const;

const OUTSIDE_ZONE = {
  fault: 'stopped-outside-door-zone',
  sinceWallMs: wallAtZeroMs - 134_000,
  title: { en: 'Stopped outside the door zone', zh: '非门区停梯' },
} as const;

export function fakeBoard(changes: Partial<Board> = {}): Board {
  return {
    box: { id: 'renmin-88-3', version: '0.1.0', upMs: 273_600_000, demo: false, faults: [] },
    lifts: [fakeLift('east')],
    buses: [
      {
        id: 'controllers',
        up: true,
        why: '',
        slaves: [{ unit: 1, lift: 'east', ok: 184_203, failed: 2, lastError: null }],
      },
    ],
    outbox: {
      waitingAlarms: 0,
      waitingTelemetry: 3,
      fileBytes: 12_582_912,
      maxBytes: 268_435_456,
      hoursLeft: 686,
      evicted: 0,
      poisoned: 0,
      trouble: null,
    },
    uplink: {
      state: 'online',
      why: { en: 'connected to mqtts://broker.example.org', zh: '已连接 mqtts://broker.example.org' },
      sent: 18_422,
    },
    maintainerUplink: null,
    regionalPlatform: null,
    recent: [],
    ...changes,
  };
}

/** Four lifts: one in ordinary service, one in trouble, one at work, one that nobody can see. */
export function movingBoard(atMs: number, changes: Partial<Board> = {}): Board {
  const recent = Array.from({ length: 14 }, (_, at) => ({
    type: at % 5 === 3 ? 'fault' : 'trip',
    lift: ['east', 'west', 'goods'][at % 3] ?? 'east',
    text:
      at % 5 === 3 ? { en: 'Door held open begins', zh: '门长时间未关 开始' } : { en: 'trip 3 → 9', zh: '运行 3 → 9' },
    wallMs: wallAtZeroMs - (14 - at) * 47_000,
  }));
  return fakeBoard({
    lifts: [
      fakeLift('east', serviceAt(atMs)),
      fakeLift('west', {
        rescueLabelNumber: '10383',
        positionMm: 6.55 * LANDING_MM,
        landing: 6,
        doorZone: false,
        passenger: true,
        safetyChainClosed: false,
        faults: [OUTSIDE_ZONE, ENTRAPMENT],
      }),
      fakeLift('goods', {
        rescueLabelNumber: '10390',
        mode: 'inspection',
        landing: 3,
        positionMm: 3 * LANDING_MM,
        doorClosed: false,
        doorOpen: true,
        passenger: true,
        safetyChainClosed: false,
      }),
      fakeLift('fire', { rescueLabelNumber: '10391', ...UNKNOWN, faults: [SILENT] }),
    ],
    buses: [
      {
        id: 'controllers',
        up: true,
        why: '',
        slaves: [
          { unit: 1, lift: 'east', ok: 184_203 + Math.floor(atMs / 200), failed: 2, lastError: null },
          { unit: 2, lift: 'west', ok: 184_190, failed: 0, lastError: null },
          {
            unit: 4,
            lift: 'fire',
            ok: 90_112,
            failed: 305,
            lastError: 'controllers, unit 4, input registers 0..9: no reply within 300 ms',
          },
        ],
      },
      { id: 'goods-line', up: false, why: '/dev/serial/by-id/usb-FTDI-1: no such port', slaves: [] },
    ],
    recent,
    ...changes,
  });
}

/** A car that runs to and fro over the whole travel, and opens its door at each end. */
function serviceAt(atMs: number): Partial<LiftBoard> {
  const travelMm = (MARKINGS.length - 1) * LANDING_MM;
  const runMs = (travelMm / SPEED_MM_PER_S) * 1000;
  const turn = atMs % (2 * (runMs + REST_MS));
  const up = turn < runMs + REST_MS;
  const ms = up ? turn : turn - runMs - REST_MS;
  if (ms < runMs) {
    const gone = (ms / 1000) * SPEED_MM_PER_S;
    const positionMm = up ? gone : travelMm - gone;
    const speedMmPerS = up ? SPEED_MM_PER_S : -SPEED_MM_PER_S;
    const landing = Math.round(positionMm / LANDING_MM);
    const doorZone = Math.abs(positionMm - landing * LANDING_MM) < 200;
    return { moving: true, direction: up ? 'up' : 'down', speedMmPerS, positionMm, landing, doorZone, passenger: true };
  }
  const restMs = ms - runMs;
  const closed = restMs < 1000 || restMs > 8000;
  return {
    positionMm: up ? travelMm : 0,
    landing: up ? MARKINGS.length - 1 : 0,
    doorClosed: closed,
    doorOpen: !closed && restMs > 2600 && restMs < 6400,
    passenger: restMs < 3500,
  };
}
