/** The thread of the packer. */

import { parentPort } from 'node:worker_threads';
import { reasonOf } from '../../errors.ts';
import { encodeBatchOf } from './batch.ts';
import type { Answered, Asked } from './packer.ts';

if (!parentPort) throw new Error('packer-thread is started by Packer, as a thread');
const port = parentPort;
/** by call, until the last part has come */
const parts = new Map<number, string[]>();

port.on('message', ({ call, box, part, last }: Asked) => {
  const say = (answered: Answered) => port.postMessage(answered);
  const known = [...(parts.get(call) ?? []), part];
  parts.set(call, known);
  if (!last) return;
  parts.delete(call);
  try {
    say({ call, payload: encodeBatchOf(box, `[${known.join(',')}]`), why: '' });
  } catch (error) {
    say({ call, payload: null, why: reasonOf(error) });
  }
});
