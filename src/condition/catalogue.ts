/** The catalogue of conditions, seeds/conditions.yaml: what each is called, and what to do. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { pair, parseRows, text } from '../detect/catalogue.ts';
import { CONDITIONS, type ConditionName } from '../lift/events.ts';
import { packageRoot } from '../package.ts';

const row = v.strictObject({ title: pair, source: text, next: pair });
/** Keyed strictly: a condition without a row, and a row without a condition, are both refused. */
const schema = v.strictObject(
  Object.fromEntries(CONDITIONS.map((condition) => [condition, row])) as { [C in ConditionName]: typeof row },
);

export type ConditionCatalogue = v.InferOutput<typeof schema>;

let loaded: ConditionCatalogue | null = null;

/** Read once. Throws GatewayError `profile-invalid` where the file was changed and is wrong. */
export function loadConditions(): ConditionCatalogue {
  if (loaded === null) {
    const path = join(packageRoot, 'seeds', 'conditions.yaml');
    loaded = parseConditions(readFileSync(path, 'utf8'), path);
  }
  return loaded;
}

/** `where` is the path that an error names. */
export function parseConditions(yaml: string, where: string): ConditionCatalogue {
  return parseRows(schema, yaml, where);
}
