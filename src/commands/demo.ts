import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceManager } from '../../drivers/systemd/notify.ts';
import { startBroker } from '../../hil/demo/broker.ts';
import { MachineRoom } from '../../hil/demo/machine-room.ts';
import { systemClock } from '../clock.ts';
import { type LoadedSite, loadSite } from '../config/load.ts';
import { startGateway } from '../gateway.ts';
import type { DemoControls } from '../interface/board.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { type Command, numberOf } from './command.ts';
import { untilStopped } from './run.ts';

const BROKER_PORT = 1884;
/** How long the buttons hold a passenger or a door: well past the limits of the demo's site file. */
const HELD_MS = 40_000;

/** A simulated machine room, an embedded broker and the page; needs no hardware and no network. */
export const command: Command = {
  name: 'demo',
  usage: '[--seed N]',
  summary: t(
    'a simulated machine room, a broker and the page, on this machine',
    '本机演示：模拟机房、消息服务器和网页',
  ),
  options: {
    seed: { type: 'string', help: t('of the simulated traffic; 1 where left out', '模拟客流的种子，默认 1') },
  },
  positionals: [0, 0],
  exits: { 1: t('no port is free for the page or the broker', '没有空闲端口') },
  async run(call) {
    const clock = systemClock;
    const seed = call.values.seed === undefined ? 1 : numberOf(call, 'seed', { whole: true });
    const stateDir = await mkdtemp(join(tmpdir(), 'hoistway-demo-'));
    const broker = await startBroker(BROKER_PORT);
    const seeded = await loadSite(join(packageRoot, 'seeds/sites/demo.yaml'));
    const machineRoom = new MachineRoom(seeded, clock, seed);
    const loaded = onLoopback(seeded, await machineRoom.plug(), broker.port);
    const gateway = await startGateway({
      ...{ loaded, stateDir, clock, inputs: machineRoom.inputs, service: serviceManager({}), remark: call.remark },
      demo: controlsOf(machineRoom, broker),
    });
    if (broker.port !== BROKER_PORT) call.print(t(`port ${BROKER_PORT} is taken`, `端口 ${BROKER_PORT} 已占用`));
    call.print(`${t('page', '网页')}    ${gateway.pageUrl}`);
    call.print(
      `${t('broker', '消息')}  mqtt://127.0.0.1:${broker.port}  (mosquitto_sub -p ${broker.port} -t 'hoistway/#' -v)`,
    );
    call.print(t('press the buttons on the page; Ctrl-C ends the demo', '可按网页上的按钮；Ctrl-C 结束'));
    await untilStopped(call);
    await gateway.stop();
    await machineRoom.close();
    await broker.close();
    await rm(stateDir, { recursive: true, force: true });
    return 0;
  },
};

/** The site as its file has it, with the ports that were free. */
function onLoopback(loaded: LoadedSite, controllerPort: number, brokerPort: number): LoadedSite {
  const { site } = loaded;
  const buses = site.buses.map((bus) => (bus.type === 'tcp' ? { ...bus, port: controllerPort } : bus));
  const uplink = site.uplink && { ...site.uplink, url: `mqtt://127.0.0.1:${brokerPort}` };
  return { ...loaded, site: { ...site, buses, ...(uplink ? { uplink } : {}) } };
}

function controlsOf(machineRoom: MachineRoom, broker: Awaited<ReturnType<typeof startBroker>>): DemoControls {
  const state = { networkCut: false, linePulled: false };
  return {
    state,
    trap: (lift) => void machineRoom.lift(lift)?.trap(HELD_MS),
    holdDoor: (lift) => void machineRoom.lift(lift)?.holdDoor(HELD_MS),
    cutNetwork(cut) {
      state.networkCut = cut;
      void broker.cut(cut);
    },
    pullSerialLine(pulled) {
      state.linePulled = pulled;
      void (pulled ? machineRoom.unplug() : machineRoom.plug());
    },
  };
}
