import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MachineRoom } from '../hil/demo/machine-room.ts';
import { type Mosquitto, startMosquitto } from '../hil/wire/mosquitto.ts';
import { monoMs, plus, sleep, systemClock, VirtualClock } from '../src/clock.ts';
import { type LoadedSite, loadSite } from '../src/config/load.ts';
import { loadCatalogue, mutesOf } from '../src/detect/catalogue.ts';
import { type Gateway, startGateway } from '../src/gateway.ts';
import type { Board } from '../src/interface/board.ts';
import type { LiftEvent } from '../src/lift/events.ts';
import { packageRoot } from '../src/package.ts';
import type { ServiceManager } from '../src/ports.ts';
import { Replay, timeOf } from '../src/replay.ts';
import { parseCapture } from '../src/trace/file.ts';
import { decode } from '../src/uplink/payload.ts';

const root = mkdtempSync(join(tmpdir(), 'hoistway-gateway-'));
let broker: Mosquitto;
test.before(async () => {
  broker = await startMosquitto({ persistence: true });
});
test.after(async () => {
  await broker.stop();
  rmSync(root, { recursive: true });
});

const LIMIT_MS = 20_000;

async function until<T>(what: string, look: () => T | undefined | null | false): Promise<T> {
  const untilMs = systemClock.monoMs() + LIMIT_MS;
  for (;;) {
    const found = look();
    if (found) return found;
    if (systemClock.monoMs() > untilMs) throw new Error(`never: ${what}`);
    await sleep(systemClock, 20);
  }
}

/** The demo's machine room, with limits short enough to wait for. */
async function siteOf(boxId: string, url: string): Promise<LoadedSite> {
  const loaded = await loadSite(join(packageRoot, 'seeds/sites/demo.yaml'));
  const { site } = loaded;
  if (!site.uplink) throw new Error('the demo has an uplink');
  const lifts = site.lifts.map((lift) => ({
    ...lift,
    limits: { ...lift.limits, entrapmentOffLevelLimitMs: 1500, controllerSilentLimitMs: 1000 },
  }));
  return {
    ...loaded,
    site: {
      ...site,
      lifts,
      box: { ...site.box, id: boxId },
      uplink: { ...site.uplink, url, protocol: '5', retryMaxMs: 1000, batchMs: 500 },
      recorder: { ...site.recorder, afterMs: 500 },
      page: null,
    },
  };
}

interface Message {
  readonly [key: string]: unknown;
  readonly type: string;
  readonly boot: string;
  readonly seq: number;
}

/** A subscriber whom the broker remembers: what comes while either is away is told later. */
async function subscriber(url: string, boxId: string) {
  const messages: Message[] = [];
  const statuses: Message[] = [];
  const unclear: string[] = [];
  const client = mqtt.connect(url, {
    ...{ protocolVersion: 5, clientId: `ear-${boxId}`, clean: false, reconnectPeriod: 100, resubscribe: false },
    properties: { sessionExpiryInterval: 600 },
  });
  client.on('error', () => undefined);
  client.on('message', (topic, payload) => {
    try {
      for (const { kind, message } of decode(topic, payload))
        (kind === 'status' ? statuses : messages).push(message as unknown as Message);
    } catch (error) {
      unclear.push(String(error));
    }
  });
  await new Promise((resolve) => client.once('connect', resolve));
  await client.subscribeAsync(`hoistway/v1/${boxId}/#`, { qos: 1 });
  const faults = (fault: string, phase: string, lift = 'east') =>
    messages.filter((one) => one.fault === fault && one.phase === phase && one.lift === lift);
  return { messages, statuses, unclear, faults, close: () => client.endAsync(true) };
}

const SEED = 1;

/** How long after its start the car of this seed stands between landings with somebody in it. */
async function trapTakesMs(loaded: LoadedSite): Promise<number> {
  const machineRoom = new MachineRoom(loaded, new VirtualClock(), SEED);
  const sim = machineRoom.lift('east');
  const episode = sim?.trap(3_600_000);
  while (sim && episode?.fromMs === null && sim.nowMs < 600_000) sim.advanceTo(plus(sim.nowMs, 100));
  await machineRoom.close();
  return sim?.nowMs ?? 0;
}

/** A machine room that began so long ago that the car has just stopped; it is let out after `heldMs`. */
async function trappedRoom(loaded: LoadedSite, heldMs: number): Promise<MachineRoom> {
  let lagMs = await trapTakesMs(loaded);
  const machineRoom = new MachineRoom(
    loaded,
    {
      monoMs: () => plus(systemClock.monoMs(), -lagMs),
      wallMs: () => systemClock.wallMs(),
      at: (dueMs, run) => systemClock.at(dueMs, run),
    },
    SEED,
  );
  machineRoom.lift('east')?.trap(heldMs);
  lagMs = 0;
  return machineRoom;
}

async function rig(boxId: string, heldMs: number | null = null) {
  const stateDir = join(root, boxId);
  const seeded = await siteOf(boxId, broker.url);
  const machineRoom = heldMs === null ? new MachineRoom(seeded, systemClock, SEED) : await trappedRoom(seeded, heldMs);
  const port = await machineRoom.plug();
  const buses = seeded.site.buses.map((bus) => (bus.type === 'tcp' ? { ...bus, port } : bus));
  const loaded: LoadedSite = { ...seeded, site: { ...seeded.site, buses } };
  const remarks: string[] = [];
  const told: string[] = [];
  const service: ServiceManager = {
    watchdogMs: null,
    ready: () => told.push('ready'),
    status: () => undefined,
    alive: () => told.push('alive'),
    stopping: () => told.push('stopping'),
  };
  const gateways: Gateway[] = [];
  const start = async () => {
    const { inputs } = machineRoom;
    const parts = {
      loaded,
      stateDir,
      clock: systemClock,
      inputs,
      service,
      remark: (line: string) => remarks.push(line),
    };
    const gateway = await startGateway(parts);
    gateways.push(gateway);
    return gateway;
  };
  const close = async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await machineRoom.close();
  };
  return { loaded, stateDir, machineRoom, remarks, told, start, close };
}

const reads = (board: Board) => board.buses.flatMap(({ slaves }) => slaves).reduce((sum, { ok }) => sum + ok, 0);

function replayed(loaded: LoadedSite, file: string): LiftEvent[] {
  const { items, truncated } = parseCapture(readFileSync(file), file);
  assert.is(truncated, null, `${file} is whole`);
  const events: LiftEvent[] = [];
  const startMs = items[0] ? timeOf(items[0]) : monoMs(0);
  const replay = new Replay(loaded, mutesOf(loadCatalogue()), startMs, (event) => events.push(event));
  for (const item of items) replay.feed(item);
  return events;
}

/** Every record of a boot from the first to the last that was heard: nothing is missing. */
function missing(messages: readonly Message[]): string[] {
  const boots = [...new Set(messages.map(({ boot }) => boot))];
  return boots.flatMap((boot) => {
    const seqs = new Set(messages.filter((one) => one.boot === boot).map(({ seq }) => seq));
    const last = Math.max(...seqs);
    return Array.from({ length: last }, (_, at) => at + 1).flatMap((seq) => (seqs.has(seq) ? [] : `${boot} ${seq}`));
  });
}

test('an entrapment reaches the rescuer, its capture replays to it, and it outlives a restart of the box', async () => {
  const { loaded, stateDir, remarks, told, start, close } = await rig('trapped', 3500);
  const ear = await subscriber(broker.url, 'trapped');
  try {
    const gateway = await start();
    assert.equal(
      told.filter((word) => word === 'ready'),
      ['ready'],
      'the service manager is told once',
    );
    await until('both controllers are live', () => gateway.board().lifts.every(({ link }) => link === 'live'));
    const begin = await until('the entrapment', () => ear.faults('entrapment', 'begin')[0]);
    const [east] = loaded.site.lifts;
    assert.is(begin.registrationNumber, east?.registrationNumber, 'registration number');
    assert.is(begin.rescueLabelNumber, '01234', 'rescue label');
    assert.is(begin.address, east?.address, 'address');
    assert.equal(begin.title, loadCatalogue().entrapment.title, 'title');
    assert.is(begin.severity, 'critical', 'severity');
    assert.is(begin.id, `east/entrapment@${begin.atMs}`, 'id');
    assert.ok(Math.abs(Number(begin.wallMs) - Date.now()) < 10_000, 'wall time');
    const open = gateway.board().lifts[0]?.faults.map(({ fault }) => fault);
    assert.ok(open?.includes('entrapment'), 'it stands on the board');
    assert.ok(
      remarks.some((line) => /^stored \S+ \d+ east fault entrapment begin$/.test(line)),
      'the journal is told',
    );

    const file = join(stateDir, 'captures', `${begin.capture}.pcapng`);
    await until('the capture is finished', () => existsSync(file));
    const again = replayed(loaded, file).find((event) => event.type === 'fault' && event.fault === 'entrapment');
    assert.ok(again?.type === 'fault' && again.phase === 'begin', 'the capture replays to the fault');
    assert.equal([again?.type === 'fault' && again.id, again?.atMs], [begin.id, begin.atMs], 'same id and millisecond');

    await gateway.stop();
    assert.is(told.at(-1), 'stopping', 'the service manager is told');
    await until('the status that it was stopped', () => ear.statuses.at(-1)?.why === 'stopped');

    const second = await start();
    const entrapment = () => second.board().lifts[0]?.faults.find(({ fault }) => fault === 'entrapment');
    assert.ok(Math.abs((entrapment()?.sinceWallMs ?? 0) - Number(begin.wallMs)) <= 2, 'it stands, since it began');
    const end = await until('its end', () => ear.faults('entrapment', 'end')[0]);
    assert.is(end.id, begin.id, 'the end carries the first id');
    assert.ok(Number(end.atMs) > Number(begin.atMs), 'later');
    assert.not.equal(end.boot, begin.boot, 'of another boot');
    assert.equal(
      ear.faults('entrapment', 'begin').map(({ id }) => id),
      [begin.id],
      'no second begin',
    );
    assert.is(entrapment(), undefined, 'closed on the board');
    await second.stop();
    const third = await start();
    assert.not.ok(third.board().lifts[0]?.faults.length, 'what ended stays ended');
    await until('what still gathered when it was stopped', () => missing(ear.messages).length === 0);
    await third.stop();
    assert.equal(ear.unclear, [], 'every message is what the platform is promised');
    assert.equal(missing(ear.messages), [], 'nothing is missing');
  } finally {
    await ear.close();
    await close();
  }
});

test('the line pulled: controller-silent, and its end once it is back; a broker that is away loses nothing', async () => {
  const { machineRoom, remarks, start, close } = await rig('pulled');
  const ear = await subscriber(broker.url, 'pulled');
  try {
    const gateway = await start();
    await until('live', () => gateway.board().lifts.every(({ link }) => link === 'live'));
    await until('online', () => gateway.board().uplink.state === 'online');
    await broker.pause();
    await until('offline', () => gateway.board().uplink.state !== 'online');
    const before = reads(gateway.board());
    await sleep(systemClock, 1000);
    const meanwhile = reads(gateway.board()) - before;
    assert.ok(meanwhile >= 8, `two lifts, five turns a second: ${meanwhile} reads while the broker is away`);

    await machineRoom.unplug();
    await until('silent', () =>
      gateway.board().lifts.every(({ faults }) => faults.some(({ fault }) => fault === 'controller-silent')),
    );
    assert.is(gateway.board().buses[0]?.up, false, 'the line is down');
    assert.is(gateway.board().lifts[0]?.link, 'silent', 'the controller is silent');
    assert.is(gateway.board().lifts[0]?.mode, null, 'nobody knows the mode');
    await machineRoom.plug();
    await until('heard again', () => gateway.board().lifts.every(({ link }) => link === 'live'));
    await until('waiting on disk', () => gateway.board().outbox.waitingAlarms > 0);

    await broker.restart();
    for (const lift of ['east', 'west']) {
      const begin = await until(`${lift} silent`, () => ear.faults('controller-silent', 'begin', lift)[0]);
      const end = await until(`${lift} heard`, () => ear.faults('controller-silent', 'end', lift)[0]);
      assert.is(end.id, begin.id, 'one episode');
      const lastedMs = Number(end.atMs) - Number(begin.atMs);
      assert.ok(lastedMs > 0 && lastedMs < 10_000, `${lastedMs} ms`);
    }
    await until('all is sent', () => gateway.board().outbox.waitingAlarms === 0);
    await gateway.stop();
    assert.equal(missing(ear.messages), [], 'nothing is missing');
    assert.equal(ear.unclear, [], 'every message is what the platform is promised');
    const pulled = remarks.filter((line) => line.startsWith('east: '));
    assert.is(pulled.length, 2, `the trouble is told once, and once again on return:\n${remarks.join('\n')}`);
  } finally {
    await ear.close();
    await close();
  }
});

test('stop() leaves nothing open, also while the broker and the line are away', async () => {
  const kinds = () => process.getActiveResourcesInfo().filter((kind) => !/^(TTY|Pipe|Immediate|FSReq)/.test(kind));
  const { machineRoom, start, close } = await rig('left');
  await close();
  await broker.pause();
  const before = kinds().length;
  const gateway = await start();
  await sleep(systemClock, 300);
  const beganMs = systemClock.monoMs();
  await gateway.stop();
  const tookMs = systemClock.monoMs() - beganMs;
  assert.ok(tookMs < 4000, `it took ${Math.round(tookMs)} ms`);
  await until(`as many as before: ${kinds().join(' ')}`, () => kinds().length <= before);
  await broker.restart();
  await machineRoom.close();
});

test.run();
