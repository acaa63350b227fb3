import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { readAll } from '../contract/outbox.ts';

const KILLS = 20;
const child = fileURLToPath(new URL('./appender.ts', import.meta.url));
const seed = Number(process.env.SEED ?? 20260101);

const test = suite<{ folder: string; path: string }>(`kill -9, ${KILLS} times, SEED=${seed}`);
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'hoistway-kill-'));
  context.path = join(context.folder, 'outbox.db');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

interface Kill {
  /** null: while it starts, `afterMs` after it was spawned; else when this many records were printed */
  readonly afterLines: number | null;
  readonly afterMs: number;
}

/** Starts an appender, kills it as told, and returns the lines that it printed. */
function killed(path: string, from: number, { afterLines, afterMs }: Kill): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const appender = spawn(process.execPath, ['--import', 'tsx', child, path, String(from)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    let timer: NodeJS.Timeout | undefined;
    const killLater = () => {
      timer ??= setTimeout(() => appender.kill('SIGKILL'), afterMs);
    };
    if (afterLines === null) killLater();
    appender.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (afterLines !== null && printed.split('\n').length > afterLines) killLater();
    });
    appender.on('error', reject);
    appender.on('close', (_, signal) => {
      clearTimeout(timer);
      // The last line may have been cut.
      if (signal === 'SIGKILL') resolve(printed.split('\n').slice(0, -1));
      else reject(new Error(`the appender ended by itself (${signal})`));
    });
  });
}

test('every record said to be on disk is there, in order, and none twice', async ({ path }) => {
  const kills = fc.sample(
    fc.record({
      afterLines: fc.oneof({ weight: 4, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.constant(null) }),
      afterMs: fc.nat(30),
    }),
    { numRuns: KILLS, seed },
  );
  const said: string[] = [];
  for (const [round, { afterLines, afterMs }] of kills.entries()) {
    // A start takes some 300 ms; half of these kills come amid the opening.
    const kill = { afterLines, afterMs: afterLines === null ? 200 + afterMs * 12 : afterMs };
    said.push(...(await killed(path, round * 1_000_000, kill)));
  }

  const outbox = await openOutbox({ path, maxBytes: 64 * 1024 * 1024 });
  const telemetry = await readAll(outbox, 'telemetry');
  const alarms = await readAll(outbox, 'alarm');
  await outbox.close();

  const kept = [...telemetry, ...alarms].sort((a, b) => a.id - b.id);
  const names = kept.map(({ boot, seq, body }) => `${boot} ${seq} ${body.n}`);
  const keptNames = new Set(names);
  assert.ok(said.length > 1000, `${said.length} records were said to be on disk`);
  assert.equal(
    said.filter((name) => !keptNames.has(name)),
    [],
    'every one is there',
  );
  assert.is(new Set(kept.map(({ boot, seq }) => `${boot} ${seq}`)).size, kept.length, 'no boot and seq twice');
  for (const [i, { boot, seq, body }] of kept.entries()) {
    const before = kept[i - 1];
    assert.is(seq, before?.boot === boot ? before.seq + 1 : 1, `${boot} ${seq}: seqs without a hole within a boot`);
    assert.ok(Number(body.n) > Number(before?.body.n ?? 0), `${boot} ${seq}: in the order handed in`);
  }
});

test.run();
