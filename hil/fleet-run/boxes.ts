/** A process that holds many boxes of the fleet. It is told what to do, and tells how it stands, as messages to its parent. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sleep, systemClock } from '../../src/clock.ts';
import { Random } from '../lift/random.ts';
import { type BoxPlan, FleetBox, type Pace } from './box.ts';

export type Order =
  | { readonly type: 'begin'; readonly boxes: readonly BoxPlan[]; readonly pace: Pace; readonly seed: number }
  /** count from now which boxes have been there */
  | { readonly type: 'mark'; readonly mark: number }
  /** no more records */
  | { readonly type: 'rest' }
  /** say goodbye to the broker, report, and end */
  | { readonly type: 'end' };

export interface Standing {
  readonly type: 'standing';
  /** boxes that have had a session since this mark: the network of a few is away at any time */
  readonly mark: number;
  readonly there: number;
  /** records made, and acknowledged by the broker */
  readonly made: number;
  readonly sent: number;
}

export interface Report {
  readonly type: 'report';
  readonly boxes: readonly { readonly box: string; readonly boot: string; readonly records: number }[];
  /** moments at which a box tried to connect, by the clock of the machine */
  readonly connectsAtMs: readonly number[];
  /** of this process: above what it held before its boxes */
  readonly grownBytes: number;
  readonly cpuMs: number;
  /** the latest that a timer ran: what is due meanwhile comes at once, as it never would from boxes each on its own */
  readonly lateMs: number;
}

const TELL_EVERY_MS = 250;

const boxes: FleetBox[] = [];
const there = new Set<FleetBox>();
let mark = 0;
const connectsAtMs: number[] = [];
const late = monitorEventLoopDelay({ resolution: 10 });
const emptyBytes = process.memoryUsage.rss();

process.on('message', (order: Order) => {
  switch (order.type) {
    case 'begin':
      void begin(order);
      break;
    case 'mark':
      mark = order.mark;
      there.clear();
      break;
    case 'rest':
      for (const box of boxes) box.rest();
      break;
    case 'end':
      void end();
      break;
  }
});
process.on('disconnect', () => process.exit(1));

async function begin({ boxes: plans, pace, seed }: Extract<Order, { type: 'begin' }>): Promise<void> {
  late.enable();
  const parts = { clock: systemClock, random: new Random(seed), onConnect: (atMs: number) => connectsAtMs.push(atMs) };
  void tell();
  for (const plan of plans) {
    boxes.push(new FleetBox(plan, pace, parts));
    // Made all at once, those that were made first would all be late at the same time.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function tell(): Promise<void> {
  for (;;) {
    const sum = (of: (box: FleetBox) => number) => boxes.reduce((total, box) => total + of(box), 0);
    for (const box of boxes) if (box.online) there.add(box);
    say({ mark, there: there.size, made: sum(({ made }) => made), sent: sum(({ sent }) => sent) });
    await sleep(systemClock, TELL_EVERY_MS);
  }
}

async function end(): Promise<void> {
  const grownBytes = process.memoryUsage.rss() - emptyBytes;
  await Promise.all(boxes.map((box) => box.stop()));
  const { user, system } = process.cpuUsage();
  const report: Report = {
    type: 'report',
    boxes: boxes.map(({ id, boot, made }) => ({ box: id, boot, records: made })),
    ...{ connectsAtMs, grownBytes, cpuMs: (user + system) / 1000, lateMs: late.max / 1e6 },
  };
  process.send?.(report, () => process.exit(0));
}

function say(standing: Omit<Standing, 'type'>): void {
  process.send?.({ type: 'standing', ...standing } satisfies Standing);
}
