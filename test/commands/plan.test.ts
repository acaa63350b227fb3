import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { command } = await import('../../src/commands/plan.ts');
const { packageRoot } = await import('../../src/package.ts');

async function plan(file: string, json: boolean): Promise<string[]> {
  const lines: string[] = [];
  const exit = await command.run({
    values: { site: join(packageRoot, 'seeds/sites', file), json },
    positionals: [],
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    remark: (line) => lines.push(line),
  });
  assert.is(exit, 0, lines.join('\n'));
  return lines;
}

test('the reads of a serial line, their time on it, and its limit', async () => {
  const lines = await plan('simulated.yaml', false);
  assert.match(lines[0] ?? '', /^bus .+: .+, 9600 8[EN]1$/, 'the line and its form');
  // Nine registers: 8 + 5 + 18 characters, and 3.5 of silence after each frame; 11 bits each at 9600 baud.
  assert.match(lines[1] ?? '', /unit 1 input 0\+9 \(fast, every \d+ ms\): 31 bytes, 43\.5 ms$/, 'a read');
  assert.match(lines[2] ?? '', /moving, .*positionMm/, 'what it tells');
  assert.match(lines.at(-1) ?? '', /its limit: 23\.0 cycles a second/, '1000 / 43.5');
});

test('as JSON: the same figures, and none where the line is no serial one of ours', async () => {
  const [serial] = JSON.parse((await plan('simulated.yaml', true))[0] ?? '[]') as {
    busyShare: number;
    fastCycleMs: number;
    reads: { lineMs: number; intervalMs: number }[];
  }[];
  const read = serial?.reads[0];
  assert.ok(read && Math.abs(serial.busyShare - read.lineMs / read.intervalMs) < 1e-9, 'the share of its only read');
  assert.is(serial.fastCycleMs, read?.lineMs, 'a cycle is one read');
  const [tcp] = JSON.parse((await plan('demo.yaml', true))[0] ?? '[]') as { busyShare: null; reads: unknown[] }[];
  assert.is(tcp?.busyShare, null, 'TCP has no baud');
  assert.ok((tcp?.reads.length ?? 0) > 0, 'but reads');
});

test.run();
