/** `npm run docs`: writes what is made from schemas and tables. A test fails while one of the files is out of date. */

import { writeFileSync } from 'node:fs';
import { metricsPage } from '../uplink/sparkplug/metrics-page.ts';
import { siteJsonSchema } from './json-schema.ts';
import { referencePage } from './reference.ts';

writeFileSync(new URL('site.schema.json', import.meta.url), siteJsonSchema());
writeFileSync(new URL('REFERENCE.md', import.meta.url), referencePage());
writeFileSync(new URL('../uplink/sparkplug/METRICS.md', import.meta.url), metricsPage());
