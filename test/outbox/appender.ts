/** Child of the kill test: appends as fast as it can, and prints `boot seq n` when a record is said to be on disk. */

import { writeSync } from 'node:fs';
import { openOutbox } from '../../src/outbox/outbox.ts';

const [path = '', from = '0'] = process.argv.slice(2);
const outbox = await openOutbox({ path, maxBytes: 64 * 1024 * 1024 });
let n = Number(from);

async function appendForEver(): Promise<never> {
  for (;;) {
    const own = ++n;
    const lane = own % 10 === 0 ? 'alarm' : 'telemetry';
    const [record] = await outbox.append([{ lane, lift: null, body: { type: 'mark', n: own } }]);
    // Written at once: what a pipe has taken survives the kill.
    writeSync(1, `${record?.boot} ${record?.seq} ${own}\n`);
  }
}

await Promise.all([appendForEver(), appendForEver(), appendForEver()]);
