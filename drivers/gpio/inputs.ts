/** What the drivers of inputs have in common. */

import { GatewayError, reasonOf } from '../../src/errors.ts';
import { t } from '../../src/language.ts';
import type { InputLines } from '../../src/ports.ts';

/** A line, a chip or a whole kernel that cannot be used is tried again after 1 s, then 2, 4, 8, 16, and then each 30 s. */
export const RETRY_FIRST_MS = 1000;
export const RETRY_MOST_MS = 30_000;

export interface Inputs extends InputLines {
  /** edges that happened and were never told: found by reading again, or by a level that came twice */
  readonly lost: number;
}

/** The trouble of one watch, told once per change. */
export class Told {
  readonly #onTrouble: (why: string) => void;
  #last: string | null = null;

  constructor(onTrouble: (why: string) => void) {
    this.#onTrouble = onTrouble;
  }

  /** null: the line is open. */
  trouble(cause: unknown): void {
    const why = cause === null ? null : wordsOf(cause);
    if (why === this.#last) return;
    this.#last = why;
    this.#onTrouble(why ?? t('the input is read again', '输入已恢复'));
  }
}

function wordsOf(cause: unknown): string {
  return cause instanceof GatewayError ? `${cause.message} (${cause.hint})` : reasonOf(cause);
}
