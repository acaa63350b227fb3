/** The OPC UA server as a client sees it: a real client of node-opcua against the real process. */

import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttributeIds,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  UserTokenType,
} from 'node-opcua';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sleep, systemClock } from '../../../src/clock.ts';
import type { Board } from '../../../src/interface/board.ts';
import { type Opcua, startOpcua } from '../../../src/interface/opcua/host.ts';
import { ENTRAPMENT, fakeBoard, fakeLift, LOST, UNKNOWN } from '../fake-board.ts';

const board = fakeBoard({
  box: { ...fakeBoard().box, faults: [LOST] },
  lifts: [
    fakeLift('east', { landing: 3, positionMm: 9900, faults: [ENTRAPMENT], passenger: null }),
    fakeLift('fire', UNKNOWN),
    fakeLift('new', { ...UNKNOWN, link: 'waiting' }),
  ],
});

let folder = '';
let opcua: Opcua;
let remarks: string[] = [];
let client: OPCUAClient;
let session: ClientSession;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hoistway-opcua-'));
  opcua = await start(board);
  [client, session] = await connect(await served(opcua));
});

test.after(async () => {
  await session.close();
  await client.disconnect();
  await opcua.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(first: Board, host = '127.0.0.1', port = 0): Promise<Opcua> {
  const clock = systemClock;
  const started = await startOpcua({ host, port, stateDir: folder, clock, remark: (line) => remarks.push(line) });
  started.push(first);
  return started;
}

/** The address, once the process has come up. */
async function served(one: Opcua, notPid = 0): Promise<string> {
  for (let waited = 0; waited < 300; waited++) {
    const { state } = one;
    if (state.name === 'serving' && state.pid !== notPid) return state.url;
    await sleep(systemClock, 100);
  }
  throw new Error(`not serving after 30 s: ${JSON.stringify(one.state)} ${remarks.join(' | ')}`);
}

async function newClient(security: object = {}): Promise<OPCUAClient> {
  const manager = new OPCUACertificateManager({
    rootFolder: join(folder, 'client'),
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  });
  return OPCUAClient.create({
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    clientCertificateManager: manager,
    endpointMustExist: false,
    ...security,
  });
}

async function connect(url: string): Promise<[OPCUAClient, ClientSession]> {
  const made = await newClient();
  await made.connect(url);
  return [made, await made.createSession()];
}

const read = (path: string) => session.read({ nodeId: `ns=1;s=${path}`, attributeId: AttributeIds.Value });

test('the lifts are found by browsing, each with its signals and what a rescuer needs', async () => {
  const lifts = await session.browse('ns=1;s=lifts');
  const names = (lifts.references ?? []).map(({ browseName }) => browseName.name);
  assert.equal(names.sort(), ['boxFaults', 'east', 'fire', 'new', 'updated'], 'one object a lift, and the box');
  const east = await session.browse('ns=1;s=lift/east');
  const signals = (east.references ?? []).map(({ browseName }) => browseName.name ?? '');
  for (const name of ['mode', 'doorClosed', 'positionMm', 'openFaults', 'rescueLabelNumber']) {
    assert.ok(signals.includes(name), `${name} is among ${signals.join(', ')}`);
  }
});

test('known signals are read with value, good status and a source time stamp', async () => {
  const position = await read('lift/east/positionMm');
  assert.is(position.value.value, 9900, 'position in mm');
  assert.ok(position.statusCode.isGood(), 'status of a known value');
  assert.ok(position.sourceTimestamp instanceof Date, 'source time stamp');
  assert.is((await read('lift/east/landingMarking')).value.value, '3', 'marking of the landing, as passengers read it');
  assert.is((await read('lift/east/doorClosed')).value.value, true, 'door closed');
  assert.is((await read('lift/east/mode')).value.value, 'normal', 'mode');
  assert.is((await read('lift/east/rescueLabelNumber')).value.value, '10382', 'rescue label number');
  assert.equal([...(await read('lift/east/openFaults')).value.value], ['entrapment'], 'open faults');
  assert.equal([...(await read('lifts/boxFaults')).value.value], ['uplink-lost'], 'those of the box itself');
});

test('what is unknown has no value, and a status that says why', async () => {
  const missing = await read('lift/east/passenger');
  assert.is(missing.value.dataType, DataType.Null, 'no value, rather than a false one');
  assert.is(missing.statusCode, StatusCodes.BadNoData, 'nothing tells');
  assert.is((await read('lift/fire/doorClosed')).statusCode, StatusCodes.BadNoCommunication, 'controller silent');
  assert.is((await read('lift/new/doorClosed')).statusCode, StatusCodes.BadWaitingForInitialData, 'not yet answered');
});

test('a value that changes is read anew, and takes the time of the change', async () => {
  const before = await read('lift/east/doorClosed');
  const [east, ...others] = board.lifts;
  opcua.push({ ...board, lifts: [{ ...(east ?? fakeLift('east')), doorClosed: false }, ...others] });
  let now = before;
  for (let tries = 0; tries < 50 && now.value.value !== false; tries++) {
    await sleep(systemClock, 50);
    now = await read('lift/east/doorClosed');
  }
  assert.is(now.value.value, false, 'the pushed value');
  const [was, is] = [before, now].map(({ sourceTimestamp }) => sourceTimestamp?.getTime() ?? 0);
  assert.ok(Number(is) > Number(was), 'a later source time stamp');
  const same = await read('lift/east/positionMm');
  assert.ok((same.sourceTimestamp?.getTime() ?? 0) < Number(is), 'what did not change keeps its time stamp');
});

test('values nobody renews are called uncertain after five seconds', async () => {
  await sleep(systemClock, 5600);
  const position = await read('lift/east/positionMm');
  assert.is(position.statusCode, StatusCodes.UncertainLastUsableValue, 'the gateway has said nothing');
  assert.is(position.value.value, 9900, 'the last value stands');
  assert.is((await read('lift/fire/doorClosed')).statusCode, StatusCodes.BadNoCommunication, 'unknown stays unknown');
  opcua.push(board);
  await sleep(systemClock, 300);
  assert.ok((await read('lift/east/positionMm')).statusCode.isGood(), 'good again with the next board');
});

test('every write is refused, to our nodes and to those of the standard', async () => {
  const value = { value: { dataType: DataType.Boolean, value: false } };
  const refused = await session.write([
    { nodeId: 'ns=1;s=lift/east/doorClosed', attributeId: AttributeIds.Value, value },
    {
      nodeId: 'ns=1;s=lift/east/rescueLabelNumber',
      attributeId: AttributeIds.Value,
      value: { value: { dataType: DataType.String, value: '00000' } },
    },
    {
      nodeId: 'ns=1;s=lift/east',
      attributeId: AttributeIds.Description,
      value: { value: { dataType: DataType.LocalizedText, value: { text: 'x' } } },
    },
    // EnabledFlag of the server's diagnostics and ApplicationsExclude of a role: writable in the standard nodeset
    { nodeId: 'ns=0;i=2294', attributeId: AttributeIds.Value, value },
    { nodeId: 'ns=0;i=15410', attributeId: AttributeIds.Value, value },
  ]);
  for (const status of refused) assert.ok(status.isBad(), `refused: ${status.toString()}`);
  assert.is((await read('lift/east/doorClosed')).value.value, true, 'the value stands');
});

test('a method that would change the server is refused', async () => {
  const called = await session.call({
    // AddRole of the role set
    objectId: 'ns=0;i=15606',
    methodId: 'ns=0;i=16301',
    inputArguments: [
      { dataType: DataType.String, value: 'Operator2' },
      { dataType: DataType.String, value: 'urn:nobody' },
    ],
  });
  assert.ok(called.statusCode.isBad(), `AddRole: ${called.statusCode.toString()}`);
});

test('a user name is refused', async () => {
  const other = await newClient();
  await other.connect(await served(opcua));
  const login = { type: UserTokenType.UserName as const, userName: 'root', password: 'root' };
  const outcome = await other.createSession(login).then(
    async (made) => {
      await made.close();
      return 'accepted';
    },
    () => 'refused',
  );
  await other.disconnect();
  assert.is(outcome, 'refused', 'there are no users');
});

test('a secured client waits in rejected until someone moves it to trusted; then it reads, signed and encrypted', async () => {
  const secured = { securityMode: MessageSecurityMode.SignAndEncrypt, securityPolicy: SecurityPolicy.Basic256Sha256 };
  const attempt = async () => {
    const other = await newClient(secured);
    try {
      await other.connect(await served(opcua));
      const made = await other.createSession();
      const { value } = await made.read({ nodeId: 'ns=1;s=lift/east/landingMarking', attributeId: AttributeIds.Value });
      await made.close();
      return value.value;
    } catch {
      return 'refused';
    } finally {
      await other.disconnect();
    }
  };
  assert.is(await attempt(), 'refused', 'a stranger');
  const [rejected, trusted] = [join(folder, 'opcua/rejected'), join(folder, 'opcua/trusted/certs')];
  const names = await readdir(rejected);
  assert.is(names.length, 1, 'its certificate is kept for a person to look at');
  for (const name of names) await rename(join(rejected, name), join(trusted, name));
  let read = 'refused';
  for (let tries = 0; tries < 20 && read === 'refused'; tries++) {
    await sleep(systemClock, 250);
    read = await attempt();
  }
  assert.is(read, '3', 'once trusted, without a restart');
});

test('on loopback None is offered; elsewhere only Basic256Sha256 and above', async () => {
  const own = (await client.getEndpoints()).map(({ securityPolicyUri }) => securityPolicyUri);
  assert.ok(own.includes(SecurityPolicy.None), 'None on loopback');
  const open = await start(board, '0.0.0.0');
  try {
    const port = new URL(await served(open)).port;
    const other = await newClient();
    await other.connect(`opc.tcp://127.0.0.1:${port}`);
    const endpoints = await other.getEndpoints();
    const session = await other.createSession().then(
      () => 'accepted',
      () => 'refused',
    );
    await other.disconnect();
    assert.ok(endpoints.length >= 6, 'endpoints are told');
    for (const { securityPolicyUri, securityMode } of endpoints) {
      assert.is.not(securityPolicyUri, SecurityPolicy.None, 'no endpoint without a policy');
      assert.is.not(securityPolicyUri, SecurityPolicy.Basic128Rsa15, 'no old policy');
      assert.is.not(securityMode, MessageSecurityMode.None, 'no endpoint without signing');
    }
    assert.is(session, 'refused', 'a session without security');
  } finally {
    await open.stop();
  }
});

test('a process that is killed is started again, and tells the last board', async () => {
  remarks = [];
  const { state } = opcua;
  if (state.name !== 'serving') throw new Error('not serving');
  process.kill(state.pid, 'SIGKILL');
  const url = await served(opcua, state.pid);
  assert.match(remarks.join('\n'), 'SIGKILL', 'the journal says what ended it');
  const [other, another] = await connect(url);
  const marking = await another.read({ nodeId: 'ns=1;s=lift/east/landingMarking', attributeId: AttributeIds.Value });
  await another.close();
  await other.disconnect();
  assert.is(marking.value.value, '3', 'the lift is there without a new push');
});

test('a taken port is remarked with its reason, and tried again', async () => {
  remarks = [];
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const second = await start(board, '127.0.0.1', (blocker.address() as AddressInfo).port);
  try {
    for (let waited = 0; waited < 200 && remarks.length === 0; waited++) await sleep(systemClock, 100);
    assert.match(remarks.join('\n'), /EADDRINUSE/, 'the reason');
    await new Promise((resolve) => blocker.close(resolve));
    assert.match(await served(second), 'opc.tcp://', 'it serves once the port is free');
  } finally {
    blocker.close();
    await second.stop();
  }
  assert.is(second.state.name, 'stopped', 'state after the stop');
});

test.run();
