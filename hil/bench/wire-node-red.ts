/**
 * Node-RED with node-red-contrib-modbus, as a master of the wire bench: headless, without a port of its own, from a flow that is
 * made for it. Installed on demand, from the registry, into a folder of the temporary directory that is kept for the next run.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDemand } from './on-demand.ts';

/**
 * The newest that run on Node 20 and come from the registry alone: from 5.45 on, node-red-contrib-modbus takes its own modbus-serial
 * from another server.
 */
const PACKAGES = ['node-red@4.1.15', 'node-red-contrib-modbus@5.23.3'];
const peer = onDemand(PACKAGES);
const program = join(peer.folder, 'node_modules/node-red/red.js');

/** Null, or why it cannot be run. */
export const installNodeRed = (): string | null => peer.install();

const SETTINGS = {
  ...{ httpAdminRoot: false, httpNodeRoot: false, uiHost: '127.0.0.1', flowFile: 'flows.json' },
  logging: { console: { level: 'off', metrics: false, audit: false } },
};

/**
 * A getter driven by its own answers, with the client's queue off: of what the nodes offer the quickest. With the queue every request
 * waits a timer of at least 1 ms; modbus-read asks by a timer of whole milliseconds, through the same queue or regardless of the answer.
 */
function flowOf(path: string, baud: number, count: number): object[] {
  const ask = JSON.stringify({ payload: { fc: 3, unitid: 1, address: 0, quantity: count } });
  return [
    { id: 'tab', type: 'tab', label: 'wire' },
    {
      ...{ id: 'client', type: 'modbus-client', name: '', clienttype: 'simpleser', serialType: 'RTU-BUFFERD' },
      ...{
        serialPort: path,
        serialBaudrate: String(baud),
        serialDatabits: '8',
        serialStopbits: '1',
        serialParity: 'none',
      },
      ...{ unit_id: 1, clientTimeout: 1000, commandDelay: 1, serialConnectionDelay: 100, reconnectTimeout: 1000 },
      ...{ bufferCommands: false, parallelUnitIdsAllowed: false, reconnectOnTimeout: false },
    },
    { id: 'start', type: 'inject', z: 'tab', once: true, onceDelay: 2, repeat: '', props: [], wires: [['ask']] },
    { id: 'ask', type: 'function', z: 'tab', func: `return ${ask};`, outputs: 1, libs: [], wires: [['get']] },
    {
      ...{ id: 'get', type: 'modbus-flex-getter', z: 'tab', server: 'client', wires: [['ask'], []] },
      ...{ showStatusActivities: false, showErrors: false, emptyMsgOnFail: true, keepMsgProperties: false },
    },
  ];
}

export function nodeRed(path: string, baud: number, count: number): ChildProcess {
  const home = mkdtempSync(join(tmpdir(), 'hoistway-node-red-'));
  writeFileSync(join(home, 'settings.js'), `module.exports = ${JSON.stringify(SETTINGS)};\n`);
  writeFileSync(join(home, 'flows.json'), JSON.stringify(flowOf(path, baud, count)));
  const child = spawn(process.execPath, [program, '--userDir', home], { stdio: 'ignore' });
  child.once('exit', () => rmSync(home, { recursive: true, force: true }));
  return child;
}
