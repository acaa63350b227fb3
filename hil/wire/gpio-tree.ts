/**
 * The kernel's sysfs tree of GPIO as a temporary folder. It shows what the kernel shows, and refuses what it refuses.
 * A plain file cannot tell edges by epoll, so the tree opens lines itself (`openLine`), by its own files.
 */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { LineEvents, LineOpener } from '../../drivers/gpio/onoff-line.ts';
import { exportLine, pathOf, unexportLine } from '../../drivers/gpio/sysfs.ts';
import { type Clock, plus } from '../../src/clock.ts';

export interface TreeChip {
  readonly label: string;
  readonly base: number;
  readonly ngpio: number;
}

interface TreeLine {
  /** the level on the pin, before polarity */
  high: boolean;
  /** an edge waits to be told; more of them before that are told as one, as the kernel does */
  waiting: boolean;
  listener: LineEvents | null;
}

export class GpioTree {
  readonly root = mkdtempSync(join(tmpdir(), 'hoistway-gpio-'));
  readonly #chips: TreeChip[] = [];
  readonly #lines = new Map<number, TreeLine>();
  readonly #clock: Clock;
  readonly #readyAfterMs: number;

  /** `readyAfterMs`: how long udev takes to make the files of an exported line usable. */
  constructor(clock: Clock, chips: readonly TreeChip[], readyAfterMs = 0) {
    this.#clock = clock;
    this.#readyAfterMs = readyAfterMs;
    for (const file of ['export', 'unexport']) writeFileSync(join(this.root, file), '');
    for (const chip of chips) this.plug(chip);
  }

  plug(chip: TreeChip): void {
    this.#chips.push(chip);
    const dir = join(this.root, `gpiochip${chip.base}`);
    mkdirSync(dir);
    for (const file of ['label', 'base', 'ngpio'] as const) writeFileSync(join(dir, file), `${chip[file]}\n`);
  }

  /** Pulls the chip: its lines are gone, and whoever watches one is told an error. */
  unplug(label: string): void {
    const at = this.#chips.findIndex((chip) => chip.label === label);
    const [chip] = this.#chips.splice(at, 1);
    if (at < 0 || !chip) throw new Error(`no chip ${label} in the tree`);
    rmSync(join(this.root, `gpiochip${chip.base}`), { recursive: true });
    for (let number = chip.base; number < chip.base + chip.ngpio; number++) {
      rmSync(pathOf(this.root, number), { recursive: true, force: true });
      const listener = this.#lines.get(number)?.listener;
      this.#lines.delete(number);
      listener?.onError(refused('ENODEV', 'poll'));
    }
  }

  /** Puts a level on the pin. The edge is told soon, `lateMs` later, or never (`lost`): as by a kernel under load. */
  set(chip: string, offset: number, high: boolean, { lost = false, lateMs = 0 } = {}): void {
    const number = this.numberOf(chip, offset);
    const line = this.#line(number);
    if (line.high === high) return;
    line.high = high;
    if (!existsSync(join(pathOf(this.root, number), 'value'))) return;
    this.#show(number);
    if (lost || line.waiting || line.listener === null || this.#read(number, 'edge') !== 'both') return;
    line.waiting = true;
    const tell = () => {
      line.waiting = false;
      if (this.#lines.get(number) === line) line.listener?.onEdge(this.#value(number));
    };
    if (lateMs > 0) this.#clock.at(plus(this.#clock.monoMs(), lateMs), tell);
    else setImmediate(tell);
  }

  numberOf(chip: string, offset: number): number {
    const found = this.#chips.find(({ label }) => label === chip);
    if (!found || offset >= found.ngpio) throw new Error(`no line ${chip} ${offset} in the tree`);
    return found.base + offset;
  }

  /** Whether the line is exported now. */
  isExported(chip: string, offset: number): boolean {
    return existsSync(pathOf(this.root, this.numberOf(chip, offset)));
  }

  /** A write to a file of the tree, with the kernel's answers. */
  readonly write = (path: string, text: string): void => {
    const file = basename(path);
    if (file === 'export' || file === 'unexport') {
      const number = Number(text);
      if (file === 'export') this.#export(number);
      else this.#unexport(number);
      return;
    }
    const allowed = {
      direction: ['in', 'out', 'high', 'low'],
      edge: ['none', 'rising', 'falling', 'both'],
      active_low: ['0', '1'],
    };
    const words = allowed[file as keyof typeof allowed];
    if (!words?.includes(text) || !existsSync(path))
      throw refused(words && existsSync(path) ? 'EINVAL' : 'ENOENT', 'write');
    const number = Number(basename(dirname(path)).slice('gpio'.length));
    if (file === 'edge' && text !== 'none' && this.#read(number, 'direction') !== 'in') throw refused('EIO', 'write');
    writeFileSync(path, `${file === 'direction' && text !== 'in' ? 'out' : text}\n`);
    this.#show(number);
  };

  readonly openLine: LineOpener = async (wish, events) => {
    const { number, activeLow } = wish;
    const files = { ...wish, write: this.write };
    const path = await exportLine(files);
    this.write(join(path, 'active_low'), activeLow ? '1' : '0');
    this.write(join(path, 'direction'), 'in');
    this.write(join(path, 'edge'), 'both');
    this.#line(number).listener = events;
    return {
      read: () => this.#value(number),
      close: () => {
        this.#line(number).listener = null;
        unexportLine(files);
      },
    };
  };

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #line(number: number): TreeLine {
    const line = this.#lines.get(number) ?? { high: false, waiting: false, listener: null };
    this.#lines.set(number, line);
    return line;
  }

  #export(number: number): void {
    if (!this.#chips.some(({ base, ngpio }) => number >= base && number < base + ngpio))
      throw refused('EINVAL', 'write');
    const path = pathOf(this.root, number);
    if (existsSync(path)) throw refused('EBUSY', 'write');
    mkdirSync(path);
    const appear = () => {
      if (!existsSync(path)) return;
      const files = { direction: 'in', edge: 'none', active_low: '0', value: '0' };
      for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), `${text}\n`);
      this.#show(number);
    };
    if (this.#readyAfterMs === 0) appear();
    else this.#clock.at(plus(this.#clock.monoMs(), this.#readyAfterMs), appear);
  }

  #unexport(number: number): void {
    const path = pathOf(this.root, number);
    if (!existsSync(path)) throw refused('EINVAL', 'write');
    rmSync(path, { recursive: true });
  }

  #show(number: number): void {
    const on = this.#line(number).high !== (this.#read(number, 'active_low') === '1');
    writeFileSync(join(pathOf(this.root, number), 'value'), on ? '1\n' : '0\n');
  }

  #value(number: number): boolean {
    try {
      return this.#read(number, 'value') === '1';
    } catch {
      throw refused('ENODEV', 'read');
    }
  }

  #read(number: number, file: string): string {
    return readFileSync(join(pathOf(this.root, number), file), 'utf8').trim();
  }
}

function refused(code: string, call: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${call}`), { code, syscall: call });
}
