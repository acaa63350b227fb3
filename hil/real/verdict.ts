/** One recording: what was expected of it, and what came. */

import { type Motion, motionOf } from './motion.ts';
import { directionNamed, parseRecording } from './recording.ts';
import { type Came, throughTheRoom } from './through.ts';

export interface Verdict {
  readonly file: string;
  readonly expected: string;
  readonly came: string;
  /** null where its name says nothing of a run */
  readonly asExpected: boolean | null;
  readonly remark: string | null;
}

/** Null where the file is no recording of acceleration. */
export function verdictOn(file: string, csv: string): Verdict | null {
  const recording = parseRecording(csv);
  if (!recording) return null;
  const motion = motionOf(recording);
  const came = throughTheRoom(motion);
  const named = /not[_ ]?moving/i.test(file) ? 'none' : directionNamed(file);
  const ran = came.trips.map(({ direction }) => direction).join(', ') || 'none';
  return {
    file,
    expected: named === null ? 'its name says nothing' : named === 'none' ? 'no trip' : `one trip ${named}, no fault`,
    came: wordsOf(came, motion),
    asExpected: named === null ? null : ran === named && came.faults.length === 0,
    remark: motion.remark,
  };
}

function wordsOf({ trips, faults }: Came, { axis, runs }: Motion): string {
  const words = trips.map(({ direction, startMs, atMs, topSpeedMmPerS }, at) => {
    const took = `${direction} ${((atMs - startMs) / 1000).toFixed(1)} s`;
    const way = runs[at]?.way;
    if (!way || topSpeedMmPerS === null) return `${took} (${axis})`;
    const drift = Math.round(way.driftShare * 100);
    return `${took}, ${(topSpeedMmPerS / 1000).toFixed(2)} m/s, ${way.distanceM.toFixed(1)} m (${axis}, drift ${drift} %)`;
  });
  return [...(words.length > 0 ? words : ['no trip']), ...faults].join('; ');
}
