/**
 * What came of every box, over all the workers of a consumer group: whether each record is there, in order per lift, and repeats only
 * under the same (box, boot, seq).
 */

import type { StreamName } from '../../src/uplink/drain.ts';
import { SeenRecords } from '../../src/uplink/seen.ts';
import { atMsOf } from './records.ts';

/** A message as `hoistway listen --json` prints it. */
export interface Heard {
  readonly type: string;
  readonly box: string;
  readonly boot: string;
  readonly seq: number;
  readonly lift?: string;
  readonly fault?: string;
  readonly atMs?: number;
  readonly repeat?: boolean;
}

export interface Verdict {
  readonly records: number;
  readonly repeats: number;
  /** made by a box and never heard, with the first few by name */
  readonly missing: number;
  /** heard before an older one of the same lift and kind */
  readonly disordered: number;
  /** under the number of another record, or a repeat that the worker did not know for one */
  readonly false: number;
  readonly examples: readonly string[];
}

const EXAMPLES = 10;

export class Receipt {
  readonly #seen = new SeenRecords();
  readonly #counts = new Map<string, number>();
  /** highest seq of each kind of each lift, by `box/boot/lift/kind` */
  readonly #newest = new Map<string, number>();
  readonly #examples: string[] = [];
  records = 0;
  repeats = 0;
  #disordered = 0;
  #false = 0;

  note(heard: Heard): void {
    const { type, box, boot, seq, lift, atMs, repeat } = heard;
    if (type === 'status') return;
    const known = this.#seen.note(box, boot, seq);
    if (known !== (repeat === true)) this.#false += this.#tell(`${box} ${seq}: a repeat, or not?`);
    if (atMs !== atMsOf(seq)) this.#false += this.#tell(`${box} ${seq}: another's content`);
    if (known) {
      this.repeats++;
      return;
    }
    this.records++;
    const key = `${box}/${boot}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const kind = `${key}/${lift}/${kindOf(heard)}`;
    if (seq < (this.#newest.get(kind) ?? 0)) this.#disordered += this.#tell(`${box} ${seq}: after a newer one`);
    else this.#newest.set(kind, seq);
  }

  /** `made`: how many records each box made, all in one boot. */
  verdict(made: Iterable<{ readonly box: string; readonly boot: string; readonly records: number }>): Verdict {
    let missing = 0;
    for (const { box, boot, records } of made) {
      const lacks = records - (this.#counts.get(`${box}/${boot}`) ?? 0);
      if (lacks !== 0) this.#tell(`${box}: ${lacks} of ${records} never came`);
      missing += Math.abs(lacks);
    }
    const { records, repeats } = this;
    return { records, repeats, missing, disordered: this.#disordered, false: this.#false, examples: this.#examples };
  }

  #tell(example: string): 1 {
    if (this.#examples.length < EXAMPLES) this.#examples.push(example);
    return 1;
  }
}

function kindOf({ type, fault }: Heard): StreamName {
  if (type !== 'fault') return 'telemetry';
  return fault === 'entrapment' ? 'urgent' : 'alarm';
}
