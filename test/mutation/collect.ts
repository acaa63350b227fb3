/**
 * What the test files get for `uvu` while mutants are tried: it runs nothing, and hands the tests over one by one. So a mutant
 * is tried on the tests that cover it and on no others, in a process that has loaded them once.
 */

export interface Collected {
  readonly name: string;
  readonly handler: () => unknown;
}

let collected: Collected[] = [];

function add(name: string, handler: () => unknown): void {
  collected.push({ name, handler });
}

export const test = Object.assign(add, { run: () => {} });

/** The tests collected since the last call. */
export function taken(): Collected[] {
  const tests = collected;
  collected = [];
  return tests;
}
