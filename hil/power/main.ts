/**
 * `npm run -s power-cuts -- [--kills 10000] [--cuts 10000] [--seed N]`: kill -9 at that many points of lives of the outbox, and
 * that many power cuts on a disk that loses what was not synced. Exits 1 where something acknowledged was not there.
 */

import { parseArgs } from 'node:util';
import { systemClock } from '../../src/clock.ts';
import { showProgress } from '../../src/commands/command.ts';
import { t } from '../../src/language.ts';
import { cut } from './cuts.ts';
import { killed } from './kills.ts';
import type { Report } from './look.ts';
import { makePlaces } from './places.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10000' },
    cuts: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [kills, cuts, seed] = [Number(values.kills), Number(values.cuts), Number(values.seed)];
const places = makePlaces();
console.log(t(`seed ${seed}`, `种子 ${seed}`));

let failed = 0;

async function section(name: string, run: (progress: (points: number) => void) => Promise<Report>): Promise<void> {
  const began = systemClock.monoMs();
  const report = await run((points) => showProgress(`${name} ${points}`));
  showProgress('');
  for (const problem of report.problems) console.log(problem);
  failed += report.problems.length;
  const seconds = (systemClock.monoMs() - began) / 1000;
  const { points, promised, alarms, withGaps, problems } = report;
  const pace = `${Math.round(seconds)} s, ${Math.round((points * 60) / seconds)}`;
  console.log(
    t(
      `${name} ${points} (${pace} a minute): ${promised} records acknowledged, ${alarms} of them alarms; records evicted at ${withGaps} of the points; problems: ${problems.length}`,
      `${name} ${points} 次（${pace} 次/分钟）：已确认记录 ${promised} 条，其中报警 ${alarms} 条；${withGaps} 次有记录被淘汰；问题：${problems.length}`,
    ),
  );
}

if (kills > 0) await section('kill -9', (progress) => killed({ places, seed, kills, progress }));
if (cuts > 0) await section(t('power cut', '断电'), (progress) => cut({ places, seed, cuts, progress }));
if (failed === 0) places.remove();
else console.log(t(`kept in ${places.folder} and ${places.memory}`, `现场保留在 ${places.folder} 和 ${places.memory}`));
process.exitCode = failed === 0 ? 0 : 1;
