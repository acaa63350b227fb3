/**
 * `npm run line-faults -- [--seeds 1000] [--hours 24] [--seed 1]`: lives of a line with faults, shared out over the seeds. Exits 1
 * where a value was wrong, a slave did not come back in time, the loop stood still, or more damaged frames passed than a CRC of 16 bits
 * must let pass.
 */

import { parseArgs } from 'node:util';
import { t } from '../../src/language.ts';
import { liveLine } from './life.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, hours, first] = [Number(values.seeds), Number(values.hours), Number(values.seed)];
const seconds = (hours * 3600) / count;
let [exchanges, damaged, passed, failed, recoveryScans, replugMs] = [0, 0, 0, 0, 0, 0];
for (let seed = first; seed < first + count; seed++) {
  const report = await liveLine(seed, seconds);
  exchanges += report.exchanges;
  damaged += report.damaged;
  passed += report.passed;
  recoveryScans = Math.max(recoveryScans, report.recoveryScans);
  replugMs = Math.max(replugMs, report.replugMs);
  if (report.problems.length > 0) failed++;
  for (const problem of report.problems) console.log(`--seeds 1 --hours ${seconds / 3600} --seed ${seed}: ${problem}`);
}
const theory = damaged / 65_536;
// As many as chance gives in one of a thousand runs, and no fewer than are seen once where none is to be expected.
const most = Math.ceil(theory + 3.1 * Math.sqrt(theory) + 1);
console.log(
  t(
    `${count} seeds, ${hours} h: ${exchanges} reads told, ${damaged} damaged replies, ${passed} of them passed (theory ${theory.toFixed(2)}, at most ${most})`,
    `${count} 个种子，${hours} 小时：读取 ${exchanges} 次，损坏应答 ${damaged} 个，其中通过校验 ${passed} 个（理论 ${theory.toFixed(2)}，至多 ${most}）`,
  ),
);
console.log(
  t(
    `longest recovery ${recoveryScans.toFixed(2)} scans, after an unplug ${Math.round(replugMs)} ms; seeds with a problem: ${failed}`,
    `最长恢复 ${recoveryScans.toFixed(2)} 个扫描周期，重新插上后 ${Math.round(replugMs)} 毫秒；有问题的种子：${failed}`,
  ),
);
process.exitCode = failed > 0 || passed > most ? 1 : 0;
