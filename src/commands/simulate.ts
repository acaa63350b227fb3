import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { simulateFaultySensor } from '../../hil/faulty-sensor.ts';
import { kindOf } from '../../hil/fleet.ts';
import type { SimulateReport } from '../../hil/score.ts';
import { simulateSeeds, type Tally, tallyOf, together, wilson } from '../../hil/seeds.ts';
import { simulate } from '../../hil/simulate.ts';
import { loadSite } from '../config/load.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { type Call, type Command, jsonOption, numberOf, siteOption } from './command.ts';

/** A seed's life of a lift, with faults injected and counted. */
export const command: Command = {
  name: 'simulate',
  usage: '--seed N --hours H [--seeds COUNT] [--jobs N] [--faulty-sensor] [--fleet] [--site FILE] [--json]',
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
    'faulty-sensor': {
      type: 'boolean',
      help: t(
        'one sensor goes wrong and nothing else: no entrapment may be raised, and the sensor must be named',
        '仅有一个传感器失灵：不得误报困人，并须指出该传感器',
      ),
    },
    fleet: {
      type: 'boolean',
      help: t(
        'each seed draws a lift of its own kind: landings, speed, traffic, and how it is read',
        '每个种子抽取一种电梯：层站、速度、客流和读取方式',
      ),
    },
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
    const { values } = call;
    const seed = numberOf(call, 'seed', { whole: true });
    const hours = numberOf(call, 'hours', { least: 0.5 });
    const began = process.hrtime.bigint();
    const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
    if (values.seeds !== undefined) {
      const tally = await manySeeds(call, seed, hours);
      if (values.json) call.print(JSON.stringify({ ...tally, seconds: seconds() }));
      else for (const line of tallyLines(tally, hours, seconds())) call.print(line);
      return tally.failed.length > 0 ? 1 : 0;
    }
    const life = await lifeOf(call, hours);
    const report = life(seed, (share) => progress(`${Math.round(share * 100)} %`));
    progress('');
    if (values.json) call.print(JSON.stringify({ ...report, seconds: seconds() }));
    else for (const line of reportLines(report, seconds())) call.print(line);
    return report.missed + report.false > 0 ? 1 : 0;
  },
};

/** What one seed is, of the same call whichever process it runs in. */
async function lifeOf({ values }: Call, hours: number) {
  const loaded = await loadSite(String(values.site ?? join(packageRoot, 'seeds/sites/simulated.yaml')));
  const mutes = mutesOf(loadCatalogue());
  const live = values['faulty-sensor'] ? simulateFaultySensor : simulate;
  return (seed: number, onProgress: (share: number) => void) => {
    const kind = values.fleet ? kindOf(seed, loaded, hours) : { loaded, hours };
    return live({ ...kind, mutes, seed, onProgress });
  };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
}

/** Shared out to processes that run the same command with one job; that one simulates them here, one after the other. */
async function manySeeds(call: Call, first: number, hours: number): Promise<Tally> {
  const { values, signal } = call;
  const count = numberOf(call, 'seeds', { whole: true, least: 1 });
  const jobs = values.jobs === undefined ? availableParallelism() : numberOf(call, 'jobs', { whole: true, least: 1 });
  if (jobs === 1) {
    const life = await lifeOf(call, hours);
    return together(Array.from({ length: count }, (_, at) => tallyOf(life(first + at, () => {}))));
  }
  const site = values.site === undefined ? [] : ['--site', String(values.site)];
  const flags = (['faulty-sensor', 'fleet'] as const).flatMap((flag) => (values[flag] ? [`--${flag}`] : []));
  const again = [...process.execArgv, process.argv[1] ?? '', 'simulate', '--hours', String(hours), ...site, ...flags];
  const tally = await simulateSeeds({
    ...{ first, count, jobs, signal },
    callOf: (from, of) => [...again, '--seed', String(from), '--seeds', String(of), '--jobs', '1', '--json'],
    onDone: (done) => progress(`${done} / ${count}`),
  });
  progress('');
  return tally;
}

function reportLines(report: SimulateReport, seconds: number): string[] {
  const { seed, hours, faults, problems } = report;
  const rows = Object.entries(faults).map(([fault, row]) => {
    const counts = `${String(row.raised).padStart(5)} ${String(row.missed).padStart(6)} ${String(row.false).padStart(5)}`;
    return `${fault.padEnd(28)}${counts}  ${t('worst delay', '最大延迟')} ${row.worstDelayMs.toFixed(0)} ms`;
  });
  const sum = t(
    `seed ${seed}: ${hours} h in ${seconds.toFixed(1)} s; raised ${report.raised}, missed ${report.missed}, false ${report.false}`,
    `种子 ${seed}：${hours} 小时，用时 ${seconds.toFixed(1)} 秒；检出 ${report.raised}，漏报 ${report.missed}，误报 ${report.false}`,
  );
  return [...rows, ...problems, sum];
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
    lines.push(`--seed ${seed} --hours ${each}: ${problems[0] ?? ''}`);
  }
  lines.push(
    t(
      `${seeds} seeds, ${hours} lift-hours in ${seconds.toFixed(0)} s; ${failed.length} seeds with something missed or false`,
      `${seeds} 个种子，${hours} 梯时，用时 ${seconds.toFixed(0)} 秒；${failed.length} 个种子有漏报或误报`,
    ),
  );
  return lines;
}
