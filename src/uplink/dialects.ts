/** Which dialect an uplink speaks, by its settings. */

import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { SiteUplink } from '../config/schema.ts';
import type { Outbox, ReaderName } from '../outbox/port.ts';
import type { Dialect } from './dialect.ts';
import { plainDialect } from './plain.ts';
import { smallDialect } from './small/dialect.ts';
import { keptBdSeq } from './sparkplug/bd-seq.ts';
import { SparkplugDialect, type SparkplugLift } from './sparkplug/sparkplug.ts';

export interface DialectParts {
  readonly uplink: SiteUplink;
  readonly boxId: string;
  readonly lifts: readonly SparkplugLift[];
  /** where the number of the next connect is kept */
  readonly stateDir: string;
  readonly reader: ReaderName;
  readonly outbox: Pick<Outbox, 'boot'>;
  readonly clock: Clock;
  readonly remark: (line: string) => void;
}

export function dialectOf({ uplink, boxId, lifts, stateDir, reader, outbox, clock, remark }: DialectParts): Dialect {
  const { sparkplug, payload, topicPrefix } = uplink;
  if (sparkplug) {
    const bdSeq = keptBdSeq(join(stateDir, `bd-seq-${reader}`), remark);
    return new SparkplugDialect({ ...sparkplug, box: boxId, lifts, clock, bdSeq });
  }
  const made = payload === 'json' ? plainDialect : smallDialect;
  return made(topicPrefix, boxId, () => outbox.boot);
}
