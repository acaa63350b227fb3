/** What every check across the settings is given. */

import type * as v from 'valibot';
import type { Document } from './document.ts';
import { type Path, type Problem, pathText } from './problems.ts';
import type { siteSchema } from './schema.ts';

/** A value of which any part may be absent, because the schema refused it. */
export type Sound<T> = T extends readonly (infer U)[]
  ? readonly (Sound<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Sound<T[K]> | undefined }
    : T;
export type SoundSite = Sound<v.InferInput<typeof siteSchema>>;
export type SoundLift = NonNullable<NonNullable<SoundSite['lifts']>[number]>;

export type Tell = (path: Path, said: string, expected: string, nearest?: string) => void;

export interface Checks {
  readonly problem: Tell;
  readonly warning: Tell;
  lineOf(path: Path): number;
}

export class Findings implements Checks {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  readonly problem: Tell = (...words) => this.problems.push(this.#told(...words));
  readonly warning: Tell = (...words) => this.warnings.push(this.#told(...words));

  lineOf(path: Path): number {
    return this.#document.valueAt(path).line;
  }

  #told(path: Path, said: string, expected: string, nearest?: string): Problem {
    const place = this.#document.valueAt(path);
    const { file } = this.#document;
    return { file, ...place, path: pathText(path), said, expected, ...(nearest !== undefined && { nearest }) };
  }
}

/** Told where something stands for the second time, with the line of the first. Undefined values are let through. */
export class Once {
  readonly #checks: Checks;
  readonly #firstAt = new Map<string, Path>();

  constructor(checks: Checks) {
    this.#checks = checks;
  }

  /** Calls `tell` with the line of the first. */
  see(value: string | undefined, path: Path, tell: (line: number) => void): void {
    if (value === undefined) return;
    const first = this.#firstAt.get(value);
    if (first) tell(this.#checks.lineOf(first));
    else this.#firstAt.set(value, path);
  }
}

/** The items that are there, each with its number in the list. */
export function numbered<T>(list: readonly (T | undefined)[] | undefined): [index: number, item: T][] {
  return (list ?? []).flatMap((item, index): [number, T][] => (item === undefined ? [] : [[index, item]]));
}
