/**
 * systemd's notification socket (sd_notify). Node has no datagrams on unix sockets, so this calls the C library: from the
 * process itself, so that NotifyAccess=main takes it. No message throws or waits: one that is not taken is counted.
 */

import { createRequire } from 'node:module';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { ServiceManager } from '../../src/ports.ts';

export interface Notifier extends ServiceManager {
  /** messages that the manager's socket did not take */
  readonly failed: number;
}

/**
 * The service manager of the environment, or one that does nothing where there is none. Throws GatewayError
 * `interface-failed` where there is one and the C library cannot be called: it would end a service that never says READY.
 */
export function serviceManager(env: NodeJS.ProcessEnv = process.env): Notifier {
  const address = env.NOTIFY_SOCKET ? addressOf(env.NOTIFY_SOCKET) : null;
  const send = address ? sender(address) : null;
  const watchdogMs = send ? watchdogOf(env) : null;
  let failed = 0;
  // What changes the state of the unit goes again with the next message until it is taken; without READY=1 it is killed.
  let owed = '';
  const tell = (text: string) => {
    if (send === null) return;
    if (send(owed + text)) owed = '';
    else failed++;
  };
  return {
    watchdogMs,
    get failed() {
      return failed;
    },
    ready(status) {
      owed = 'READY=1\n';
      tell(statusLine(status));
    },
    status(text) {
      tell(statusLine(text));
    },
    alive() {
      if (watchdogMs !== null) tell('WATCHDOG=1\n');
    },
    stopping() {
      owed = 'STOPPING=1\n';
      tell('');
    },
  };
}

function statusLine(text: string): string {
  return `STATUS=${text.replace(/\s*[\r\n]+\s*/g, '; ')}\n`;
}

/** How often the manager expects a sign of life, ms; null where it does not, or expects it of another process. */
function watchdogOf({ WATCHDOG_USEC, WATCHDOG_PID }: NodeJS.ProcessEnv): number | null {
  if (WATCHDOG_PID && Number(WATCHDOG_PID) !== process.pid) return null;
  const ms = Number(WATCHDOG_USEC) / 1000;
  return ms > 0 && Number.isFinite(ms) ? ms : null;
}

const AF_UNIX = 1;
/** sun_path of Linux, bytes */
const LONGEST_PATH = 108;

/**
 * sockaddr_un: the family, then a path that ends in NUL, or (`@name`) an abstract name that begins with NUL and ends with
 * the length of the address. Null where it is neither, or too long.
 */
function addressOf(socket: string): Buffer | null {
  const abstract = socket.startsWith('@');
  if (!abstract && !socket.startsWith('/')) return null;
  const name = Buffer.from(abstract ? `\0${socket.slice(1)}` : `${socket}\0`);
  if (name.length > LONGEST_PATH) return null;
  const family = Buffer.from(new Uint16Array([AF_UNIX]).buffer);
  return Buffer.concat([family, name]);
}

// Numbers of Linux on x86 and ARM.
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0x800;
const SOCK_CLOEXEC = 0x80000;
const MSG_NOSIGNAL = 0x4000;

/** One datagram each; false where it was not taken. */
function sender(address: Buffer): (text: string) => boolean {
  const { socket, sendto } = libc();
  const fd: unknown = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return (text) => {
    const data = Buffer.from(text);
    return Number(sendto(fd, data, data.length, MSG_NOSIGNAL, address, address.length)) === data.length;
  };
}

function libc() {
  try {
    // Loaded only under a manager: 5 MB that nothing else needs.
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load('libc.so.6');
    return {
      socket: library.func('int socket(int domain, int type, int protocol)'),
      sendto: library.func(
        'long sendto(int fd, const uint8_t *data, size_t bytes, int flags, const uint8_t *address, uint32_t addressBytes)',
      ),
    };
  } catch (cause) {
    throw new GatewayError({
      code: 'interface-failed',
      op: t('reach the service manager', '连接服务管理器'),
      where: 'koffi',
      hint: t('install the package again on this machine', '请在本机重新安装软件包'),
      cause,
    });
  }
}
