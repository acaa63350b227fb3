import { distance } from 'fastest-levenshtein';

/** Shorter words than this are no abbreviation of anything. */
const LEAST_PREFIX = 4;

/** The candidate that was probably meant: the same but for case and dashes, a beginning of it, or a few letters off. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const bare = plain(word);
  const same = candidates.find((candidate) => plain(candidate) === bare);
  if (same !== undefined) return same;
  let best: string | undefined;
  let least = Math.ceil(bare.length / 3) + 1;
  for (const candidate of candidates) {
    const off = distance(bare, plain(candidate));
    if (off < least) [best, least] = [candidate, off];
  }
  return best ?? candidates.find((candidate) => begins(bare, plain(candidate)));
}

function plain(word: string): string {
  return word
    .slice(0, 100)
    .toLowerCase()
    .replace(/[\s_.-]/g, '');
}

function begins(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= LEAST_PREFIX && (a.startsWith(b) || b.startsWith(a));
}
