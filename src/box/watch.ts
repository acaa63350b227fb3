/** The box, watched by itself: its own inputs, its clock, and what it is told of its session, into the fold of faults.ts. */

import type { Clock, Stop } from '../clock.ts';
import type { SiteBox } from '../config/schema.ts';
import type { Episode } from '../detect/judge.ts';
import type { InputLines, Thermometer } from '../ports.ts';
import { type Contact, edge, settle, UNSEEN } from '../sense/settle.ts';
import type { WallTrust } from '../wall.ts';
import { BOX_FAULTS, BOX_START, type BoxFaultEvent, type BoxFaultName, resumeBox, stepBox } from './faults.ts';

/** A supply that flickers for less has not failed. */
const SETTLE_MS = 100;

export class BoxWatch {
  readonly #box: SiteBox;
  readonly #clock: Clock;
  readonly #trust: WallTrust;
  readonly #thermometer: Thermometer | undefined;
  readonly #tell: (event: BoxFaultEvent) => void;
  readonly #contacts: { [K in keyof SiteBox['inputs']]?: Contact } = {};
  readonly #watched: Stop[] = [];
  #memory = BOX_START;

  constructor(parts: {
    readonly box: SiteBox;
    readonly clock: Clock;
    readonly inputs: InputLines;
    readonly trust: WallTrust;
    readonly thermometer?: Thermometer | undefined;
    tell(event: BoxFaultEvent): void;
    remark(line: string): void;
  }) {
    const { box, inputs, remark } = parts;
    this.#box = box;
    this.#clock = parts.clock;
    this.#trust = parts.trust;
    this.#thermometer = parts.thermometer;
    this.#tell = (event) => parts.tell(event);
    for (const name of ['powerPresent', 'batteryOk'] as const) {
      const line = box.inputs[name];
      if (!line) continue;
      this.#contacts[name] = UNSEEN;
      const watched = inputs.watch(
        line,
        ({ on, atMs }) => {
          const was = this.#contacts[name] ?? UNSEEN;
          this.#contacts[name] = on === null ? UNSEEN : edge(was, on, atMs, line.settleMs ?? SETTLE_MS);
        },
        (why) => remark(`${box.id} ${name}: ${why}`),
      );
      this.#watched.push(watched);
    }
  }

  /** The faults that stand, by name. */
  get open(): { readonly [fault: string]: Episode } {
    return Object.fromEntries(
      BOX_FAULTS.flatMap((fault): [BoxFaultName, Episode][] => {
        const { episode } = this.#memory[fault];
        return episode ? [[fault, episode]] : [];
      }),
    );
  }

  /** Takes up a fault that was open when the box stopped. */
  resume(fault: string, episode: Episode): void {
    this.#memory = resumeBox(this.#memory, fault, episode);
  }

  /** Looks at the box now; a few times a second. `online`: a session with the broker stands; undefined: there is no uplink. */
  look(online: boolean | undefined): void {
    const nowMs = this.#clock.monoMs();
    const facts = {
      powerPresent: this.#level('powerPresent'),
      batteryOk: this.#level('batteryOk'),
      online,
      clockTrust: this.#trust.now(),
      celsius: this.#thermometer?.celsius,
    };
    const [memory, events] = stepBox(this.#memory, facts, this.#box.limits, nowMs);
    this.#memory = memory;
    for (const event of events) this.#tell(event);
  }

  stop(): void {
    for (const stop of this.#watched) stop();
  }

  #level(name: keyof SiteBox['inputs']): boolean | null | undefined {
    const contact = this.#contacts[name];
    if (!contact) return undefined;
    const settled = settle(contact, this.#clock.monoMs());
    this.#contacts[name] = settled;
    return settled.level;
  }
}
