/** Which boots of the outbox belong to which run of the machine, and how far off its clock was: one file, across restarts. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Clock, type ClockTrust, type MonoMs, plus } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { StoredRecord } from '../outbox/port.ts';
import { writeWhole } from '../whole-file.ts';
import { noteBoot, noteSync, offsetOf, type Run, rebased } from './rebase.ts';

const runsSchema = v.array(
  v.object({ machine: v.string(), boots: v.array(v.string()), offsetMs: v.nullable(v.number()) }),
);

/** Linux draws it anew at each start of the machine. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** A disk that does not take it is left alone for so long. */
const KEEP_AGAIN_MS = 60_000;

export interface RunClockParts {
  readonly path: string;
  readonly clock: Clock;
  readonly trust: () => ClockTrust;
  readonly remark: (line: string) => void;
  /** names this run of the machine */
  readonly machine?: string;
}

export class RunClock {
  readonly #parts: RunClockParts;
  readonly #machine: string;
  #runs: readonly Run[];
  #kept: readonly Run[];
  #notBeforeMs: MonoMs | null = null;
  #told = '';

  constructor(parts: RunClockParts) {
    this.#parts = parts;
    this.#machine = parts.machine ?? nameOfThisRun();
    this.#runs = this.#read();
    this.#kept = this.#runs;
  }

  /** `boot`: what the outbox now calls itself. A few times a second; writes at a start and at the first synchronisation. */
  look(boot: string): void {
    const { clock, trust } = this.#parts;
    const noted = noteBoot(this.#runs, this.#machine, boot);
    this.#runs = trust() === 'ntp' ? noteSync(noted, clock.wallMs() - clock.monoMs()) : noted;
    if (this.#runs === this.#kept || (this.#notBeforeMs !== null && clock.monoMs() < this.#notBeforeMs)) return;
    this.#keep();
  }

  /** The record as it is to be sent now. */
  rebase(record: StoredRecord): StoredRecord {
    const body = rebased(record.body, offsetOf(this.#runs, record.boot));
    return body === record.body ? record : { ...record, body };
  }

  #keep(): void {
    const { path, clock } = this.#parts;
    try {
      writeWhole(path, JSON.stringify(this.#runs));
      this.#kept = this.#runs;
      this.#notBeforeMs = null;
      this.#told = '';
    } catch (error) {
      this.#notBeforeMs = plus(clock.monoMs(), KEEP_AGAIN_MS);
      this.#once(t(`the time of this run cannot be kept: ${reasonOf(error)}`, `无法保存校时信息：${reasonOf(error)}`));
    }
  }

  /** A file that is not there, or not whole: what is still in the outbox from before is sent as it is. */
  #read(): readonly Run[] {
    try {
      return v.parse(runsSchema, JSON.parse(readFileSync(this.#parts.path, 'utf8')));
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT')
        this.#once(t(`the kept times are not whole: ${reasonOf(error)}`, `校时信息文件损坏：${reasonOf(error)}`));
      return [];
    }
  }

  #once(line: string): void {
    if (line !== this.#told) this.#parts.remark(line);
    this.#told = line;
  }
}

/** Where the kernel gives no name, each start of the program passes for a run of its own. */
function nameOfThisRun(): string {
  try {
    return readFileSync(BOOT_ID, 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
