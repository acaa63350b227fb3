/** A machine room in real time: simulated lifts behind a Modbus TCP controller gateway and volt-free inputs. */

import { type Clock, type MonoMs, plus, type Stop } from '../../src/clock.ts';
import type { LoadedSite } from '../../src/config/load.ts';
import { wiringsOf } from '../../src/config/wiring.ts';
import type { SignalName } from '../../src/lift/signals.ts';
import type { InputLine, InputLines, Level } from '../../src/ports.ts';
import { SimLift } from '../lift/lift.ts';
import { Random } from '../lift/random.ts';
import { Registers } from '../lift/registers.ts';
import { steady } from '../lift/traffic.ts';
import { type Answer, serveTcp, type TcpSlave } from '../wire/slave.ts';

/** Between two looks at the lifts; edges come at their own time, and this often at the latest. */
const TICK_MS = 20;
/** Enough people that a lift is seen moving within the first minute. */
const PEOPLE_PER_HOUR = 150;

interface Simulated {
  readonly sim: SimLift;
  readonly registers: Registers;
  readonly unit: number;
}

export class MachineRoom {
  readonly inputs: InputLines;
  readonly #clock: Clock;
  readonly #lifts: readonly Simulated[];
  readonly #watched: { lift: string; signal: SignalName; onLevel: (level: Level) => void }[] = [];
  #slave: TcpSlave | null = null;
  #port = 0;
  #stopTick: Stop = () => undefined;

  constructor(loaded: LoadedSite, clock: Clock, seed: number) {
    this.#clock = clock;
    const startMs = clock.monoMs();
    this.#lifts = wiringsOf(loaded).flatMap(({ facts, controller }, at) => {
      const profile = loaded.profiles.get(loaded.site.lifts[at]?.controller?.profile ?? '');
      if (!controller || !profile) return [];
      const random = new Random(seed).fork(facts.id);
      const sim = new SimLift({ facts, random, startMs, traffic: steady(PEOPLE_PER_HOUR) });
      sim.onEdge(({ signal, on, atMs }) => this.#tell(facts.id, signal, { on, atMs }));
      return { sim, registers: new Registers(profile), unit: controller.unit };
    });
    this.inputs = { watch: (line, onLevel) => this.#watch(loaded, line, onLevel), close: async () => undefined };
    this.#tick();
  }

  /** Serves the controllers on a loopback port: 0 for any free one, or the one it had. */
  async plug(): Promise<number> {
    this.#slave ??= await serveTcp(this.#answer, this.#port);
    this.#port = this.#slave.port;
    return this.#port;
  }

  async unplug(): Promise<void> {
    const slave = this.#slave;
    this.#slave = null;
    await slave?.close();
  }

  lift(id: string): SimLift | undefined {
    return this.#lifts.find(({ sim }) => sim.id === id)?.sim;
  }

  async close(): Promise<void> {
    this.#stopTick();
    await this.unplug();
  }

  readonly #answer: Answer = (unit, table, address, count) => {
    const lift = this.#lifts.find((one) => one.unit === unit);
    if (!lift) return null;
    this.#advance(lift.sim);
    const values = lift.sim.controllerValues();
    if (!values) return null;
    lift.registers.set(values);
    return lift.registers.read({ table, address, count }) ?? { exception: 2 };
  };

  #advance(sim: SimLift): void {
    const nowMs = this.#clock.monoMs();
    if (nowMs > sim.nowMs) sim.advanceTo(nowMs);
  }

  #tick(): void {
    const nowMs = this.#clock.monoMs();
    for (const { sim } of this.#lifts) this.#advance(sim);
    const changeMs = Math.min(...this.#lifts.map(({ sim }) => sim.nextChangeMs()), nowMs + TICK_MS);
    this.#stopTick = this.#clock.at(Math.max(changeMs, plus(nowMs, 1)) as MonoMs, () => this.#tick());
  }

  #watch(loaded: LoadedSite, line: InputLine, onLevel: (level: Level) => void): Stop {
    for (const lift of loaded.site.lifts) {
      const found = Object.entries(lift.inputs).find(
        ([, wired]) => wired?.bus === undefined && wired?.chip === line.chip && wired.offset === line.offset,
      );
      const sim = found && this.lift(lift.id);
      if (!sim) continue;
      const signal = found[0] as SignalName;
      const watched = { lift: lift.id, signal, onLevel };
      this.#watched.push(watched);
      onLevel({ on: sim.inputValues()[signal] === true, atMs: this.#clock.monoMs() });
      return () => this.#watched.splice(this.#watched.indexOf(watched), 1);
    }
    return () => undefined;
  }

  #tell(lift: string, signal: SignalName, level: Level): void {
    for (const one of this.#watched) if (one.lift === lift && one.signal === signal) one.onLevel(level);
  }
}
