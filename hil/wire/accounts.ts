/** Accounts of a real Mosquitto, kept by its own dynamic security plug-in, and changed while it runs by its own `mosquitto_ctrl`. */

import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** of this broker, which lives as long as a test */
const PASSWORD = 'a-password-of-tests';

export interface Accounts {
  /** lines for mosquitto.conf */
  readonly config: readonly string[];
  readonly passwordFile: string;
  /** An account that may publish, with the password of `passwordFile`. */
  create(port: number, username: string): Promise<void>;
  /** Who is connected under it is thrown out, and not let in again. */
  disable(port: number, username: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeAccounts(): Promise<Accounts> {
  const directory = await mkdtemp(join(tmpdir(), 'hoistway-accounts-'));
  const [file, passwordFile] = [join(directory, 'accounts.json'), join(directory, 'password')];
  await run('mosquitto_ctrl', ['dynsec', 'init', file, 'admin', PASSWORD]);
  await writeFile(passwordFile, PASSWORD);
  const order = (port: number, words: readonly string[]) =>
    run('mosquitto_ctrl', [...['-h', '127.0.0.1', '-p', `${port}`, '-u', 'admin', '-P', PASSWORD, 'dynsec'], ...words]);
  return {
    config: [`plugin ${plugin()}`, `plugin_opt_config_file ${file}`],
    passwordFile,
    async create(port, username) {
      await order(port, ['setDefaultACLAccess', 'publishClientSend', 'allow']);
      await order(port, ['createClient', username, '-p', PASSWORD]);
    },
    async disable(port, username) {
      await order(port, ['disableClient', username]);
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** where Debian puts it: a folder a processor */
function plugin(): string {
  const paths = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'mosquitto_dynamic_security.so'));
  return paths.find((path) => existsSync(path)) ?? 'mosquitto_dynamic_security.so';
}
