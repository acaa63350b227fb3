/**
 * Every field failure as a tap would have heard it: the same bytes, none of them ours, cut anywhere. A lift whose controller talks to
 * another master is judged as one that we ask ourselves.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CASES } from '../hil/cases/table.ts';
import { Random } from '../hil/lift/random.ts';
import { loadSite } from '../src/config/load.ts';
import { loadCatalogue, mutesOf } from '../src/detect/catalogue.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { packageRoot } from '../src/package.ts';
import { Replay, timeOf } from '../src/replay.ts';
import type { CaptureItem } from '../src/trace/capture.ts';
import { parseCapture } from '../src/trace/file.ts';

const at = (name: string, file: string) => join(packageRoot, 'hil/cases', name, file);
const random = new Random(7);

/** What the master sent and what it heard look the same from outside. */
function heard(item: CaptureItem): CaptureItem[] {
  if (item.kind !== 'chunk') return [item];
  const { bytes } = item.chunk;
  const cut = Math.floor(random.between(0, bytes.length));
  return [bytes.subarray(0, cut), bytes.subarray(cut)]
    .filter(({ length }) => length > 0)
    .map((part) => ({ kind: 'chunk', chunk: { ...item.chunk, dir: 'rx', bytes: part } }));
}

for (const { name } of CASES) {
  if (!existsSync(at(name, 'capture.pcapng'))) continue;
  test(`${name}, tapped`, async () => {
    const loaded = await loadSite(at(name, 'site.yaml'));
    for (const bus of loaded.site.buses) if (bus.type === 'rtu') bus.listen = true;
    const path = at(name, 'capture.pcapng');
    const items = parseCapture(readFileSync(path), path).items.flatMap(heard);
    const [first] = items;
    assert.ok(first, 'something was captured');
    const events: LiftEvent[] = [];
    const replay = new Replay(loaded, mutesOf(loadCatalogue()), timeOf(first), (event) => events.push(event));
    for (const item of items) replay.feed(item);
    const expected = readFileSync(at(name, 'expected.jsonl'), 'utf8').split('\n').slice(0, -1);
    assert.equal(
      events.map((event) => JSON.stringify(event)),
      expected,
      'the same verdicts at the same times',
    );
  });
}

test.run();
