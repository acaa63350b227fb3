/**
 * How close to the physical limit of a serial line its master reads: polls per second against what both frames, the slave's turnaround
 * and the silence of 3.5 characters before each request leave. The slave notes the times; all masters read the same one.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench, Measure } from './measure.ts';
import { installNodeRed, nodeRed } from './wire-node-red.ts';
import type { WireSeen } from './wire-slave.ts';

const BAUDS = [9600, 19_200, 38_400, 115_200];
const REGISTERS = 2;
const TURNAROUND_MS = 3;
const SECONDS = 4;
/** turn about, so that what else the machine does falls on all alike; the best of them counts, for all alike */
const ROUNDS = 3;
/** from the start of a master to the end of its measure: Node-RED takes 10 s and more to start on a small box */
const PATIENCE_MS = 120_000;
/** the least that mbpoll takes, and it waits so long between a reply and its next request */
const MBPOLL_RATE_MS = '10';
const GOAL = { usual: 0.97, fastest: 0.95 };

type Master = (path: string, baud: number) => ChildProcess;

const module = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const ofOurs =
  (name: string): Master =>
  (path, baud) =>
    spawn(
      process.execPath,
      ['--import', 'tsx', module('./wire-master.ts'), name, path, String(baud), String(REGISTERS)],
      {
        stdio: 'ignore',
      },
    );
const mbpoll: Master = (path, baud) =>
  spawn(
    'mbpoll',
    [
      '-m',
      'rtu',
      '-a',
      '1',
      '-b',
      String(baud),
      '-P',
      'none',
      '-t',
      '4',
      '-r',
      '1',
      '-c',
      String(REGISTERS),
      '-l',
      MBPOLL_RATE_MS,
      path,
    ],
    {
      stdio: 'ignore',
    },
  );

/** null where the master never asked, or not for long enough */
async function seen(master: Master, baud: number): Promise<WireSeen | null> {
  const words = [baud, TURNAROUND_MS, REGISTERS, SECONDS].map(String);
  const slave = spawn(process.execPath, ['--import', 'tsx', module('./wire-slave.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: slave.stdout })[Symbol.asyncIterator]();
  const path = String((await lines.next()).value);
  const asking = master(path, baud);
  const patience = setTimeout(() => slave.kill('SIGKILL'), PATIENCE_MS);
  const { value } = await lines.next();
  clearTimeout(patience);
  asking.kill('SIGKILL');
  return value === undefined ? null : (JSON.parse(value) as WireSeen);
}

const shareOf = ({ cycleMs, serviceMs, silenceMs }: WireSeen) => (serviceMs + silenceMs) / cycleMs;

export const bench: Bench = {
  name: 'wire',
  async run() {
    const masters: { [name: string]: Master } = {
      ours: ofOurs('ours'),
      'modbus-serial alone': ofOurs('modbus-serial'),
    };
    if (spawnSync('mbpoll', ['-V']).status === 0) masters.mbpoll = mbpoll;
    else console.error('NOT RUN: mbpoll (apt-get install mbpoll)');
    const missing = installNodeRed();
    if (missing === null) masters['node-red-contrib-modbus'] = (path, baud) => nodeRed(path, baud, REGISTERS);
    else console.error(`NOT RUN: node-red-contrib-modbus (${missing})`);
    const measures: Measure[] = [];
    for (const baud of BAUDS) {
      const best = new Map<string, WireSeen>();
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, master] of Object.entries(masters)) {
          const one = await seen(master, baud);
          if (one === null) {
            console.error(`NOT RUN: ${name} at ${baud} baud asked nothing`);
            continue;
          }
          const before = best.get(name);
          if (!before || shareOf(one) > shareOf(before)) best.set(name, one);
        }
      }
      const goal = baud > 38_400 ? GOAL.fastest : GOAL.usual;
      for (const [name, one] of best) {
        const share = shareOf(one);
        const isOurs = name === 'ours';
        measures.push({
          name: `${baud} baud, ${name} (${one.tooSoon} of ${one.cycles} requests within 3.5 characters)`,
          ...{ value: 1000 / one.cycleMs, unit: 'polls/s', comparedWith: 'the physical limit', ratio: share },
          goal: isOurs ? `at least ${goal}, every gap kept` : 'none: to compare with',
          ok: !isOurs || (share >= goal && one.tooSoon === 0),
        });
      }
    }
    return measures;
  },
};
