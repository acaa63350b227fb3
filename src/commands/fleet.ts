import { randomInt } from 'node:crypto';
import { natsCluster, oneMosquitto } from '../../hil/fleet-run/brokers.ts';
import { type FleetPlan, type FleetReport, runFleet } from '../../hil/fleet-run/run.ts';
import { type Spread, spreadOf } from '../../hil/fleet-run/spread.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { type Call, type Command, jsonOption, numberOf } from './command.ts';

const DEFAULTS: { readonly [option: string]: number } = { minutes: 0, rate: 200, restarts: 3, every: 10, cuts: 3600 };
const PROCESSES = 2;
const WORKERS = 2;

/** Many boxes in few processes against a broker of their own that goes away and comes back. */
export const command: Command = {
  name: 'fleet',
  usage: '--boxes N [--rate R] [--restarts K] [--minutes M] [--every S] [--cuts S] [--cluster] [--seed N] [--json]',
  summary: t(
    'runs many simulated boxes against a broker that is restarted, and counts what arrives',
    '模拟大量网关，重启服务器，并核对全部记录是否到达',
  ),
  options: {
    boxes: { type: 'string', help: t('how many', '网关数量') },
    rate: {
      type: 'string',
      help: t('most connects a second that the broker may see; 200', '每秒连接数上限，默认 200'),
    },
    restarts: { type: 'string', help: t('of the broker; 3', '服务器重启次数，默认 3') },
    minutes: { type: 'string', help: t('it lasts so long at least', '最短运行分钟数') },
    every: {
      type: 'string',
      help: t('seconds between two records of a box; 10', '每台网关产生记录的平均间隔（秒），默认 10'),
    },
    cuts: {
      type: 'string',
      help: t('seconds between two cuts of the network of a box; 3600', '每台网关断网的平均间隔（秒），默认 3600'),
    },
    cluster: {
      type: 'boolean',
      help: t(
        'against three NATS servers, each killed in its turn, instead of one Mosquitto that is restarted',
        '以三台 NATS 服务器组成的集群代替单台 Mosquitto，逐台强行终止',
      ),
    },
    seed: { type: 'string', help: t('of chance; drawn where left out', '随机种子；省略则随机抽取') },
    json: jsonOption,
  },
  required: ['boxes'],
  positionals: [0, 0],
  exits: {
    1: t(
      'a record is missing, out of order or false, or there were more connects a second than set',
      '有记录丢失、乱序或错误，或每秒连接数超限',
    ),
  },
  async run(call) {
    const plan = planOf(call);
    const perSecond = number(call, 'rate');
    const { retryFirstMs, retryMaxMs } = plan.spread;
    call.remark(`${t('seed', '种子')} ${plan.seed}; retryFirstMs: ${retryFirstMs}, retryMaxMs: ${retryMaxMs}`);
    const brokers = call.values.cluster ? await natsCluster() : await oneMosquitto();
    try {
      const report = await runFleet(plan, brokers, { signal: call.signal, tell: call.remark });
      const ok = isSound(report, perSecond);
      if (call.values.json) call.print(JSON.stringify({ ...plan, ...report, perSecond, ok }));
      else for (const line of linesOf(plan, report, perSecond)) call.print(line);
      return ok ? 0 : 1;
    } finally {
      await brokers.stop();
    }
  },
};

function number(call: Call, option: string, limits: Parameters<typeof numberOf>[2] = { least: 0 }): number {
  return call.values[option] === undefined ? (DEFAULTS[option] ?? 0) : numberOf(call, option, limits);
}

function planOf(call: Call): FleetPlan {
  const boxes = numberOf(call, 'boxes', { whole: true, least: 1 });
  const cutEveryMs = 1000 * number(call, 'cuts', { least: 1 });
  return {
    boxes,
    seed: call.values.seed === undefined ? randomInt(2 ** 40) : numberOf(call, 'seed', { whole: true }),
    restarts: number(call, 'restarts', { whole: true, least: 0 }),
    leastMs: 60_000 * number(call, 'minutes'),
    spread: spreadFor(boxes, number(call, 'rate', { least: 1 }), (1000 * boxes) / cutEveryMs),
    pace: { recordEveryMs: 1000 * number(call, 'every', { least: 0.1 }), cutEveryMs },
    processes: PROCESSES,
    workers: WORKERS,
  };
}

function spreadFor(boxes: number, perSecond: number, strayPerS: number): Spread {
  const spread = spreadOf(boxes, perSecond, strayPerS);
  if (spread) return spread;
  throw new GatewayError({
    code: 'usage',
    op: t('reading --rate', '读取 --rate'),
    where: String(perSecond),
    hint: t('so many boxes need a higher rate, or more brokers', '网关过多：请提高速率，或增加服务器'),
  });
}

function isSound({ verdict, mostConnectsPerS, mostLoggedPerS, trouble }: FleetReport, perSecond: number): boolean {
  const { missing, disordered, false: wrong } = verdict;
  return (
    trouble === null &&
    missing + disordered + wrong === 0 &&
    Math.max(mostConnectsPerS, mostLoggedPerS ?? 0) <= perSecond
  );
}

function linesOf({ boxes }: FleetPlan, report: FleetReport, perSecond: number): string[] {
  const { verdict, gatheredMs } = report;
  const [start = 0, ...returns] = gatheredMs.map((ms) => Math.round(ms / 1000));
  const logged =
    report.mostLoggedPerS === null ? '' : t(`, ${report.mostLoggedPerS} by its log`, `，日志 ${report.mostLoggedPerS}`);
  const kB = (bytes: number) => Math.round(bytes / 1000);
  return [
    t(
      `${boxes} boxes: ${report.made} records made, ${verdict.missing} missing, ${verdict.disordered} out of order, ${verdict.false} false; ${verdict.repeats} repeats`,
      `${boxes} 台网关：产生 ${report.made} 条记录，丢失 ${verdict.missing}，乱序 ${verdict.disordered}，错误 ${verdict.false}；重复 ${verdict.repeats}`,
    ),
    t(
      `connects: ${report.connects}, at most ${report.mostConnectsPerS} in any second${logged}; the limit is ${perSecond}`,
      `连接 ${report.connects} 次，任一秒内最多 ${report.mostConnectsPerS}${logged}；上限 ${perSecond}`,
    ),
    t(
      `all there ${start} s after the start, back ${returns.join(', ')} s after each loss`,
      `启动后 ${start} 秒全部在线；每次中断后 ${returns.join('、')} 秒恢复`,
    ),
    t(
      `${Math.round(report.recordsPerS)} records a second; a box holds ${kB(report.bytesPerBox)} kB and takes ${Math.round(report.cpuMsPerBoxHour)} ms of processor an hour; the broker holds ${kB(report.brokerBytes / 1000)} MB; timers ran up to ${Math.round(report.timersLateMs)} ms late`,
      `每秒 ${Math.round(report.recordsPerS)} 条；每台占 ${kB(report.bytesPerBox)} kB，每小时 CPU ${Math.round(report.cpuMsPerBoxHour)} 毫秒；服务器占 ${kB(report.brokerBytes / 1000)} MB；定时器最多延迟 ${Math.round(report.timersLateMs)} 毫秒`,
    ),
    ...(report.heardAway.some((records) => records > 0)
      ? [
          t(
            `heard while a node was away: ${report.heardAway.join(', ')}`,
            `节点离线期间到达：${report.heardAway.join('、')}`,
          ),
        ]
      : []),
    ...verdict.examples,
    ...(report.trouble === null ? [] : [report.trouble]),
  ];
}
