/** What a column foretells of its next value: the same for who writes a batch and who reads it. */

import type { Entry } from './digits.ts';
import { type Column, isWhole } from './form.ts';

export interface Foretold {
  /** the sum of what `add` names */
  readonly base: number;
  /** the row that `like` or `either` names, undefined where there was none: its value less its base */
  readonly before: unknown;
  /** what the row is like; null: the column remembers nothing */
  readonly key: string | null;
}

export class Memory {
  /** the present value of each column by name: of this row where it is known already, else of the last row that had it */
  readonly #now = new Map<string, unknown>();
  /** by name, by key */
  readonly #likes = new Map<string, Map<string, unknown>>();

  foretell({ name, add = [], like, either }: Column): Foretold {
    const key = this.#keyOf(like, either);
    return { base: this.#sumOf(add), before: key === null ? undefined : this.#likes.get(name)?.get(key), key };
  }

  /** The value that the entry makes of what was foretold. */
  take({ name }: Column, { base, before, key }: Foretold, entry: Entry): unknown {
    const rest = 'is' in entry ? lessBase(entry.is, base) : restOf(before, entry.add);
    const value = 'is' in entry ? entry.is : plusBase(rest, base);
    if (key !== null) this.#remember(name, key, rest);
    this.#now.set(name, value);
    return value;
  }

  #remember(name: string, key: string, rest: unknown): void {
    const known = this.#likes.get(name);
    if (known) known.set(key, rest);
    else this.#likes.set(name, new Map([[key, rest]]));
  }

  #keyOf(like: Column['like'], either: Column['either']): string | null {
    const names = like ?? either;
    if (!names) return null;
    const texts = names.map((name) => textOf(this.#now.get(name)));
    return (like ? texts : texts.sort()).join('\n');
  }

  #sumOf(names: readonly string[]): number {
    return names.reduce((sum, name) => {
      const value = this.#now.get(name);
      return isWhole(value) ? sum + value : sum;
    }, 0);
  }
}

/** Different for different values. */
function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value ?? null);
}

function plusBase(rest: unknown, base: number): unknown {
  return isWhole(rest) ? rest + base : rest;
}

function lessBase(value: unknown, base: number): unknown {
  return isWhole(value) && isWhole(value - base) ? value - base : value;
}

function restOf(before: unknown, add: number): unknown {
  if (isWhole(before)) return before + add;
  return add === 0 && before !== undefined ? before : add;
}

/** The entry that makes this value of what was foretold. Only whole numbers are added: every language makes the same of it. */
export function entryFor({ base, before }: Foretold, value: unknown): Entry {
  const add = isWhole(value) ? value - base - (isWhole(before) ? before : 0) : 0;
  const rest = restOf(before, add);
  const exact = isWhole(base) && isWhole(add) && (typeof rest !== 'number' || isWhole(rest) || rest === before);
  return exact && same(plusBase(rest, base), value) ? { add } : { is: value };
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
