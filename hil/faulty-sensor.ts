/**
 * The life of a lift of which one sensor goes wrong, and nothing else: every entrapment that is raised is false, and the
 * sensor is to be named. Reported in the same form as any life, with a row for the sensor and the way in which it went wrong.
 */

import { type MonoMs, monoMs } from '../src/clock.ts';
import { wiringsOf } from '../src/config/wiring.ts';
import type { FaultEvent } from '../src/lift/events.ts';
import { type Defect, drawDefect } from './lift/defects.ts';
import { Random } from './lift/random.ts';
import { NOTHING, raisedAfter, type SimulateReport } from './score.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

/** It goes wrong within the first third of the life; what is wired wrong is so from the start. */
const AT_MOST = 1 / 3;

export function simulateFaultySensor(options: SimulateOptions): SimulateReport {
  const { loaded, seed, hours } = options;
  const random = new Random(seed).fork('defect');
  const [wiring] = wiringsOf(loaded);
  const defect = wiring && drawDefect(Object.keys(wiring.inputs), random);
  if (!defect) throw new Error('a lift without inputs has no sensor to go wrong');
  const installed = defect.way === 'inverted' || defect.way === 'swapped';
  const atMs = monoMs(installed ? 0 : random.between(0, hours * AT_MOST * 3_600_000));
  const begun: FaultEvent[] = [];
  simulate({
    ...options,
    script: (lift) => lift.id === wiring.facts.id && lift.breakSensor(defect, atMs),
    onEvent: (event) => {
      options.onEvent?.(event);
      if (event.type === 'fault' && event.phase === 'begin' && event.lift === wiring.facts.id) begun.push(event);
    },
  });
  return reportOf(options, defect, atMs, begun, wiring.controller ? 'controller' : 'sensors');
}

function reportOf(
  { seed, hours }: SimulateOptions,
  defect: Defect,
  atMs: MonoMs,
  begun: readonly FaultEvent[],
  by: Parameters<typeof raisedAfter>[1],
): SimulateReport {
  const what = `${defect.sensor} ${defect.way}`;
  const first = begun.find(({ fault }) => fault === 'sensor-contradiction');
  const named = first !== undefined && first.atMs >= atMs && isIt(defect, first);
  const trapped = begun.filter(({ fault }) => fault === 'entrapment').length;
  const missed = named ? 0 : 1;
  const told = first === undefined ? 'nothing named' : `first named ${first.sensor} ${first.way}`;
  return {
    ...{ seed, hours, raised: 1 - missed, missed, false: trapped },
    faults: {
      entrapment: { ...NOTHING, false: trapped },
      [what]: named ? raisedAfter(first.atMs - atMs, by) : { ...NOTHING, injected: 1, missed },
    },
    problems: [
      ...(named ? [] : [`${what}: ${told}`]),
      ...(trapped > 0 ? [`${what}: ${trapped} false entrapments`] : []),
    ],
  };
}

/** Of a pair that is swapped either names it. */
function isIt({ sensor, way }: Defect, event: FaultEvent): boolean {
  return event.sensor === sensor || (way === 'swapped' && event.sensor === 'levelLower');
}
