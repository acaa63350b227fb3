import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MonoMs, monoMs, VirtualClock } from '../../src/clock.ts';
import { loadConditions } from '../../src/condition/catalogue.ts';
import { parseSite } from '../../src/config/load.ts';
import { slavesOf, wiringsOf } from '../../src/config/wiring.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { type BoardParts, boardOf, Recent } from '../../src/interface/board-of.ts';
import { bytesForOutage } from '../../src/outbox/budget.ts';
import type { StoredRecord } from '../../src/outbox/port.ts';
import { packageVersion } from '../../src/package.ts';
import { Room } from '../../src/room.ts';
import { ScanLoop } from '../../src/scan.ts';
import { SITE } from '../config/site.ts';
import { answer } from '../contract/modbus-line.ts';
import { NO_MUTES } from '../detect/draw.ts';
import { FakeLine } from '../fake-line.ts';

const result = parseSite(
  `${SITE}    inputs:\n      safetyChainClosed: { chip: pinctrl-bcm2711, offset: 17 }\n`,
  '/nowhere/site.yaml',
);
if (!result.ok) throw new Error(JSON.stringify(result.problems));
const { loaded } = result;
const { site } = loaded;
const WALL_AT_ZERO_MS = Date.UTC(2026, 4, 1);

function rig(changes: Partial<BoardParts> = {}) {
  const clock = new VirtualClock(10_000, WALL_AT_ZERO_MS);
  const room = new Room(wiringsOf(loaded), NO_MUTES, clock.monoMs(), () => undefined);
  const line = new FakeLine({ clock, answer });
  const [bus] = site.buses;
  const slaves = bus ? slavesOf(loaded, bus) : [];
  const loop = new ScanLoop({ line, slaves, clock, lateReplyWindowMs: 0, onTrouble: () => undefined });
  const board = () =>
    boardOf({
      ...{ site, catalogue: loadCatalogue(), clock, room, box: { open: {} }, loops: [loop], stats: null, recent: [] },
      ...{
        uplink: { state: 'off', why: { en: 'none', zh: '无' }, sent: 0 },
        maintainerUplink: null,
        regionalPlatform: null,
        startedMs: 10_000,
        demo: false,
      },
      ...changes,
    });
  const chain = (on: boolean, atMs: number) =>
    room.observe({ kind: 'edge', lift: 'east', signal: 'safetyChainClosed', on, atMs: monoMs(atMs) });
  return { clock, room, line, loop, board, chain };
}

test('before anything is known every signal is null, and what the site file says is there', () => {
  const { board } = rig();
  const { box, lifts, outbox, buses } = board();
  assert.equal(box, { id: 'box-1', version: packageVersion, upMs: 0, demo: false, faults: [] }, 'the box');
  const [east] = lifts;
  assert.is(east?.rescueLabelNumber, '01234', 'the label');
  assert.equal(
    east?.landings.map(({ heightMm }) => heightMm),
    [0, 4200, 8700],
    'heights above the lowest',
  );
  assert.is(east?.link, 'waiting', 'its controller has not answered yet');
  for (const signal of ['mode', 'moving', 'speedMmPerS', 'positionMm', 'landing', 'doorClosed', 'passenger'] as const) {
    assert.is(east?.[signal], null, `${signal}: nobody knows`);
  }
  assert.equal(east?.faults, [], 'no fault');
  assert.is(outbox.waitingAlarms, 0, 'nothing known of the outbox yet');
  assert.is(outbox.maxBytes, bytesForOutage(720, site.lifts.length), 'its size is that of the hours of the site file');
  assert.is(outbox.hoursLeft, 720, 'all of them, while it is empty');
  assert.is(buses[0]?.id, 'line', 'the line');
});

test('the time the box is up counts from its start', async () => {
  const { board, clock } = rig();
  await clock.advance(61_000);
  assert.is(board().box.upMs, 61_000, 'a minute later');
});

test('open faults stand on the board with their title and the wall time of their beginning', async () => {
  const { board, clock, room, chain } = rig();
  chain(true, 11_000);
  chain(false, 12_000);
  room.advanceTo(monoMs(60_000));
  await clock.advanceTo(monoMs(60_000));
  const [open] = board().lifts[0]?.faults.filter(({ fault }) => fault === 'safety-chain-open') ?? [];
  assert.ok(open, 'the fault stands');
  assert.equal(open?.title, loadCatalogue()['safety-chain-open'].title, 'its title');
  const sinceMs = (open?.sinceWallMs ?? 0) - WALL_AT_ZERO_MS;
  assert.ok(sinceMs >= 12_000 && sinceMs < 12_500, `since ${sinceMs} ms`);
  assert.not.ok('subject' in (open ?? {}), 'no subject');
});

test('a fault with a subject is told with it', () => {
  const { board, room } = rig();
  room.resume('east', 'sensor-contradiction:door', { id: 'x', beganMs: 11_000 });
  const [open] = board().lifts[0]?.faults ?? [];
  assert.is(open?.fault, 'sensor-contradiction', 'the fault');
  assert.is(open?.subject, 'door', 'its subject');
});

test('open faults of the box itself stand beside its name', () => {
  const open = { 'uplink-lost': { id: 'box/uplink-lost@9000', beganMs: 9000 } };
  assert.equal(
    rig({ box: { open } }).board().box.faults,
    [{ fault: 'uplink-lost', sinceWallMs: WALL_AT_ZERO_MS + 9000, title: loadCatalogue()['uplink-lost'].title }],
    'name, title, since when',
  );
});

test('lines and slaves: what was counted, and the last error', async () => {
  const { board, clock, line, loop } = rig();
  line.answer = () => ({ exception: 2 });
  loop.start();
  await clock.advance(1_050);
  const [bus] = board().buses;
  assert.is(bus?.up, true, 'the line is up');
  assert.is(bus?.slaves[0]?.lift, 'east', 'whose slave');
  assert.is(bus?.slaves[0]?.ok, 0, 'none was answered');
  assert.ok((bus?.slaves[0]?.failed ?? 0) >= 6, 'all were refused');
  assert.match(bus?.slaves[0]?.lastError ?? '', /exception 2/, 'why');
  line.unplug('the adapter is gone');
  assert.equal([board().buses[0]?.up, board().buses[0]?.why], [false, 'the adapter is gone'], 'the line is down');
  await loop.stop();
});

test('the outbox as it was last asked', () => {
  const stats = {
    ...{ boot: 'b.1', waiting: { alarm: 2, telemetry: 30 }, evicted: 4, poisoned: 1, fileBytes: 4096 },
    ...{ maxBytes: 1, trouble: 'disk full' },
  };
  const { outbox } = rig({ stats }).board();
  const maxBytes = bytesForOutage(720, site.lifts.length);
  assert.equal(
    outbox,
    {
      ...{ waitingAlarms: 2, waitingTelemetry: 30, fileBytes: 4096, maxBytes, hoursLeft: 720 },
      ...{ evicted: 4, poisoned: 1, trouble: 'disk full' },
    },
    'all of it',
  );
});

test('where no position is read it is that of the landing', () => {
  const { board, room } = rig();
  const watched = room.lift('east');
  assert.ok(watched, 'the lift');
  room.lift = () =>
    watched && {
      ...watched,
      state: { ...watched.state, landing: { value: 2, sinceMs: 0 as MonoMs, source: 'input' } },
    };
  assert.is(board().lifts[0]?.positionMm, 8700, 'the height of landing 2');
});

function stored(body: Record<string, unknown>, seq = 1): StoredRecord {
  return { id: seq, lane: 'alarm', lift: 'east', boot: 'b.1', seq, body: { wallMs: seq, ...body } };
}

test('recent events are told in words, the newest last, a few dozen at most', () => {
  const recent = new Recent(loadCatalogue(), site);
  recent.add(stored({ type: 'fault', phase: 'begin', fault: 'entrapment' }));
  recent.add(stored({ type: 'fault', phase: 'end', fault: 'entrapment' }, 2));
  recent.add(stored({ type: 'mode', mode: 'inspection' }, 3));
  recent.add(stored({ type: 'trip', from: null, to: 0 }, 4));
  recent.add(stored({ type: 'door-cycle' }, 5));
  recent.add(stored({ type: 'gap' }, 6));
  const drift = { type: 'condition', condition: 'level-inaccuracy', landing: 0, normal: 2, now: 5, unit: 'mm' };
  recent.add(stored({ ...drift, phase: 'begin', changePercent: 150 }, 7));
  recent.add(stored({ ...drift, phase: 'end', changePercent: -5 }, 8));
  recent.add({ ...stored({ type: 'box-fault', phase: 'begin', fault: 'uplink-lost' }, 9), lift: null });
  const { title } = loadCatalogue().entrapment;
  const lost = loadCatalogue()['uplink-lost'].title;
  assert.equal(
    recent.rows.map(({ text }) => text.en),
    [
      ...[`${title.en} begins`, `${title.en} ends`, 'mode: inspection', 'trip ? → B1'],
      `The car stops off its level (landing B1), +150 %: from 2 to 5 mm. ${loadConditions()['level-inaccuracy'].next.en}`,
      'steady: The car stops off its level (landing B1), -5 %',
      `${lost.en} begins`,
    ],
    'landings as passengers read them; doors and gaps are left out',
  );
  assert.equal([recent.rows[0]?.lift, recent.rows.at(-1)?.lift], ['east', 'box-1'], 'whose they are');
  assert.ok(
    recent.rows.every(({ text }) => text.zh !== '' && text.zh !== text.en),
    'in Chinese too',
  );
  for (let seq = 10; seq < 200; seq++) recent.add(stored({ type: 'mode', mode: 'normal' }, seq));
  assert.is(recent.rows.length, 40, 'bounded');
  assert.is(recent.rows.at(-1)?.wallMs, 199, 'the newest is last');
});

test.run();
