/**
 * In the place of the gateway in the unit: says READY, feeds the watchdog by the real driver, and writes down what it may do.
 * Run inside the sandbox by live.test.ts; the file `mode` of the state directory tells it to hang.
 */

import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { serviceManager } from '../../../drivers/systemd/notify.ts';
import { sleep, systemClock } from '../../../src/clock.ts';

const stateDir = process.env.STATE_DIRECTORY ?? '';
const credentials = process.env.CREDENTIALS_DIRECTORY;
const manager = serviceManager();

function outcome(run: () => unknown): string {
  try {
    run();
    return 'done';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

const report = {
  words: process.argv.slice(2),
  uid: process.getuid?.(),
  groups: process.getgroups?.(),
  watchdogMs: manager.watchdogMs,
  credentials: credentials
    ? Object.fromEntries(readdirSync(credentials).map((name) => [name, readFileSync(join(credentials, name), 'utf8')]))
    : {},
  may: {
    writeState: outcome(() => writeFileSync(join(stateDir, 'probe'), 'x')),
    writeEtc: outcome(() => writeFileSync('/etc/hoistway/site.yaml', 'x')),
    writeUsr: outcome(() => writeFileSync('/usr/probe', 'x')),
    readHome: outcome(() => readdirSync('/root')),
    openConsole: outcome(() => appendFileSync('/dev/console', '')),
    openNull: outcome(() => appendFileSync('/dev/null', '')),
    storeSynced: outcome(() => {
      const database = new Database(join(stateDir, 'probe.db'));
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.exec('CREATE TABLE IF NOT EXISTS probe (x)');
      database.close();
    }),
    listInterfaces: outcome(() => networkInterfaces()),
    startThread: outcome(() => new Worker('', { eval: true })),
  },
};
writeFileSync(join(stateDir, 'report.json'), JSON.stringify(report));
writeFileSync(join(stateDir, 'starts'), 'x', { flag: 'a' });

const stop = new AbortController();
process.once('SIGTERM', () => {
  manager.stopping();
  writeFileSync(join(stateDir, 'stopped'), 'x');
  stop.abort();
});
manager.ready('standing in for 2 lifts');
while (!stop.signal.aborted) {
  if (!existsSync(join(stateDir, 'hang'))) manager.alive();
  await sleep(systemClock, 200, stop.signal);
}
