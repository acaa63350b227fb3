/** The right half towards the network: each platform of the site file, with its own place in the outbox. */

import { join } from 'node:path';
import { type AskedBox, startAskable } from './askable.ts';
import type { Site, SiteUplink } from './config/schema.ts';
import { snapshotOf } from './detect/judge.ts';
import type { Board, UplinkBoard } from './interface/board.ts';
import type { ReaderName, StoredRecord } from './outbox/port.ts';
import { startRegional } from './regional/engine.ts';
import { dialectOf } from './uplink/dialects.ts';
import { RunClock } from './uplink/run-clock.ts';

export interface PlatformParts extends AskedBox {
  /** told of records that the first of them has acknowledged */
  onAcknowledged(ids: readonly number[]): void;
  remark(line: string): void;
}

export interface Platforms {
  readonly boards: Pick<Board, 'uplink' | 'maintainerUplink' | 'regionalPlatform'>;
  /** a session with the first of them stands; undefined: there is none */
  readonly online: boolean | undefined;
  /** now and then: notes the wall clock's offset, once it is known */
  look(): void;
  stop(): Promise<void>;
}

/** Beside the city's, which is always one. */
export function readersOf({ maintainerUplink, regionalPlatform }: Site): ReaderName[] {
  return [...(maintainerUplink ? ['maintainer' as const] : []), ...(regionalPlatform ? ['regional' as const] : [])];
}

const OFF: UplinkBoard = {
  state: 'off',
  why: { en: 'no uplink in the site file', zh: '站点文件未配置上传' },
  sent: 0,
};

export function startPlatforms(parts: PlatformParts): Platforms {
  const { site, stateDir, clock, trust, outbox, room, remark } = parts;
  const { lifts } = site;
  const onAcknowledged = (ids: readonly number[]) => parts.onAcknowledged(ids);
  const times = new RunClock({ path: join(stateDir, 'runs.json'), clock, trust: () => trust.now(), remark });
  times.look(outbox.boot);
  const common = { boxId: site.box.id, outbox, clock, remark };
  const mqtt = (uplink: SiteUplink, reader: ReaderName, first: boolean) => {
    const dialect = dialectOf({ ...common, uplink, lifts, stateDir, reader });
    const rebase = (record: StoredRecord) => times.rebase(record);
    return startAskable({ ...common, uplink, reader, dialect, rebase, ...(first && { onAcknowledged }) }, parts);
  };
  const city = site.uplink && mqtt(site.uplink, 'city', true);
  const maintainer = site.maintainerUplink && mqtt(site.maintainerUplink, 'maintainer', false);
  const regional =
    site.regionalPlatform &&
    startRegional({
      ...{ ...common, platform: site.regionalPlatform, lifts, ...(!city && { onAcknowledged }) },
      clockSet: () => ['rtc', 'ntp'].includes(trust.now()),
      snapshot(lift) {
        const state = room.lift(lift)?.state;
        return state ? snapshotOf(state) : {};
      },
    });
  const first = city ?? regional;
  return {
    get boards() {
      return {
        uplink: city?.state ?? OFF,
        maintainerUplink: maintainer?.state ?? null,
        regionalPlatform: regional?.state ?? null,
      };
    },
    get online() {
      return first && first.state.state === 'online';
    },
    look: () => times.look(outbox.boot),
    async stop() {
      await Promise.allSettled([city?.stop(), maintainer?.stop(), regional?.stop()]);
    },
  };
}
