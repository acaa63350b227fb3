/** `npm run -s bench -- NAME [--json]`: one line a measure; exits 1 where a stated goal is missed. */

import type { Bench, Measure } from './measure.ts';

const benches: { [name: string]: () => Promise<{ bench: Bench }> } = {
  broker: () => import('./broker.ts'),
  bus: () => import('./bus.ts'),
  delay: () => import('./delay.ts'),
  detect: () => import('./detect.ts'),
  backlog: () => import('./backlog.ts'),
  outbox: () => import('./outbox.ts'),
  replug: () => import('./replug.ts'),
  'ten-million': () => import('./ten-million.ts'),
  uplink: () => import('./uplink.ts'),
  wire: () => import('./wire.ts'),
};

const [name = '', ...words] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  console.error(`usage: npm run -s bench -- NAME [--json]; names: ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  const { bench } = await load();
  const measures = await bench.run();
  for (const measure of measures) console.log(words.includes('--json') ? JSON.stringify(measure) : lineOf(measure));
  process.exitCode = measures.every(({ ok }) => ok) ? 0 : 1;
}

function lineOf({ name, value, unit, comparedWith, ratio, goal, ok }: Measure): string {
  const figure = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
  return `${name}: ${figure} ${unit}; ${ratio.toPrecision(3)} times ${comparedWith}; goal ${goal}: ${ok ? 'met' : 'MISSED'}`;
}
