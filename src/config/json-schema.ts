/** The site schema for editors: completion, hover text and red lines while typing. Needs a package of development only. */

import { toJsonSchema } from '@valibot/to-json-schema';
import { siteSchema } from './schema.ts';

/** JSON Schema, draft 7, as the text of site.schema.json. Descriptions are English, then Chinese. */
export function siteJsonSchema(): string {
  const schema = toJsonSchema(siteSchema, {
    typeMode: 'input',
    overrideAction({ valibotAction, jsonSchema }) {
      if (valibotAction.type !== 'metadata') return undefined;
      const { description, zh } = (valibotAction as unknown as { metadata: { description: string; zh: string } })
        .metadata;
      const { zh: _, ...rest } = jsonSchema as typeof jsonSchema & { zh?: unknown };
      return { ...rest, description: `${description}\n${zh}` };
    },
  });
  return `${JSON.stringify({ ...schema, title: 'Hoistway site file' }, null, 2)}\n`;
}
