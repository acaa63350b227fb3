import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutbox } from '../../src/outbox/outbox.ts';
import { outboxContract } from '../contract/outbox.ts';

const maxBytes = 1024 * 1024;

outboxContract('on disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hoistway-outbox-'));
  const path = join(folder, 'outbox.db');
  let outbox = await openOutbox({ path, maxBytes });
  return {
    outbox,
    async reopen(readers = []) {
      await outbox.close();
      outbox = await openOutbox({ path, maxBytes, readers });
      return outbox;
    },
    async clean() {
      await outbox.close();
      rmSync(folder, { recursive: true });
    },
  };
});
