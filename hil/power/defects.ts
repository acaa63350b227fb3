/** Ways to be wrong: an outbox with one of them must be found out, or the oracle is worth nothing. */

import type { Port } from './port.ts';

/** `early`: promises before it has stored. `forgets`: lets a record go that nobody has read, for one that it then stores. */
export type Defect = 'early' | 'forgets';

export function defective(port: Port, defect: Defect): Port {
  return {
    boot: port.boot,
    openFaults: port.openFaults,
    read: (...words) => port.read(...words),
    forget: (...words) => port.forget(...words),
    poison: (...words) => port.poison(...words),
    close: () => port.close(),
    append: defect === 'early' ? early(port) : forgets(port),
  };
}

/** The first call is honest, so that the names of the next can be told before they are stored. */
function early(port: Port): Port['append'] {
  let first: Promise<void> | null = null;
  const last = { id: 0, seq: 0 };
  return async (records) => {
    const stored = port.append(records);
    if (!first) {
      first = stored.then((all) => {
        for (const { id, seq } of all) Object.assign(last, { id, seq });
      });
      return stored;
    }
    await first;
    return records.map((record) => ({ ...record, boot: port.boot, id: ++last.id, seq: ++last.seq }));
  };
}

function forgets(port: Port): Port['append'] {
  let calls = 0;
  let victim = 0;
  return async (records) => {
    const letGo = ++calls % 20 === 0 ? port.forget([victim], 'city') : null;
    const stored = port.append(records);
    await letGo;
    victim = (await stored).at(-1)?.id ?? victim;
    return stored;
  };
}
