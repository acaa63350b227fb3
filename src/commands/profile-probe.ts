/** Each field of a profile asked for by itself, at both bases that its address may count from. Reads only. */

import { type Clock, sleep } from '../clock.ts';
import type { Profile, ProfileField } from '../config/profile.ts';
import { t } from '../language.ts';
import type { ModbusLine } from '../ports.ts';
import { type Decoded, type Field, fieldsOf } from '../sense/decode.ts';
import { isBits } from '../sense/frame.ts';
import type { ReadRequest } from '../sense/observation.ts';

/** One field read as if addresses counted from `base`. */
export interface Probe {
  readonly signal: string;
  readonly table: string;
  readonly type: ProfileField['type'];
  /** as the profile writes it */
  readonly address: number;
  readonly base: 0 | 1;
  /** 0-based, as it was asked for; null: that base has no such address */
  readonly wire: number | null;
  /** the base is that of the profile */
  readonly own: boolean;
  /** a word per register, or 0/1; null: see `why` */
  readonly words: readonly number[] | null;
  readonly value: Decoded;
  readonly why: string | null;
}

/** Requests in a row without any answer, after which nobody is there. */
const SILENT_AT_MOST = 3;

export interface ProbeSettings {
  readonly line: ModbusLine;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly unit: number;
  /** after a time-out nothing is asked for so long */
  readonly lateReplyWindowMs: number;
  readonly signal: AbortSignal;
}

export async function probe(settings: ProbeSettings): Promise<Probe[]> {
  const { profile } = settings;
  const asker = new Asker(settings);
  const probes: Probe[] = [];
  const ready = fieldsOf(profile);
  for (const [index, field] of profile.fields.entries()) {
    for (const base of [0, 1] as const) {
      if (settings.signal.aborted) return probes;
      const wire = field.address - base;
      const common = {
        ...{ signal: field.signal, table: field.table, type: field.type, address: field.address, base },
        own: base === profile.addressBase,
      };
      const one = ready[index];
      if (!one || wire < 0 || wire > 65_535) {
        const why = t('no such address', '无此地址');
        probes.push({ ...common, wire: null, words: null, value: null, why });
      } else probes.push({ ...common, wire, ...(await asker.ask(one, wire)) });
    }
  }
  return probes;
}

/** Asks for two registers where it may, so that both word orders can be seen, and for one where that is refused. */
class Asker {
  readonly #settings: ProbeSettings;
  #silent = 0;
  #answered = false;

  constructor(settings: ProbeSettings) {
    this.#settings = settings;
  }

  async ask(field: Field, wire: number): Promise<Pick<Probe, 'words' | 'value' | 'why'>> {
    const { maxRegisters, groupSize } = this.#settings.profile.quirks;
    const alone = Math.floor(wire / groupSize) !== Math.floor((wire + 1) / groupSize);
    const two = !isBits(field) && maxRegisters > 1 && wire < 65_535 && !alone;
    const counts = two ? [2, ...(field.size === 1 ? [1] : [])] : [field.size];
    let why: string | null = null;
    for (const count of counts) {
      const answer = await this.#read({ unit: this.#settings.unit, table: field.table, address: wire, count });
      if ('words' in answer) return { words: answer.words, value: field.decode(answer.words, 0), why: null };
      why = answer.why;
      if (!answer.refused) break;
    }
    return { words: null, value: null, why };
  }

  async #read(request: ReadRequest): Promise<{ words: readonly number[] } | { why: string; refused: boolean }> {
    if (!this.#answered && this.#silent >= SILENT_AT_MOST) {
      return { why: t('not asked: the unit never answers', '未询问：从站始终无应答'), refused: false };
    }
    const { line, clock, lateReplyWindowMs, signal } = this.#settings;
    const outcome = await line.read(request);
    this.#answered ||= outcome.ok || outcome.why === 'exception';
    if (outcome.ok) return { words: outcome.values };
    if (outcome.why === 'timeout') {
      this.#silent++;
      await sleep(clock, lateReplyWindowMs, signal);
    }
    return { why: outcome.what, refused: outcome.why === 'exception' };
  }
}
