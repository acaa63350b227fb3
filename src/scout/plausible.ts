/** What the words of a field can be on a real lift, and how much a plausible one says. Pure. */

import type { Decoded, Field } from '../sense/decode.ts';

/** Landings above this are no lift's. */
const MOST_LANDINGS = 64;
const FASTEST_MM_PER_S = 7000;
const [LOWEST_MM, HIGHEST_MM] = [-20_000, 700_000];
const MOST_LOAD_PERCENT = 200;
const HIGHEST_FAULT_CODE = 999;

/** `faultCodes`: the numbers that the profile lists; where it lists none any small one will do. */
export function isPlausible({ signal }: Field, value: Decoded, faultCodes: ReadonlySet<string>): boolean {
  if (value === null) return false;
  if (typeof value !== 'number') return true;
  switch (signal) {
    case 'landing':
      return Number.isInteger(value) && value >= 0 && value < MOST_LANDINGS;
    case 'speedMmPerS':
      return Math.abs(value) < FASTEST_MM_PER_S;
    case 'positionMm':
      return value >= LOWEST_MM && value <= HIGHEST_MM;
    case 'loadPercent':
      return value >= 0 && value <= MOST_LOAD_PERCENT;
    case 'faultCode':
      return value === 0 || (faultCodes.size > 0 ? faultCodes.has(String(value)) : value <= HIGHEST_FAULT_CODE);
    default:
      return true;
  }
}

/** Words of a device that is no lift: half of them anything, half of them small numbers, as registers mostly hold. */
const SMALL_WORDS = Array.from({ length: 32 }, (_, word) => word);
const ANY_WORDS = Array.from({ length: 1024 }, (_, at) => (at * 40_503 + 7) & 0xffff);

/** How much it says that a field's words are plausible, in bits: 0 where any words would be. */
export function evidenceBits(field: Field, faultCodes: ReadonlySet<string>): number {
  const passes = (words: number[]) => isPlausible(field, field.decode(words, 0), faultCodes);
  const share = (pool: readonly number[]) => {
    const drawn = pool.map((word, at) => (field.size === 1 ? [word] : [word, pool[(at * 7 + 3) % pool.length] ?? 0]));
    return drawn.filter(passes).length / drawn.length;
  };
  const chance = 0.5 * share(ANY_WORDS) + 0.5 * share(SMALL_WORDS);
  return chance > 0 ? -Math.log2(chance) : 0;
}
