/** The thread of the packer. */

import { parentPort } from 'node:worker_threads';
import { reasonOf } from '../../errors.ts';
import { encodeBatch } from './batch.ts';
import type { Answered, Asked } from './packer.ts';

if (!parentPort) throw new Error('packer-thread is started by Packer, as a thread');
const port = parentPort;

port.on('message', ({ call, box, records }: Asked) => {
  const say = (answered: Answered) => port.postMessage(answered);
  try {
    say({ call, payload: encodeBatch(box, records), why: '' });
  } catch (error) {
    say({ call, payload: null, why: reasonOf(error) });
  }
});
