/** Questions to a schema: which settings a block has, what a value may be, what it is for. Valibot schemas are plain data. */

import type { GenericSchema } from 'valibot';
import { t } from '../language.ts';
import type { Path } from './problems.ts';

/** As much of valibot's own objects as is looked at here. */
export interface Part {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Part[];
  readonly wrapped?: Part;
  readonly default?: unknown;
  readonly entries?: { readonly [key: string]: Part };
  readonly item?: Part;
  readonly items?: readonly Part[];
  readonly key?: string | Part;
  readonly value?: Part;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly requirement?: unknown;
  readonly message?: unknown;
  readonly metadata?: { readonly description?: string; readonly zh?: string };
}

export function partOf(schema: GenericSchema): Part {
  return schema as unknown as Part;
}

/** Without `optional` and `nullable` around it. */
export function bare(part: Part): Part {
  return part.wrapped ? bare(part.wrapped) : part;
}

/** A block of settings, which a list must not stand for: valibot takes a list for an object without keys. */
export function isBlock(part: Part): boolean {
  const { type, entries } = bare(part);
  return entries !== undefined || type === 'variant' || type === 'record';
}

export function isRequired({ type }: Part): boolean {
  return type !== 'optional';
}

export function isNullable(part: Part): boolean {
  return part.type === 'nullable' || (part.wrapped !== undefined && isNullable(part.wrapped));
}

/** What is asked of a value beyond its type, in order: a pipe may stand within a pipe. */
function actionsOf(part: Part): Part[] {
  const { pipe, wrapped } = part;
  if (!pipe) return wrapped ? actionsOf(wrapped) : [];
  return pipe.flatMap((each) => (each.kind === 'schema' ? actionsOf(each) : [each]));
}

/** What it is for, in both languages; null where nothing is said. */
export function aboutOf(part: Part): { en: string; zh: string } | null {
  for (const { metadata } of actionsOf(part).reverse()) {
    if (metadata?.description && metadata.zh) return { en: metadata.description, zh: metadata.zh };
  }
  return null;
}

/** The settings of a block. Of a line: those of its type, or of all types while the type is not known. Null: no block. */
export function entriesOf(part: Part, value: unknown): { readonly [key: string]: Part } | null {
  const block = bare(part);
  if (block.type !== 'variant') return block.entries ?? null;
  const key = String(block.key);
  const telling = (value as { [key: string]: unknown } | null)?.[key];
  const options = variantsOf(block);
  const chosen = options.find(({ part, name }) =>
    isNamed(part, key) ? name === telling : (own(part.entries ?? null, key) !== undefined) === (telling !== undefined),
  );
  if (chosen) return chosen.part.entries ?? null;
  const names: Part = { kind: 'schema', type: 'picklist', options: options.map(({ name }) => name) };
  return Object.assign({}, ...options.map(({ part }) => part.entries), { [key]: names });
}

/** The option is told by what its key says, and not by having it. */
function isNamed(option: Part, key: string): boolean {
  return bare(option.entries?.[key] ?? option).type === 'literal';
}

/**
 * The shapes that a variant may take, by the value of its telling key; or where one has that key and the other must not, by
 * `with` and `without`.
 */
export function variantsOf(part: Part): { name: string; part: Part }[] {
  const key = String(part.key);
  return (part.options ?? []).map((option) => {
    const each = option as Part;
    const teller = bare(each.entries?.[key] ?? each);
    if (teller.type === 'literal') return { name: String(teller.literal), part: each };
    if (teller.type !== 'never') return { name: `with ${key}`, part: each };
    const entries = Object.fromEntries(Object.entries(each.entries ?? {}).filter(([name]) => name !== key));
    return { name: `without ${key}`, part: { ...each, entries } };
  });
}

/** The part of a schema that a path leads to; null where it leads nowhere. */
export function partAt(root: Part, path: Path, value: unknown): Part | null {
  let part: Part | undefined = root;
  let inside = value;
  for (const key of path) {
    const block: Part = bare(part);
    if (typeof key === 'number') part = block.item ?? block.items?.[key];
    else part = block.type === 'record' ? block.value : own(entriesOf(block, inside), key);
    if (!part) return null;
    inside = (inside as { [key: string]: unknown } | null | undefined)?.[key];
  }
  return part;
}

export function own(entries: { readonly [key: string]: Part } | null, key: string): Part | undefined {
  return entries && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** The values of a list to choose from; null where it is none. */
export function choicesOf(part: Part): readonly unknown[] | null {
  const { type, options, literal } = bare(part);
  if (type === 'picklist') return options ?? [];
  if (type === 'literal') return [literal];
  if (type === 'boolean') return [true, false];
  if (type === 'variant') {
    const named = variantsOf(bare(part)).filter((option) => isNamed(option.part, String(bare(part).key)));
    return named.length > 0 ? named.map(({ name }) => name) : null;
  }
  if (type === 'union') return (options ?? []).flatMap((option) => choicesOf(option as Part) ?? []);
  return null;
}

export function rangeOf(part: Part): { low: number; high: number; whole: boolean } {
  const range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, whole: false };
  for (const { type, requirement } of actionsOf(part)) {
    if (type === 'min_value') range.low = Number(requirement);
    if (type === 'max_value') range.high = Number(requirement);
    if (type === 'integer') range.whole = true;
  }
  return range;
}

/** What a value must be, for a person. */
export function expectedOf(part: Part): string {
  const orNull = isNullable(part) ? t(', or null', '，或 null') : '';
  const { type, entries, items } = bare(part);
  const choices = choicesOf(part);
  if (type === 'boolean') return `${t('true or false', 'true 或 false')}${orNull}`;
  if (type === 'variant' && choices) {
    return t('a block of settings that begins with its type', '以 type 开头的一组设置');
  }
  if (type === 'variant') {
    const shapes = variantsOf(bare(part)).map((option) => Object.keys(option.part.entries ?? {}).join(', '));
    return `${t('a block of settings', '一组设置')} (${shapes.join(t('; or ', '；或 '))})`;
  }
  if (choices)
    return `${choices.length > 1 ? t('one of ', '以下之一：') : ''}${choices.map(String).join(', ')}${orNull}`;
  if (entries) {
    const names = Object.keys(entries).join(', ');
    return `${t(`a block of settings (${names})`, `一组设置（${names}）`)}${orNull}`;
  }
  if (type === 'array') return t('a list, each item after a dash', '列表，每项以 - 开头');
  if (items) return t(`a list of ${items.length}`, `${items.length} 项的列表`);
  if (type === 'record') return t('a block of `number: value`', '“数值: 名称”的一组');
  if (type === 'number') return `${numberText(rangeOf(part))}${orNull}`;
  const rule = actionsOf(part).find(({ message }) => typeof message === 'string')?.message;
  return `${typeof rule === 'string' ? rule : t('text', '文字')}${orNull}`;
}

function numberText({ low, high, whole }: { low: number; high: number; whole: boolean }): string {
  const kind = whole ? t('a whole number', '整数') : t('a number', '数值');
  if (!Number.isFinite(low) || !Number.isFinite(high)) return kind;
  return t(`${kind} from ${low} to ${high}`, `${low} 至 ${high} 的${kind}`);
}
