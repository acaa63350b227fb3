import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { simulateSeeds, type Tally, wilson } from '../../hil/seeds.ts';
import { simulate } from '../../hil/simulate.ts';
import { loadSite } from '../config/load.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { type Call, type Command, jsonOption, numberOf, siteOption } from './command.ts';

/** A seed's life of a lift, with faults injected and counted. */
export const command: Command = {
  name: 'simulate',
  usage: '--seed N --hours H [--seeds COUNT] [--jobs N] [--site FILE] [--json]',
  summary: t(
    'simulates a lift with faults and counts what was raised, missed and false',
    '模拟电梯并统计故障检出、漏报和误报',
  ),
  options: {
    seed: {
      type: 'string',
      help: t('any whole number; the same seed gives the same life', '任意整数；同一种子结果相同'),
    },
    seeds: {
      type: 'string',
      help: t('so many seeds, from that one on, each a life of its own', '从该种子起共模拟多少个种子'),
    },
    jobs: {
      type: 'string',
      help: t('processes to share them out to; as many as there are cores where left out', '并行进程数；默认等于核数'),
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
    if (call.values.seeds !== undefined) return manySeeds(call);
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

/** Each seed in a process of its own, by the same command. */
async function manySeeds(call: Call): Promise<number> {
  const { values, signal } = call;
  const [first, count] = [numberOf(call, 'seed', { whole: true }), numberOf(call, 'seeds', { whole: true, least: 1 })];
  const hours = numberOf(call, 'hours', { least: 0.5 });
  const jobs = values.jobs === undefined ? availableParallelism() : numberOf(call, 'jobs', { whole: true, least: 1 });
  const site = values.site === undefined ? [] : ['--site', String(values.site)];
  const main = process.argv[1] ?? '';
  const began = process.hrtime.bigint();
  const tally = await simulateSeeds({
    ...{ first, count, jobs, signal },
    callOf: (seed) => [
      ...process.execArgv,
      ...[main, 'simulate', '--seed', String(seed), '--hours', String(hours), '--json', ...site],
    ],
    onDone: (done) => process.stderr.isTTY && process.stderr.write(`\r${done} / ${count}`),
  });
  if (process.stderr.isTTY) process.stderr.write('\r');
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  if (values.json) call.print(JSON.stringify({ ...tally, seconds }));
  else for (const line of tallyLines(tally, hours, seconds)) call.print(line);
  return tally.failed.length > 0 ? 1 : 0;
}

function tallyLines({ seeds, hours, faults, failed }: Tally, each: number, seconds: number): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const lines = [
    `${t('fault', '故障').padEnd(28)} raised / done   recall, 95 %        precision, 95 %     worst delay`,
    ...Object.entries(faults).map(([fault, row]) => {
      const found = `${row.raised} / ${row.injected}`.padStart(14);
      const recall = `${percent(wilson(row.raised, row.injected).low)} .. ${percent(wilson(row.raised, row.injected).high)}`;
      const told = row.raised + row.false;
      const right = `${percent(wilson(row.raised, told).low)} .. ${percent(wilson(row.raised, told).high)}`;
      return `${fault.padEnd(28)}${found}   ${recall.padEnd(19)} ${right.padEnd(19)} ${row.worstDelayMs.toFixed(0)} ms`;
    }),
  ];
  for (const { seed, problems } of failed.slice(0, 20)) {
    lines.push(`simulate --seed ${seed} --hours ${each}: ${problems[0] ?? ''}`);
  }
  lines.push(
    t(
      `${seeds} seeds, ${hours} lift-hours in ${seconds.toFixed(0)} s; ${failed.length} seeds with something missed or false`,
      `${seeds} 个种子，${hours} 梯时，用时 ${seconds.toFixed(0)} 秒；${failed.length} 个种子有漏报或误报`,
    ),
  );
  return lines;
}
