/** A serial adapter that can be pulled and put back, with a slave behind it. A site names it by a link, as /dev/serial/by-id does. */

import { mkdtemp, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPtyPair, type PtyPair } from './pty.ts';
import { type Answer, type SerialSlave, serveSerial } from './slave.ts';

export interface Adapter {
  /** the link; it is not there while the adapter is pulled */
  readonly byId: string;
  /** the device that the link leads to */
  device(): Promise<string>;
  /** `returnsAs`: the name that the kernel gives it when it is put back */
  pull(returnsAs: 'the same' | 'another'): Promise<void>;
  /** Resolves when the link is there again; the slave answers by then. */
  plug(): Promise<void>;
  close(): Promise<void>;
}

export async function openAdapter(answer: Answer, baud: number): Promise<Adapter> {
  const dir = await mkdtemp(join(tmpdir(), 'hoistway-adapter-'));
  const byId = join(dir, 'usb-adapter-port0');
  let pty: PtyPair = await openPtyPair();
  let slave: SerialSlave = await serveSerial(pty.b, answer, { baud });
  await symlink(await readlink(pty.a), byId);
  return {
    byId,
    device: () => readlink(byId),
    async pull(returnsAs) {
      // Opened while the old device is still there, the next one has another name.
      const next = returnsAs === 'another' ? await openPtyPair() : null;
      // First the link: the number of a pseudo-terminal that is gone may be another program's at once.
      await rm(byId);
      await slave.close();
      await pty.unplug();
      if (!next) return;
      await pty.close();
      pty = next;
    },
    async plug() {
      // Another name stands already; the same one is given anew.
      await pty.plug();
      slave = await serveSerial(pty.b, answer, { baud });
      await symlink(await readlink(pty.a), byId);
    },
    async close() {
      await slave.close();
      await pty.close();
      await rm(dir, { recursive: true });
    },
  };
}
