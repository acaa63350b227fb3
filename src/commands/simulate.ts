import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { simulateFaultySensor } from '../../hil/faulty-sensor.ts';
import { kindOf } from '../../hil/fleet.ts';
import { pictureOf } from '../../hil/picture.ts';
import { simulateSeeds, type Tally, tallyOf, tallyOfError, together } from '../../hil/seeds.ts';
import { type SimulateOptions, simulate } from '../../hil/simulate.ts';
import { captureOf, siteFileOf, Window } from '../../hil/window.ts';
import { type MonoMs, plus } from '../clock.ts';
import { loadSite } from '../config/load.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { type Call, type Command, jsonOption, numberOf, showProgress, siteOption } from './command.ts';
import { progressOf, reportLines, tallyLines } from './simulate-lines.ts';

/** A seed's life of a lift, with faults injected and counted. */
export const command: Command = {
  name: 'simulate',
  usage:
    '--hours H [--seed N] [--seeds COUNT [--jobs N] [--picture FILE.svg]] [--capture FILE.pcapng --from HH:MM:SS --for SECONDS] ' +
    '[--faulty-sensor] [--fleet] [--site FILE] [--json]',
  summary: t(
    'simulates a lift with faults and counts what was raised, missed and false',
    '模拟电梯并统计故障检出、漏报和误报',
  ),
  options: {
    seed: {
      type: 'string',
      help: t(
        'any whole number; the same seed gives the same life; a fresh one is drawn, and told, where left out',
        '任意整数；同一种子结果相同；省略则随机抽取并显示',
      ),
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
    picture: {
      type: 'string',
      help: t(
        'with --seeds: recall, precision and delay of each fault as SVG',
        '与 --seeds 同用：各故障检出率、准确率和延迟的 SVG 图',
      ),
    },
    capture: {
      type: 'string',
      help: t(
        'a window of one life as a capture, and FILE.site.yaml to replay it with',
        '把一段过程录成文件，并生成回放所需的 FILE.site.yaml',
      ),
    },
    from: { type: 'string', help: t('begin of that window: HH:MM:SS of the life', '该段的开始：模拟时间 HH:MM:SS') },
    for: { type: 'string', help: t('its seconds', '该段的秒数') },
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
  required: ['hours'],
  positionals: [0, 0],
  exits: { 1: t('something was missed or false', '有漏报或误报') },
  async run(call) {
    const { values } = call;
    const hours = numberOf(call, 'hours', { least: 0.5 });
    const seed = values.seed === undefined ? randomInt(2 ** 40) : numberOf(call, 'seed', { whole: true });
    refuseMixed(call);
    const callOf = (one: number) => `hoistway simulate --seed ${one} ${wordsOf(call, hours).join(' ')}`;
    if (values.seed === undefined) call.remark(`${t('seed', '种子')} ${seed}`);
    const began = process.hrtime.bigint();
    const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
    if (values.seeds !== undefined) {
      const tally = await manySeeds(call, seed, hours);
      if (values.json) call.print(JSON.stringify({ first: seed, ...tally, seconds: seconds() }));
      else for (const line of tallyLines(tally, seconds(), callOf)) call.print(line);
      if (values.picture !== undefined) {
        const title = `${callOf(seed)} --seeds ${values.seeds}`;
        const titles = new Map<string, { en: string; zh: string }>(
          Object.entries(loadCatalogue()).map(([fault, row]) => [fault, row.title]),
        );
        const titleOf = (fault: string) => titles.get(fault) ?? null;
        await writeOut(call, 'picture', '', pictureOf({ tally, call: title, seconds: seconds(), titleOf }));
      }
      return tally.failed.length > 0 ? 1 : 0;
    }
    const life = await lifeOf(call, hours);
    const onProgress = (share: number) => showProgress(`${Math.round(share * 100)} %`);
    const window = values.capture === undefined ? null : windowOf(call, life.kindOf(seed).hours);
    const report = life.live(seed, { onProgress, ...(window && { capture: (item, room) => window.add(item, room) }) });
    showProgress('');
    if (values.json) call.print(JSON.stringify({ ...report, seconds: seconds() }));
    else for (const line of reportLines(report, seconds())) call.print(line);
    if (window) {
      const { loaded } = life.kindOf(seed);
      const comment = `${callOf(seed)} --from ${values.from} --for ${values.for}`;
      await writeOut(call, 'capture', '', captureOf(loaded, window.items, comment));
      await writeOut(call, 'capture', '.site.yaml', siteFileOf(loaded, comment));
    }
    return report.missed + report.false > 0 ? 1 : 0;
  },
};

/** The words that say what one seed is, beside the seed. */
function wordsOf({ values }: Call, hours: number): string[] {
  const flags = (['faulty-sensor', 'fleet'] as const).flatMap((flag) => (values[flag] ? [`--${flag}`] : []));
  return ['--hours', String(hours), ...flags, ...(values.site === undefined ? [] : ['--site', String(values.site)])];
}

/** A picture is of many seeds, a capture of one. */
function refuseMixed({ values }: Call): void {
  const refuse = (option: string, hint: string): never => {
    const op = t(`reading --${option}`, `读取 --${option}`);
    throw new GatewayError({ code: 'usage', op, where: String(values[option]), hint });
  };
  if (values.picture !== undefined && values.seeds === undefined) {
    refuse('picture', t('a picture is of many seeds: add --seeds', '图表需要多个种子：请加 --seeds'));
  }
  if (values.capture === undefined) return;
  if (values.seeds !== undefined) {
    refuse('capture', t('a capture is of one seed: leave --seeds out', '录波只针对一个种子：请去掉 --seeds'));
  }
  if (values.from === undefined || values.for === undefined) {
    refuse('capture', t('say which part: --from HH:MM:SS --for SECONDS', '请指定时段：--from HH:MM:SS --for 秒数'));
  }
}

/** `hours`: how long the life is. */
function windowOf(call: Call, hours: number): Window {
  const said = String(call.values.from);
  const [, h, min, s] = /^(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/.exec(said) ?? [];
  const fromMs = ((Number(h) * 60 + Number(min)) * 60 + Number(s)) * 1000;
  const forMs = numberOf(call, 'for', { least: 0.001 }) * 1000;
  const lastMs = hours * 3_600_000 - forMs;
  if (fromMs <= lastMs) return new Window(fromMs as MonoMs, plus(fromMs as MonoMs, forMs));
  throw new GatewayError({
    code: 'usage',
    op: t('reading --from', '读取 --from'),
    where: said,
    hint: t(
      `hours:minutes:seconds, as 02:05:30.5; the life lasts ${hours} h, and the window ends within it`,
      `时:分:秒，如 02:05:30.5；模拟共 ${hours} 小时，时段须在其内`,
    ),
  });
}

/** `option`: which says the path. */
async function writeOut({ values }: Call, option: string, ending: string, content: string | Uint8Array): Promise<void> {
  const path = `${values[option]}${ending}`;
  try {
    await writeFile(path, content);
  } catch (cause) {
    throw new GatewayError({
      code: 'capture-invalid',
      op: t('writing', '写入'),
      where: path,
      hint: t(`give --${option} a path that can be written`, `请为 --${option} 指定可写路径`),
      cause,
    });
  }
}

/** What one seed is, of the same call whichever process it runs in. */
async function lifeOf({ values }: Call, hours: number) {
  const loaded = await loadSite(String(values.site ?? join(packageRoot, 'seeds/sites/simulated.yaml')));
  const mutes = mutesOf(loadCatalogue());
  const lived = values['faulty-sensor'] ? simulateFaultySensor : simulate;
  const kind = (seed: number) =>
    values.fleet ? kindOf(seed, loaded, hours, values['faulty-sensor'] === true) : { loaded, hours };
  const live = (seed: number, told: Pick<SimulateOptions, 'onProgress' | 'capture'>) =>
    lived({ ...kind(seed), mutes, seed, ...told });
  return { kindOf: kind, live };
}

/** Shared out to processes that run the same command with one job; that one simulates them here, one after the other. */
async function manySeeds(call: Call, first: number, hours: number): Promise<Tally> {
  const { values, signal } = call;
  const count = numberOf(call, 'seeds', { whole: true, least: 1 });
  const jobs = values.jobs === undefined ? availableParallelism() : numberOf(call, 'jobs', { whole: true, least: 1 });
  if (jobs === 1) {
    const { live } = await lifeOf(call, hours);
    return together(Array.from({ length: count }, (_, at) => tallyOfLife(first + at, live)));
  }
  const again = [...process.execArgv, process.argv[1] ?? '', 'simulate', ...wordsOf(call, hours)];
  const began = process.hrtime.bigint();
  const tally = await simulateSeeds({
    ...{ first, count, jobs, signal },
    callOf: (from, of) => [...again, '--seed', String(from), '--seeds', String(of), '--jobs', '1', '--json'],
    onDone: (done, { failed }) => {
      // Told at once: of a run of an hour, the first failure can be replayed while the rest goes on.
      showProgress('');
      for (const { seed, problems } of failed) process.stderr.write(`--seed ${seed}: ${problems.join('; ')}\n`);
      showProgress(progressOf(done, count, Number(process.hrtime.bigint() - began) / 1e9));
    },
  });
  showProgress('');
  return tally;
}

/** A life that throws is a seed that failed; the others go on. */
function tallyOfLife(seed: number, live: (seed: number, told: object) => Parameters<typeof tallyOf>[0]): Tally {
  try {
    return tallyOf(live(seed, {}));
  } catch (error) {
    return tallyOfError(seed, error);
  }
}
