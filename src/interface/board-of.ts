/** The board as it is now, put together from the parts of the running box. */

import type { BoxFaultName } from '../box/faults.ts';
import type { BoxWatch } from '../box/watch.ts';
import type { Clock } from '../clock.ts';
import { type Drift, driftVerb, driftWords } from '../condition/words.ts';
import type { Site, SiteLift } from '../config/schema.ts';
import type { Catalogue } from '../detect/catalogue.ts';
import type { Episode } from '../detect/judge.ts';
import type { FaultName } from '../lift/events.ts';
import type { ServiceMode } from '../lift/signals.ts';
import type { LineLoop } from '../loop.ts';
import { bytesForOutage } from '../outbox/budget.ts';
import type { OutboxStats, StoredRecord } from '../outbox/port.ts';
import { packageVersion } from '../package.ts';
import type { Room } from '../room.ts';
import type { Board, FaultBoard, LiftBoard, UplinkBoard } from './board.ts';

export interface BoardParts {
  readonly site: Site;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly room: Room;
  readonly box: Pick<BoxWatch, 'open'>;
  readonly loops: readonly LineLoop[];
  readonly stats: OutboxStats | null;
  readonly uplink: UplinkBoard;
  readonly maintainerUplink: UplinkBoard | null;
  readonly regionalPlatform: UplinkBoard | null;
  readonly recent: Board['recent'];
  readonly startedMs: number;
  readonly demo: boolean;
}

export function boardOf(parts: BoardParts): Board {
  const { site, clock, loops, stats, uplink, maintainerUplink, regionalPlatform, recent } = parts;
  return {
    box: {
      ...{ id: site.box.id, version: packageVersion, upMs: clock.monoMs() - parts.startedMs, demo: parts.demo },
      faults: faultsOf<BoxFaultName>(parts.box.open, parts),
    },
    lifts: site.lifts.map((lift) => liftBoard(lift, parts)),
    buses: loops.map((loop) => ({
      id: loop.line.bus,
      ...loop.line.state,
      slaves: loop.slaves.map((slave) => ({
        unit: slave.unit,
        lift: slave.lift,
        ...(loop.counts.get(slave) ?? { ok: 0, failed: 0, lastError: null }),
      })),
    })),
    outbox: {
      waitingAlarms: stats?.waiting.alarm ?? 0,
      waitingTelemetry: stats?.waiting.telemetry ?? 0,
      fileBytes: stats?.fileBytes ?? 0,
      ...roomOf(site, stats?.fileBytes ?? 0),
      evicted: stats?.evicted ?? 0,
      poisoned: stats?.poisoned ?? 0,
      trouble: stats?.trouble ?? null,
    },
    uplink,
    maintainerUplink,
    regionalPlatform,
    recent,
  };
}

/** In bytes, and in hours of the outage that the site file asks for. */
function roomOf({ outbox, lifts }: Site, fileBytes: number): Pick<Board['outbox'], 'maxBytes' | 'hoursLeft'> {
  const maxBytes = bytesForOutage(outbox.outageHours, lifts.length);
  return { maxBytes, hoursLeft: Math.round(outbox.outageHours * Math.max(0, 1 - fileBytes / maxBytes)) };
}

function faultsOf<Name extends FaultName | BoxFaultName>(
  open: { readonly [key: string]: Episode },
  { clock, catalogue }: BoardParts,
): FaultBoard<Name>[] {
  const wallAtZeroMs = clock.wallMs() - clock.monoMs();
  return Object.entries(open).map(([key, { beganMs }]) => {
    const [fault, subject] = key.split(':') as [Name, string?];
    return {
      fault,
      ...(subject === undefined ? {} : { subject }),
      sinceWallMs: Math.round(wallAtZeroMs + beganMs),
      title: catalogue[fault].title,
    };
  });
}

function liftBoard(lift: SiteLift, parts: BoardParts): LiftBoard {
  const watched = parts.room.lift(lift.id);
  const lowestMm = lift.landings[0]?.heightMm ?? 0;
  const landings = lift.landings.map(({ marking, heightMm }) => ({ marking, heightMm: heightMm - lowestMm }));
  const state = watched?.state;
  const landing = state?.landing.value ?? null;
  return {
    id: lift.id,
    registrationNumber: lift.registrationNumber,
    rescueLabelNumber: lift.rescueLabelNumber,
    address: lift.address,
    landings,
    link: state?.link ?? 'none',
    mode: state?.mode.value ?? null,
    moving: state?.moving.value ?? null,
    direction: state?.direction.value ?? null,
    speedMmPerS: state?.speedMmPerS.value ?? null,
    positionMm: state?.positionMm.value ?? (landing === null ? null : (landings[landing]?.heightMm ?? null)),
    landing,
    doorZone: state?.doorZone.value ?? null,
    doorClosed: state?.doorClosed.value ?? null,
    doorOpen: state?.doorOpen.value ?? null,
    passenger: state?.passenger.value ?? null,
    safetyChainClosed: state?.safetyChainClosed.value ?? null,
    faults: faultsOf<FaultName>(watched?.open ?? {}, parts),
  };
}

const RECENT = 40;

const MODES_ZH: { readonly [M in ServiceMode]: string } = {
  stopped: '停止服务',
  normal: '正常',
  inspection: '检修',
  'fire-recall': '消防返回',
  firefighter: '消防员',
  'emergency-power': '应急电源',
  earthquake: '地震',
  unknown: '未知',
};

/** The last events that were stored, newest last, in words. */
export class Recent {
  readonly rows: Board['recent'][number][] = [];
  readonly #catalogue: Catalogue;
  readonly #boxId: string;
  readonly #markings: ReadonlyMap<string, readonly string[]>;

  constructor(catalogue: Catalogue, site: Site) {
    this.#catalogue = catalogue;
    this.#boxId = site.box.id;
    this.#markings = new Map(site.lifts.map(({ id, landings }) => [id, landings.map(({ marking }) => marking)]));
  }

  add({ body, lift }: Pick<StoredRecord, 'body' | 'lift'>): void {
    const text = this.#text(body, this.#markings.get(lift ?? '') ?? []);
    if (!text) return;
    this.rows.push({ type: String(body.type), lift: lift ?? this.#boxId, text, wallMs: Number(body.wallMs) });
    if (this.rows.length > RECENT) this.rows.shift();
  }

  #text(body: StoredRecord['body'], markings: readonly string[]): { en: string; zh: string } | null {
    switch (body.type) {
      case 'fault':
      case 'box-fault': {
        const { title } = this.#catalogue[body.fault as FaultName | BoxFaultName];
        const [en, zh] = body.phase === 'begin' ? ['begins', '开始'] : ['ends', '结束'];
        return { en: `${title.en} ${en}`, zh: `${title.zh} ${zh}` };
      }
      case 'mode':
        return { en: `mode: ${body.mode}`, zh: `模式：${MODES_ZH[body.mode as ServiceMode]}` };
      case 'trip': {
        const [from, to] = [body.from, body.to].map((landing) => markings[Number(landing ?? Number.NaN)] ?? '?');
        return { en: `trip ${from} → ${to}`, zh: `运行 ${from} → ${to}` };
      }
      case 'condition': {
        const landing = markings[Number(body.landing ?? Number.NaN)];
        const drift: Drift = { ...(body as unknown as Drift), ...(landing === undefined ? {} : { landing }) };
        const [is, { en, zh }] = [driftVerb(drift), driftWords(drift)];
        const over = drift.phase === 'end';
        return { en: `${over ? `${is.en}: ` : ''}${en}`, zh: `${over ? `${is.zh}：` : ''}${zh}` };
      }
      default:
        return null;
    }
  }
}
