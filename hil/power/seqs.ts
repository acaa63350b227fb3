/**
 * Of each boot: kept, released, and told of by gap records are all seqs. What was released may also have been evicted before it was
 * forgotten, and is then told of though the receiver has it.
 */

import { isGap, type Seen } from './said.ts';

class OfBoot {
  last = 0;
  readonly kept = new Set<number>();
  readonly released = new Set<number>();
  /** what gap records tell of it: how many, those among them that may be told of again, and where */
  told = 0;
  mayBeTwice = 0;
  readonly spans: (readonly [first: number, last: number])[] = [];
}

/** `gone`: seen before and kept no more. `released`: ids that the reader may have done with. */
export function countSeqs(
  kept: readonly Seen[],
  gone: readonly Seen[],
  released: ReadonlySet<number>,
): { problems: string[]; evicted: boolean } {
  const boots = new Map<string, OfBoot>();
  const ofBoot = (boot: string) => {
    const known = boots.get(boot) ?? new OfBoot();
    boots.set(boot, known);
    return known;
  };
  let evicted = false;
  const place = (seen: Seen, isKept: boolean) => {
    const boot = ofBoot(seen.boot);
    boot.last = Math.max(boot.last, seen.seq);
    if (isKept) boot.kept.add(seen.seq);
    else if (released.has(seen.id)) boot.released.add(seen.seq);
    else return;
    if (!isGap(seen.is)) return;
    evicted = true;
    const { gapBoot, firstSeq, lastSeq, count } = seen.is;
    const of = ofBoot(gapBoot);
    of.last = Math.max(of.last, lastSeq);
    of.told += count;
    if (!isKept) of.mayBeTwice += count;
    of.spans.push([firstSeq, lastSeq]);
  };
  for (const seen of kept) place(seen, true);
  for (const seen of gone) place(seen, false);
  return { problems: [...boots].flatMap(([boot, of]) => problemsOf(boot, of)), evicted };
}

function problemsOf(boot: string, { last, kept, released, told, mayBeTwice, spans }: OfBoot): string[] {
  const problems: string[] = [];
  let missing = 0;
  for (let seq = 1; seq <= last; seq++) {
    if (kept.has(seq) || released.has(seq)) continue;
    missing++;
    const isTold = spans.some(([first, until]) => seq >= first && seq <= until);
    if (!isTold) problems.push(`${boot} ${seq}: lost`);
  }
  if (told < missing || told > missing + released.size + mayBeTwice) {
    problems.push(`${boot}: ${missing} of ${last} missing, gap records tell of ${told} (${released.size} released)`);
  }
  return problems;
}
