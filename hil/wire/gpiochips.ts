/**
 * GPIO chips as a temporary folder, and programs that stand in for libgpiod's tools over them (gpiotools.sh), of version 1 or 2.
 * The driver starts them as it starts the real ones: processes, options, standard output and all.
 */

import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tools } from '../../drivers/gpio/gpiotools.ts';
import { type MonoMs, systemClock } from '../../src/clock.ts';
import { packageRoot } from '../../src/package.ts';

export interface FolderChip {
  readonly name: string;
  readonly label: string;
  readonly ngpio: number;
}

export class GpioChips {
  readonly #root = mkdtempSync(join(tmpdir(), 'hoistway-gpiochips-'));
  /** where the programs are */
  readonly dir = join(this.#root, 'bin');
  readonly #folder = join(this.#root, 'kernel');
  #chips: FolderChip[] = [];

  constructor(major: Tools['major'], chips: readonly FolderChip[]) {
    mkdirSync(this.dir);
    mkdirSync(this.#folder);
    const script = join(packageRoot, 'hil/wire/gpiotools.sh');
    for (const program of ['gpiodetect', 'gpioget', 'gpiomon']) {
      this.put(program, `exec /bin/sh '${script}' ${major} '${this.#folder}' ${program} "$@"`);
    }
    for (const chip of chips) this.plug(chip);
  }

  /** Another program in the place of one, as lines of a shell. */
  put(program: string, lines: string): void {
    const file = join(this.dir, program);
    writeFileSync(file, `#!/bin/sh\n${lines}\n`);
    chmodSync(file, 0o755);
  }

  plug(chip: FolderChip): void {
    const lines = join(this.#folder, chip.name);
    mkdirSync(lines);
    for (let offset = 0; offset < chip.ngpio; offset++) writeFileSync(join(lines, String(offset)), '0');
    this.#show([...this.#chips, chip]);
  }

  /** Pulls the chip: whoever has its lines is told so. */
  unplug(label: string): void {
    const { name } = this.#chipOf(label);
    this.#show(this.#chips.filter((chip) => chip.label !== label));
    this.#tell(name, 'gone');
    rmSync(join(this.#folder, name), { recursive: true });
  }

  /** Puts a level on the pin. `lost`: the kernel drops the edge. */
  set(label: string, offset: number, high: boolean, { lost = false } = {}): void {
    const { name } = this.#chipOf(label);
    const file = join(this.#folder, name, String(offset));
    if (readFileSync(file, 'utf8') === (high ? '1' : '0')) return;
    writeFileSync(file, high ? '1' : '0');
    if (!lost) this.edge(label, offset, high);
  }

  /** An edge as the kernel tells it, with its time stamp, whatever the level on the pin. */
  edge(label: string, offset: number, high: boolean, atMs: MonoMs = systemClock.monoMs()): void {
    const seconds = Math.floor(atMs / 1000);
    const nanoseconds = Math.round((atMs - seconds * 1000) * 1e6);
    this.#tell(this.#chipOf(label).name, `${offset} ${high ? 1 : 0} ${seconds} ${nanoseconds}`);
  }

  /** Another program takes the line, or gives it back; with a process that lives, as it must to have one. */
  hold(label: string, offset: number, held: boolean): void {
    const file = join(this.#folder, this.#chipOf(label).name, `${offset}.held`);
    if (held) writeFileSync(file, String(process.pid));
    else rmSync(file);
  }

  /** The line has no interrupt: it can be read, and not watched. */
  deafen(label: string, offset: number): void {
    writeFileSync(join(this.#folder, this.#chipOf(label).name, `${offset}.deaf`), '');
  }

  /** The processes that have lines of the chip now. */
  monitors(label: string): number[] {
    return this.#fifosOf(this.#chipOf(label).name).flatMap((fifo) => {
      const end = openEnd(fifo);
      if (end === null) return [];
      closeSync(end);
      return Number(/(\d+)\.fifo$/.exec(fifo)?.[1]);
    });
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #chipOf(label: string): FolderChip {
    const chip = this.#chips.find((one) => one.label === label);
    if (!chip) throw new Error(`no chip ${label} in the folder`);
    return chip;
  }

  #show(chips: FolderChip[]): void {
    this.#chips = chips;
    const lines = chips.map(({ name, label, ngpio }) => `${name} [${label}] (${ngpio} lines)\n`);
    writeFileSync(join(this.#folder, 'chips'), lines.join(''));
  }

  #fifosOf(name: string): string[] {
    const lines = join(this.#folder, name);
    if (!existsSync(lines)) return [];
    return readdirSync(lines)
      .filter((file) => file.endsWith('.fifo'))
      .map((file) => join(lines, file));
  }

  #tell(name: string, words: string): void {
    for (const fifo of this.#fifosOf(name)) {
      const end = openEnd(fifo);
      if (end === null) continue;
      writeSync(end, `${words}\n`);
      closeSync(end);
    }
  }
}

/** The end to write to; null where the process that read it is gone. */
function openEnd(fifo: string): number | null {
  try {
    return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}
