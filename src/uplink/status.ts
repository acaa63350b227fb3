/** The session of our own dialects: a retained status, online or why not, and nothing to hear. */

import type { Publication } from './client.ts';
import { type DialectSession, NO_REACTION } from './dialect.ts';
import { encodeStatus } from './payload.ts';
import { statusTopic } from './topics.ts';

/** `boot`: that of the records which are being stored now. */
export function statusSession(topicPrefix: string, box: string, boot: () => string): DialectSession {
  const status = (online: true | 'stopped' | 'lost'): Publication => ({
    topic: statusTopic(topicPrefix, box),
    payload: encodeStatus(box, boot(), online),
    retain: true,
  });
  return {
    subscriptions: [],
    alone: false,
    will: () => status('lost'),
    greet: () => [status(true)],
    held: null,
    note: () => undefined,
    seal: (publication) => publication,
    onMessage: () => NO_REACTION,
    farewell: () => [status('stopped')],
  };
}
