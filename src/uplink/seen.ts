/**
 * Which records were seen, by (box, boot, seq): for a receiver that wants each once. Kept as runs of numbers without a gap,
 * because a box counts 1, 2, 3 ...: memory does not grow with the records.
 */

/** Runs kept for a boot, and boots kept in all. What is dropped is the oldest, and a late repeat of it passes for new. */
const RUNS_LIMIT = 1000;
const BOOTS_LIMIT = 10_000;

interface Run {
  first: number;
  last: number;
}

export class SeenRecords {
  readonly #boots = new Map<string, Run[]>();

  /** Notes the record; true where it was seen before. */
  note(box: string, boot: string, seq: number): boolean {
    const key = `${box}/${boot}`;
    const runs = this.#boots.get(key) ?? [];
    // Set again, so that the boot heard longest ago is the first of the map.
    this.#boots.delete(key);
    this.#boots.set(key, runs);
    const oldest = this.#boots.keys().next();
    if (this.#boots.size > BOOTS_LIMIT && !oldest.done) this.#boots.delete(oldest.value);
    return noteIn(runs, seq);
  }
}

/** `runs` rise and do not touch. New records mostly belong at the end. */
function noteIn(runs: Run[], seq: number): boolean {
  let at = runs.length;
  while (at > 0 && (runs[at - 1]?.first ?? 0) > seq) at--;
  const below = runs[at - 1];
  const above = runs[at];
  if (below && seq <= below.last) return true;
  const joinsBelow = below?.last === seq - 1;
  const joinsAbove = above?.first === seq + 1;
  if (below && above && joinsBelow && joinsAbove) {
    below.last = above.last;
    runs.splice(at, 1);
  } else if (below && joinsBelow) below.last = seq;
  else if (above && joinsAbove) above.first = seq;
  else runs.splice(at, 0, { first: seq, last: seq });
  if (runs.length > RUNS_LIMIT) runs.shift();
  return false;
}
