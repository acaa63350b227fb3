/** METRICS.md, from the rows: `npm run docs`. */

import type { KnownType } from '../messages.ts';
import { typesOf } from './device.ts';
import { LIFT_ROWS, OTHER_ROWS, RECORD_ROWS, type Row, TYPE_ROWS, unitOf } from './rows.ts';

/** The text of METRICS.md. */
export function metricsPage(): string {
  return [
    '<!-- biome-ignore-all format: made from rows.ts -->',
    '',
    '# Metrics of the Sparkplug dialect',
    '',
    'Made from rows.ts by `npm run docs`. What stands behind the type is the property of the record in JSON',
    '([uplink](../README.md#messages)), and the description of a property there holds here. A metric is null where the record has no',
    'such property or says null.',
    '',
    ...device('A lift (device): DBIRTH, DDATA', null, [['lift', LIFT_ROWS]], typesOf('a lift')),
    ...device(
      'The box (edge node): NBIRTH, NDATA',
      'Beside them `bdSeq`, `Node Control/Rebirth`, `Properties/Software` and `Properties/Version`.',
      [],
      typesOf(null),
    ),
  ].join('\n');
}

function device(
  title: string,
  note: string | null,
  facts: readonly (readonly [string, readonly Row[]])[],
  types: readonly KnownType[],
): string[] {
  const groups = [
    ...facts,
    ['record', RECORD_ROWS] as const,
    ...types.map((type) => [type, TYPE_ROWS[type]] as const),
    ['other', OTHER_ROWS] as const,
  ];
  return [
    `## ${title}`,
    '',
    ...(note === null ? [] : [note, '']),
    '| metric | datatype | unit | 含义 |',
    '|---|---|---|---|',
    ...groups.flatMap(([group, rows]) =>
      rows.map(({ name, datatype, zh }) => `| \`${group}/${name}\` | ${datatype} | ${unitOf(name) ?? ''} | ${zh} |`),
    ),
    '',
  ];
}
