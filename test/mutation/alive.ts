/** The mutants that may live, each with its reason: test/mutation/alive.yaml. They are known by their text, not by their line. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const schema = v.array(
  v.strictObject({
    why: v.pipe(v.string(), v.minLength(20)),
    /** file, the line it is on, the text that is changed, and what it is changed to; long texts are cut */
    mutants: v.pipe(v.array(v.strictTuple([v.string(), v.string(), v.string(), v.string()])), v.minLength(1)),
  }),
);

export type Alive = v.InferOutput<typeof schema>;
export type Mutant = Alive[number]['mutants'][number];

/** One text for a mutant: equal for two of the same change on one line, which are then one entry. */
export const keyOf = (mutant: Mutant): string => JSON.stringify(mutant);

export function readAlive(folder = import.meta.dirname): Alive {
  return v.parse(schema, parse(readFileSync(join(folder, 'alive.yaml'), 'utf8')));
}

const MOST_CHARACTERS = 100;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** `start` and `end` count from 1; `end` is the first character that is not changed. */
export function mutantOf(file: string, text: string, start: Place, end: Place, replacement: string): Mutant {
  const lines = text.split('\n');
  const at = ({ line, column }: Place) => lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  return [
    file,
    shortened(lines[start.line - 1] ?? ''),
    shortened(text.slice(at(start), at(end))),
    shortened(replacement),
  ];
}
