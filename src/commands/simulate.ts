import { join } from 'node:path';
import { simulate } from '../../hil/simulate.ts';
import { loadSite } from '../config/load.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { type Command, jsonOption, numberOf, siteOption } from './command.ts';

/** A seed's life of a lift, with faults injected and counted. */
export const command: Command = {
  name: 'simulate',
  usage: '--seed N --hours H [--site FILE] [--json]',
  summary: t(
    'simulates a lift with faults and counts what was raised, missed and false',
    '模拟电梯并统计故障检出、漏报和误报',
  ),
  options: {
    seed: {
      type: 'string',
      help: t('any whole number; the same seed gives the same life', '任意整数；同一种子结果相同'),
    },
    hours: { type: 'string', help: t('simulated hours', '模拟小时数') },
    site: {
      ...siteOption,
      help: t('the site file; seeds/sites/simulated.yaml where left out', '站点文件；默认 seeds/sites/simulated.yaml'),
    },
    json: jsonOption,
  },
  required: ['seed', 'hours'],
  positionals: [0, 0],
  exits: { 1: t('something was missed or false', '有漏报或误报') },
  async run(call) {
    const loaded = await loadSite(String(call.values.site ?? join(packageRoot, 'seeds/sites/simulated.yaml')));
    const seed = numberOf(call, 'seed', { whole: true });
    const hours = numberOf(call, 'hours', { least: 0.5 });
    const began = process.hrtime.bigint();
    const report = simulate({
      ...{ loaded, seed, hours, mutes: mutesOf(loadCatalogue()) },
      ...(process.stderr.isTTY
        ? { onProgress: (share: number) => process.stderr.write(`\r${Math.round(share * 100)} %`) }
        : {}),
    });
    if (process.stderr.isTTY) process.stderr.write('\r');
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    if (call.values.json) call.print(JSON.stringify({ ...report, seconds }));
    else {
      for (const [fault, row] of Object.entries(report.faults)) {
        const counts = `${String(row.raised).padStart(5)} ${String(row.missed).padStart(6)} ${String(row.false).padStart(5)}`;
        call.print(`${fault.padEnd(28)}${counts}  ${t('worst delay', '最大延迟')} ${row.worstDelayMs.toFixed(0)} ms`);
      }
      for (const problem of report.problems) call.print(problem);
      call.print(
        t(
          `seed ${seed}: ${hours} h in ${seconds.toFixed(1)} s; raised ${report.raised}, missed ${report.missed}, false ${report.false}`,
          `种子 ${seed}：${hours} 小时，用时 ${seconds.toFixed(1)} 秒；检出 ${report.raised}，漏报 ${report.missed}，误报 ${report.false}`,
        ),
      );
    }
    return report.missed + report.false > 0 ? 1 : 0;
  },
};
