/** The reference page of the site file and of profiles, from the schemas: a table for each section. */

import { profileSchema } from './profile.ts';
import { siteSchema } from './schema.ts';
import {
  aboutOf,
  bare,
  choicesOf,
  isBlock,
  isNullable,
  isRequired,
  type Part,
  partOf,
  rangeOf,
  variantsOf,
} from './shape.ts';

/** The text of REFERENCE.md. */
export function referencePage(): string {
  return [
    '<!-- biome-ignore-all format: made from the schemas -->',
    '',
    '# Settings',
    '',
    'Made from the schemas by `npm run docs`; edit schema.ts and profile.ts instead. Names in **bold** must be given.',
    '',
    '## Site file',
    '',
    ...section('', partOf(siteSchema)),
    '## Controller profile',
    '',
    ...section('', partOf(profileSchema)),
  ].join('\n');
}

/** A table, and then those of the blocks within it. */
function section(path: string, part: Part): string[] {
  const block = bare(part);
  if (block.type === 'variant') {
    return variantsOf(block).flatMap(({ name, part: option }) =>
      section(`${path} ${/^with/.test(name) ? name : `of type ${name}`}`, option),
    );
  }
  const entries = Object.entries(block.entries ?? {});
  const inner = entries.flatMap(([name, each]) => {
    const item = bare(each).item;
    const below = path === '' ? name : `${path}.${name}`;
    return hasTable(item ?? each) ? section(item ? `${below}[]` : below, item ?? each) : [];
  });
  const { columns, rows } = table(path, entries);
  return [
    ...(path === '' ? [] : [`### ${path}`, '']),
    columns,
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...dropRepeats(inner),
  ];
}

function hasTable(part: Part): boolean {
  return isBlock(part) && bare(part).type !== 'record';
}

function table(path: string, entries: readonly [string, Part][]): { columns: string; rows: string[] } {
  const alike = new Map<Part, string[]>();
  // Inputs are one and the same block for each signal: one row, and one table.
  for (const [name, part] of entries) {
    const shape = hasTable(part) ? bare(part) : part;
    alike.set(shape, [...(alike.get(shape) ?? []), name]);
  }
  const rows = [...alike.values()].map((names) => row(path, names, new Map(entries).get(names[0] ?? '')));
  return { columns: '| name | type | default | meaning | 含义 |', rows };
}

function row(path: string, names: readonly string[], part: Part | undefined): string {
  if (!part) return '';
  const about = aboutOf(part);
  const title = names.map((name) => (isRequired(part) ? `**${name}**` : name)).join(', ');
  const below = names.length > 1 ? `${path}.*` : path === '' ? names[0] : `${path}.${names[0]}`;
  const cells = [title, typeOf(part, String(below)), defaultOf(part), about?.en ?? '', about?.zh ?? ''];
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/</g, '&lt;')).join(' | ')} |`;
}

function typeOf(part: Part, path: string): string {
  const { type, item, items } = bare(part);
  const orNull = isNullable(part) ? ' or null' : '';
  if (hasTable(part)) return `a block, see ${path}${orNull}`;
  if (item) return hasTable(item) ? `a list, see ${path}[]` : `a list, each a ${typeOf(item, path)}`;
  if (items) return `[${items.map((each) => typeOf(each, path)).join(', ')}]`;
  if (type === 'record') return 'a block of raw number: value';
  const choices = choicesOf(part);
  if (choices && type !== 'boolean') return `${choices.map((each) => `\`${String(each)}\``).join(', ')}${orNull}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'string') return `text${orNull}`;
  const { low, high, whole } = rangeOf(part);
  const bounds = Number.isFinite(low) && Number.isFinite(high) ? `, ${low} to ${high}` : '';
  return `${whole ? 'whole number' : 'number'}${bounds}${orNull}`;
}

function defaultOf(part: Part): string {
  if (part.type !== 'optional' || part.default === undefined) return '';
  return typeof part.default === 'object' && part.default !== null ? '' : `\`${String(part.default)}\``;
}

/** The tables of blocks that are one and the same within their block are shown once, under a star. */
function dropRepeats(lines: readonly string[]): string[] {
  const tables = `\n${lines.join('\n')}`.split('\n### ').slice(1);
  const bodies = new Map<string, string[]>();
  for (const text of tables) {
    const [title = '', ...body] = text.split('\n');
    const key = [title.replace(/[^.]+$/, ''), ...body].join('\n');
    bodies.set(key, [...(bodies.get(key) ?? []), title]);
  }
  return [...bodies].flatMap(([key, titles]) => {
    const title = titles.length > 1 ? titles[0]?.replace(/\.[^. ]+( .*)?$/, '.*$1') : titles[0];
    return [`### ${title}`, ...key.split('\n').slice(1)];
  });
}
