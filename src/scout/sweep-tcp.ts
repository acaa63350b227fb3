/** The units behind a Modbus TCP address. There is no setting to find and no other master to hear. */

import { sleep } from '../clock.ts';
import type { ModbusLine } from '../ports.ts';
import { type Asker, PAUSE_MS } from './asker.ts';
import { Asking, type ScoutOptions } from './asking.ts';
import type { Scouted } from './sweep.ts';

/** A line that lost its connection is back within this, or is gone. */
const BACK_WITHIN_MS = 6000;

/** Rejects with the reason where the address cannot be reached. */
export async function sweepUnits(
  options: ScoutOptions,
  asker: Asker & { readonly sent: number },
  line: Pick<ModbusLine, 'state'>,
): Promise<Scouted> {
  const asking = new Asking(options);
  for (const unit of options.units) {
    await untilUp(options, line);
    if (asking.over) break;
    asking.progress('ask', null, unit);
    // A connection that was given up for its silence comes back; that unit stays silent.
    await asking.unit(asker, unit, 0);
  }
  const end = asking.over ?? 'whole';
  for (let tries = 0; tries < 2; tries++) {
    await untilUp(options, line);
    if (await asking.examineFound(asker, null)) break;
  }
  const { slaves, foundCount } = asking;
  const counts = { answering: foundCount, settingsAsked: 0, requestsSent: asker.sent };
  return { end, settings: null, slaves, asks: [], unclear: [], ...counts };
}

async function untilUp({ clock, signal }: ScoutOptions, line: Pick<ModbusLine, 'state'>): Promise<void> {
  for (let waitedMs = 0; !line.state.up && !signal.aborted; waitedMs += PAUSE_MS) {
    if (waitedMs >= BACK_WITHIN_MS) throw new Error(line.state.why);
    await sleep(clock, PAUSE_MS);
  }
}
