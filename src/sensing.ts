/** Lines and inputs of a site, read for as long as the box runs, into one intake. */

import { openLine } from '../drivers/modbus/open.ts';
import { TapLine } from '../drivers/modbus/tap.ts';
import type { Clock, Stop } from './clock.ts';
import type { LoadedSite } from './config/load.ts';
import { listenerOf, quirksOf, slavesOf } from './config/wiring.ts';
import { type CaptureSink, Intake } from './intake.ts';
import { t } from './language.ts';
import { INPUT_SIGNALS } from './lift/signals.ts';
import { ListenLoop } from './listen.ts';
import type { LineLoop, OnTrouble } from './loop.ts';
import type { InputLines, Level } from './ports.ts';
import type { Room } from './room.ts';
import { phaseMs, ScanLoop } from './scan.ts';

export interface Sensing {
  readonly loops: readonly LineLoop[];
  stop(): Promise<void>;
}

export function startSensing(options: {
  loaded: LoadedSite;
  clock: Clock;
  inputs: InputLines;
  room: Room;
  sink: CaptureSink;
  remark(line: string): void;
}): Sensing {
  const { loaded, clock, inputs, room, sink, remark } = options;
  const intake = new Intake(room, sink, clock);

  const onTrouble: OnTrouble = ({ lift, isModule }, detail) => {
    const answers = isModule ? t('the module answers', '模块已应答') : t('the controller answers', '控制器已应答');
    remark(`${lift}: ${detail ?? answers}`);
  };
  const loops = loaded.site.buses.map((bus, at, { length }): LineLoop => {
    const slaves = slavesOf(loaded, bus);
    if (bus.type === 'rtu' && bus.listen) {
      const line = new TapLine(bus, { bus: bus.id, clock, reader: listenerOf(loaded, bus), remark });
      line.listen(intake.tap);
      return new ListenLoop({ line, slaves, clock, onTrouble });
    }
    const line = openLine(bus, { clock, remark, ...quirksOf(loaded, bus.id) });
    line.listen(intake.line);
    return new ScanLoop({
      ...{ line, slaves, clock, onTrouble },
      lateReplyWindowMs: bus.lateReplyWindowMs,
      phaseMs: phaseMs(slaves, at, length),
      onStranger: () =>
        remark(
          `${bus.id}: ${t(
            'another master asks on this line; listen to it instead (`listen: true`), or replies may be lost',
            '该总线上有其他主站；请改为只监听（listen: true），否则可能丢失应答',
          )}`,
        ),
    });
  });

  const watched: Stop[] = [];
  for (const lift of loaded.site.lifts) {
    for (const signal of INPUT_SIGNALS) {
      const line = lift.inputs[signal];
      // What is on a module comes with the exchanges of its bus; the room makes edges of them.
      if (line?.bus !== undefined || !line) continue;
      const onLevel = ({ on, atMs }: Level) => intake.edge({ kind: 'edge', lift: lift.id, signal, on, atMs });
      watched.push(inputs.watch(line, onLevel, (why) => remark(`${lift.id} ${signal}: ${why}`)));
    }
  }
  for (const loop of loops) loop.start();

  return {
    loops,
    async stop() {
      for (const stop of watched) stop();
      await inputs.close();
      for (const loop of loops) {
        await loop.stop();
        await loop.line.close();
      }
      intake.close();
    },
  };
}
