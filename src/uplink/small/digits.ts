/**
 * Entries of columns as text: one character a row, in base 36, in one string for each place of a number. So no entry pays for a
 * comma, and what varies little stands together. What is missing at the end of a string is 0.
 */

/** A whole number to add to what the column foretells, or the value as it is. */
export type Entry = { readonly add: number } | { readonly is: unknown };

export const BASE = 36;
/** Larger numbers stand among the batch's others. */
const MOST_PLACES = 5;
export const MOST_ADDED = BASE ** MOST_PLACES - 1;

/** These stand in the lowest place for a value as it is, which some are in every trip; any other such value is the next of the batch's others. */
const SAID: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['T', true],
  ['F', false],
  ['N', null],
  ['U', 'up'],
  ['D', 'down'],
]);
const LETTERS: ReadonlyMap<unknown, string> = new Map([...SAID].map(([letter, value]) => [value, letter]));
const OTHER = '*';
const ZERO = '0'.charCodeAt(0);

/** The digits of each entry, which is at least `least`, unless it is a value as it is. */
export function textsOf(entries: readonly Entry[], least: number): string[] {
  return entries.map((entry) => ('add' in entry ? (entry.add - least).toString(BASE) : letterOf(entry.is)));
}

/** The characters of one place of all rows; 0 is the lowest. */
export function placeOf(texts: readonly string[], place: number): string {
  let characters = '';
  for (const text of texts) characters += text[text.length - 1 - place] ?? '0';
  let end = characters.length;
  while (end > 0 && characters.charCodeAt(end - 1) === ZERO) end--;
  return characters.slice(0, end);
}

export function widestOf(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function letterOf(value: unknown): string {
  return LETTERS.get(value) ?? OTHER;
}

/** True where the value stands among the batch's others. */
export function isOther(entry: Entry): boolean {
  return 'is' in entry && letterOf(entry.is) === OTHER;
}

/** The entry of a row, of its places with the highest first. `other` gives the next of the batch's others. */
export function entryOf(
  places: readonly (string | undefined)[],
  row: number,
  least: number,
  other: () => unknown,
): Entry {
  const text = places.map((place) => place?.[row] ?? '0').join('');
  const letter = text.at(-1) ?? '0';
  if (letter === OTHER) return { is: other() };
  if (SAID.has(letter)) return { is: SAID.get(letter) };
  const add = text === '' ? 0 : Number.parseInt(text, BASE);
  if (!/^[0-9a-z]*$/.test(text)) throw new Error(`'${text}' is no number`);
  return { add: least + add };
}
