/** The field failures of hil/cases as tests of their own, for mutants: npm test replays them in test/hil/cases.test.ts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replayed } from '../../hil/cases/play.ts';
import { CASES } from '../../hil/cases/table.ts';
import { loadSite } from '../../src/config/load.ts';
import { packageRoot } from '../../src/package.ts';
import { parseCapture } from '../../src/trace/file.ts';

for (const { name } of CASES) {
  const folder = join(packageRoot, 'hil/cases', name);
  const loaded = await loadSite(join(folder, 'site.yaml'));
  const capture = parseCapture(readFileSync(join(folder, 'capture.pcapng')), name);
  const expected = readFileSync(join(folder, 'expected.jsonl'), 'utf8').split('\n').slice(0, -1);
  test(name, () => assert.equal(replayed(loaded, capture.items), expected, name));
}

test.run();
