/** `npm run docs`: writes what is made from the schema. A test fails while either file is out of date. */

import { writeFileSync } from 'node:fs';
import { siteJsonSchema } from './json-schema.ts';
import { referencePage } from './reference.ts';

writeFileSync(new URL('site.schema.json', import.meta.url), siteJsonSchema());
writeFileSync(new URL('REFERENCE.md', import.meta.url), referencePage());
