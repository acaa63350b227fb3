/**
 * The gateway, part by part: sense -> lift state -> detect -> event -> outbox -> uplink.
 *
 * Two loops share only the outbox. Left of it everything is fast and local: lines and inputs are read, judged, stored.
 * Right of it everything is slow and meets the network. Nothing on the left waits for anything on the right.
 */

import { join } from 'node:path';
import { testAlarms } from './alarm-test.ts';
import { BoxWatch } from './box/watch.ts';
import { type Clock, sleep } from './clock.ts';
import { Conditions } from './condition/keep.ts';
import type { LoadedSite } from './config/load.ts';
import { wiringsOf } from './config/wiring.ts';
import { loadCatalogue, mutesOf } from './detect/catalogue.ts';
import { reasonOf } from './errors.ts';
import type { Board, DemoControls } from './interface/board.ts';
import { boardOf, Recent } from './interface/board-of.ts';
import { keepPage } from './interface/keep-page.ts';
import { startOpcua } from './interface/opcua/host.ts';
import { keepTail } from './journal.ts';
import { Keeper } from './keeper.ts';
import { t } from './language.ts';
import type { LiftEvent } from './lift/events.ts';
import { bytesForOutage } from './outbox/budget.ts';
import { openOutbox } from './outbox/outbox.ts';
import type { NewRecord } from './outbox/port.ts';
import { readersOf, startPlatforms } from './platforms.ts';
import type { InputLines, ServiceManager, Thermometer } from './ports.ts';
import { Room } from './room.ts';
import { Scribe } from './scribe.ts';
import { startSensing } from './sensing.ts';
import { captureName } from './trace/captures.ts';
import { FlightRecorder } from './trace/recorder.ts';
import { WallTrust } from './wall.ts';
import { Watchdog } from './watchdog.ts';

export interface GatewayParts {
  readonly loaded: LoadedSite;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly inputs: InputLines;
  readonly service: ServiceManager;
  /** of the machine room, where the site file has one */
  readonly thermometer?: Thermometer | undefined;
  /** one line for the journal */
  remark(line: string): void;
  /** of the wall clock; a test has its own */
  readonly trust?: WallTrust;
  /** only the demo has controls, and may take another port for its page */
  readonly demo?: DemoControls;
}

export interface Gateway {
  readonly pageUrl: string | null;
  board(): Board;
  stop(): Promise<void>;
}

const BOARD_EVERY_MS = 200;

export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { loaded, stateDir, clock, inputs, service, thermometer, demo } = parts;
  const { remark, lines: journal } = keepTail(parts.remark);
  const { site } = loaded;
  const startedMs = clock.monoMs();
  const catalogue = loadCatalogue();
  const { trust = new WallTrust(clock) } = parts;

  // The outbox: all that the two halves share. It knows which faults were open when the box last stopped.
  const outbox = await openOutbox({
    path: join(stateDir, 'outbox.db'),
    maxBytes: bytesForOutage(site.outbox.outageHours, site.lifts.length),
    telemetryWaitMs: site.outbox.telemetryWaitMs,
    readers: readersOf(site),
    clock,
    onTrouble: remark,
  });

  // Left: observations are captured, then judged; what judgement says is written down and stored.
  const scribe = new Scribe(site, catalogue, clock, () => trust.now());
  const keeper = new Keeper(outbox, clock, remark);
  const conditions = new Conditions(
    join(stateDir, 'condition.json'),
    site.lifts.map(({ id }) => id),
    clock,
    remark,
  );
  const room = new Room(wiringsOf(loaded), mutesOf(catalogue), startedMs, (event) => store(event));
  const recorder = new FlightRecorder({
    dir: join(stateDir, 'captures'),
    ...site.recorder,
    maxBytes: site.recorder.maxMiB * 2 ** 20,
    head: () => ({
      wallAtZeroMs: (clock.wallMs() - clock.monoMs()) as ReturnType<Clock['wallMs']>,
      clockTrust: trust.now(),
      box: site.box.id,
      comment: t('flight recorder of a running box', '运行中的录波'),
      buses: site.buses.map(({ id }) => id),
    }),
    checkpoint: () => room.snapshot(),
    onTrouble: remark,
  });
  const recent = new Recent(catalogue, site);
  const keep = (record: NewRecord) => {
    keeper.keep(record);
    // Telemetry may wait for the disk for minutes; whoever stands before the page does not.
    if (record.lane === 'telemetry') recent.add(record);
  };
  const store = (event: LiftEvent) => {
    const begins = event.type === 'fault' && event.phase === 'begin';
    const capture = begins ? recorder.freeze(captureName(`${outbox.boot} ${event.id}`), clock.monoMs()) : null;
    // What was learned of the shaft stays on the box; what it says of the site file is a condition.
    if (event.type !== 'landing-gap') keep(scribe.record(event, capture));
    for (const told of conditions.fold(event)) keep(scribe.record(told, null));
  };
  const box = new BoxWatch({
    ...{ box: site.box, clock, inputs, trust, thermometer, remark },
    tell: (event) => keeper.keep(scribe.recordOfBox(event)),
  });
  for (const { id, lift, fault, subject, beganMs } of outbox.openFaults) {
    if (lift === null) box.resume(fault, { id, beganMs });
    else room.resume(lift, subject ? `${fault}:${subject}` : fault, { id, beganMs });
  }
  const sensing = startSensing({ loaded, clock, inputs, room, sink: recorder, remark });

  // Right: the drain to the broker, the page, OPC UA. Each may fail or hang without the left half noticing.
  const platforms = startPlatforms({
    ...{ site, stateDir, clock, trust, outbox, room, journal, remark, board: () => board() },
    onAcknowledged: (ids) => scribe.acknowledged(ids),
  });
  outbox.onAppended((records) => {
    for (const record of records) {
      scribe.stored(record);
      if (record.lane === 'telemetry') continue;
      // Of alarms the page and the journal are told what is on disk, and never before, unless the disk takes none.
      recent.add(record);
      const kept = record.unstored ? t('told from memory, not stored:', '仅在内存中，未能保存：') : 'stored';
      remark(`${kept} ${record.boot} ${record.seq} ${summaryOf(record.body)}`);
    }
  });
  const stopping = new AbortController();
  const { loops } = sensing;
  const watchdog = new Watchdog({ service, outbox, loops, clock });
  const board = (): Board =>
    boardOf({
      ...{ site, catalogue, clock, room, box, loops, startedMs, recent: recent.rows },
      stats: watchdog.stats,
      ...platforms.boards,
      demo: demo !== undefined,
    });
  const page = site.page && (await keepPage({ ...site.page, board, clock, ...demoPage(demo) }, clock, remark));
  const opcua = site.opcua && (await startOpcua({ ...site.opcua, stateDir, clock, remark }));
  const tests = testAlarms({
    ...{ clock, signal: stopping.signal, tell: store },
    state: (lift) => room.lift(lift)?.state ?? null,
    lifts: site.lifts.map(({ id }) => id),
  });
  const shown = everyTurn(clock, stopping.signal, remark, () => {
    recorder.tick(clock.monoMs());
    for (const totals of conditions.tick()) store(totals);
    page?.push();
    opcua?.push(board());
  });
  // The box looks at itself: at its supply and clock, and whether a session stands.
  const looked = everyTurn(clock, stopping.signal, remark, () => {
    platforms.look();
    box.look(platforms.online);
  });
  service.ready(t(`watching ${site.lifts.length} lifts`, `正在监测 ${site.lifts.length} 台电梯`));

  return {
    get pageUrl() {
      return page?.url ?? null;
    },
    board,
    async stop() {
      service.stopping();
      stopping.abort();
      watchdog.stop();
      box.stop();
      await sensing.stop();
      conditions.keep();
      keeper.stop();
      await Promise.allSettled([shown, looked, tests, platforms.stop(), page?.stop(), opcua?.stop(), recorder.close()]);
      await outbox.close();
    },
  };
}

/** Only the demo has buttons, and may take another port than it asked for. */
function demoPage(controls: DemoControls | undefined) {
  return controls ? { controls, nextFreePort: true } : {};
}

function summaryOf({ type, lift, fault, phase, subject, mode }: Readonly<Record<string, unknown>>): string {
  return [lift, type, fault, subject, phase, mode].filter((part) => part !== undefined).join(' ');
}

/** What fails here is told once, and hurts nothing else: the box goes on. */
async function everyTurn(
  clock: Clock,
  signal: AbortSignal,
  remark: (line: string) => void,
  turn: () => void,
): Promise<void> {
  let told = '';
  while (!signal.aborted) {
    try {
      turn();
    } catch (error) {
      if (reasonOf(error) !== told) remark(reasonOf(error));
      told = reasonOf(error);
    }
    await sleep(clock, BOARD_EVERY_MS, signal);
  }
}
