/** The thread of the store: one request after another, so that waiting for the disk stops nobody else. */

import { parentPort, workerData } from 'node:worker_threads';
import { OPENING, type Opening, type Reply, type Request, type WorkerOptions } from './messages.ts';
import { Store } from './store.ts';
import { failureOf, isDamage } from './trouble.ts';

if (!parentPort) throw new Error('outbox/worker is started by openOutbox, as a thread');
const port = parentPort;
const options = workerData as WorkerOptions;
let store: Store | null = null;

function say(reply: Reply): void {
  port.postMessage(reply);
}

function open({ afterId = options.afterId, renewed = false } = {}): Store {
  const opened = new Store({ ...options, afterId });
  const opening: Opening = {
    boot: opened.boot,
    openFaults: opened.openFaults,
    setAside: opened.setAside,
    renewed,
  };
  say({ call: OPENING, ok: true, gives: opening });
  return opened;
}

/** Answers on a new store where the file turns out to be damaged while it is in use, or to be no longer there. */
function answer(request: Request): unknown {
  store ??= open();
  try {
    if (request.op !== 'read' && store.isAdrift) store = renewed(store);
    return perform(store, request);
  } catch (error) {
    if (!isDamage(failureOf(error))) throw error;
    const damaged = store;
    store = null;
    damaged.abandon();
    store = open({ afterId: damaged.lastId });
    return perform(store, request);
  }
}

function renewed(adrift: Store): Store {
  adrift.renew();
  store = null;
  return open({ afterId: adrift.lastId, renewed: true });
}

function perform(store: Store, request: Request): unknown {
  switch (request.op) {
    case 'commit':
      return store.commit(request.takes);
    case 'read':
      return store.read(request.takes);
    case 'poison':
      store.poison(request.takes);
      return null;
    case 'stats':
      return store.stats();
    case 'close':
      store.close();
      return null;
  }
}

function listen(): void {
  port.on('message', (request: Request) => {
    try {
      const gives = answer(request);
      say({ call: request.call, ok: true, gives });
    } catch (error) {
      say({ call: request.call, ok: false, failure: failureOf(error) });
    }
    if (request.op === 'close') port.close();
  });
}

try {
  store = open();
  listen();
} catch (error) {
  // With nobody listening the thread ends by itself.
  say({ call: OPENING, ok: false, failure: failureOf(error) });
}
