import { MemoryOutbox } from '../../hil/memory-outbox.ts';
import { outboxContract } from '../contract/outbox.ts';

outboxContract('in memory', async () => {
  const outbox = new MemoryOutbox({ maxBytes: 1024 * 1024 });
  return { outbox, reopen: async (readers) => outbox.reopen(readers), clean: async () => {} };
});
