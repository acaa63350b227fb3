/**
 * An adapter that is pulled and put back again and again, every other time under another name, while its line is read: the time from
 * each return to the first good read, and what each leaves behind in this process.
 */

import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RtuLine } from '../../drivers/modbus/rtu.ts';
import { sleep, systemClock } from '../../src/clock.ts';
import { ScanLoop } from '../../src/scan.ts';
import { Random } from '../lift/random.ts';
import { openAdapter } from '../wire/adapter.ts';
import { quantile } from './edges.ts';
import type { Bench } from './measure.ts';

const BAUD = 115_200;
const SEED = 1;
const TIMES = 100;
/** how long it stays pulled: from less than the first wait for a reopening to more than all of them together */
const PULLED_MS = [50, 2500] as const;
const GOAL_MS = 2000;
/** What a hundred openings may leave on the heap of what code and its optimiser take up once. */
const GOAL_HEAP_KB = 2048;
const GIVE_UP_MS = 10_000;
const LOOK_EVERY_MS = 2;

/** What an adapter that returned cost. */
export interface Replugged {
  /** from each return to the first good read, ms; Infinity where there was none within 10 s */
  readonly resumedMs: readonly number[];
  /** of them, how often the link led to another device than before */
  readonly renamed: number;
  /** read again after the first return, and after the last one */
  readonly descriptors: { readonly before: number; readonly after: number };
  readonly heapKb: { readonly before: number; readonly after: number };
}

/** One more return than `times`: the first is not counted, for it loads code. */
export async function replug(times: number, pulledMs: readonly [number, number], seed: number): Promise<Replugged> {
  const random = new Random(seed);
  const clock = systemClock;
  const adapter = await openAdapter((_unit, _table, _address, count) => Array.from({ length: count }, () => 1), BAUD);
  const line = new RtuLine(
    { path: adapter.byId, baud: BAUD, parity: 'none', stopBits: 1 },
    { bus: 'line', where: adapter.byId, clock, responseTimeoutMs: 300, byteCountBitsOf: () => 8, gapMsOf: () => 0 },
  );
  let readMs = Number.NEGATIVE_INFINITY;
  line.listen({
    chunk: () => undefined,
    exchange: ({ atMs }) => {
      readMs = atMs;
    },
  });
  const slave = {
    ...{ lift: 'a', unit: 1, intervalMs: { fast: 20, slow: 1000 } },
    reads: [{ table: 'holding', address: 0, count: 2, group: 'fast' }] as const,
  };
  const loop = new ScanLoop({
    ...{ line, slaves: [slave], clock, lateReplyWindowMs: 1000, onTrouble: () => undefined },
  });
  loop.start();

  const readAfter = async (fromMs: number) => {
    while (readMs <= fromMs && clock.monoMs() - fromMs < GIVE_UP_MS) await sleep(clock, LOOK_EVERY_MS);
    return readMs > fromMs ? readMs - fromMs : Number.POSITIVE_INFINITY;
  };
  await readAfter(clock.monoMs());
  const resumedMs: number[] = [];
  let renamed = 0;
  let before: ReturnType<typeof left> | null = null;
  for (let time = 0; time <= times; time++) {
    const device = await adapter.device();
    await adapter.pull(time % 2 === 0 ? 'another' : 'the same');
    await sleep(clock, random.between(...pulledMs));
    await adapter.plug();
    const tookMs = await readAfter(clock.monoMs());
    if (!before) {
      before = left();
      continue;
    }
    resumedMs.push(tookMs);
    if ((await adapter.device()) !== device) renamed++;
  }
  const [start, end] = [before ?? left(), left()];
  await loop.stop();
  await line.close();
  await adapter.close();
  return {
    ...{ resumedMs, renamed },
    descriptors: { before: start.descriptors, after: end.descriptors },
    heapKb: { before: start.heapKb, after: end.heapKb },
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function left(): { descriptors: number; heapKb: number } {
  collect();
  return { descriptors: readdirSync('/proc/self/fd').length, heapKb: process.memoryUsage().heapUsed / 1024 };
}

export const bench: Bench = {
  name: 'replug',
  async run() {
    const { resumedMs, renamed, descriptors, heapKb } = await replug(TIMES, PULLED_MS, SEED);
    console.error(`ms from each return to the first good read: ${resumedMs.map(Math.round).join(' ')}`);
    const worstMs = Math.max(...resumedMs);
    const grownKb = heapKb.after - heapKb.before;
    return [
      {
        name: `${resumedMs.length} returns, ${renamed} under another name: the slowest first read (half within ${Math.round(quantile(resumedMs, 0.5))} ms)`,
        ...{ value: worstMs, unit: 'ms', comparedWith: 'the goal', ratio: worstMs / GOAL_MS },
        ...{ goal: `at most ${GOAL_MS} ms, each`, ok: worstMs <= GOAL_MS },
      },
      {
        name: 'descriptors of the process after them',
        ...{ value: descriptors.after, unit: 'open', comparedWith: `the ${descriptors.before} before` },
        ...{
          ratio: descriptors.after / descriptors.before,
          goal: 'equal',
          ok: descriptors.after === descriptors.before,
        },
      },
      {
        name: 'growth of the heap',
        ...{ value: grownKb, unit: 'KiB', comparedWith: 'the heap before', ratio: grownKb / heapKb.before },
        ...{ goal: `at most ${GOAL_HEAP_KB} KiB`, ok: grownKb <= GOAL_HEAP_KB },
      },
    ];
  },
};
