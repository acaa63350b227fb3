/** From what the schema refuses to what a person is told. */

import type * as v from 'valibot';
import { t } from '../language.ts';
import type { Document } from './document.ts';
import { nearest } from './nearest.ts';
import { type Path, type Problem, pathText, shown } from './problems.ts';
import {
  aboutOf,
  bare,
  choicesOf,
  entriesOf,
  expectedOf,
  isBlock,
  own,
  type Part,
  partAt,
  partOf,
  rangeOf,
} from './shape.ts';

type Issue = v.BaseIssue<unknown>;

/** All that a schema finds wrong with a document: one problem for each place. */
export function explain(schema: v.GenericSchema, document: Document, issues: readonly Issue[]): Problem[] {
  const root = partOf(schema);
  const lists = listsForBlocks(document, root, document.value, []);
  const unknown = unknownKeys(root, document, root, document.value, []);
  const meant = new Set(unknown.map(({ problem, parent }) => pathText([...parent, problem.nearest ?? ''])));
  const told = new Set(lists.map(({ path }) => path));
  const problems = [...lists, ...unknown.map(({ problem }) => problem)];
  for (const issue of issues) {
    const path = pathOf(issue);
    const name = pathText(path);
    // Unknown keys are told above, all of them; a key that is missing because it was misspelt is told there too.
    if (
      isUnknownKey(issue) ||
      told.has(name) ||
      told.has(pathText(path.slice(0, -1))) ||
      (isMissing(issue) && meant.has(name))
    )
      continue;
    told.add(name);
    problems.push(problemOf(root, document, issue, path));
  }
  return problems;
}

export function pathOf(issue: Issue): (string | number)[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

function isUnknownKey(issue: Issue): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never';
}

function isMissing({ input }: Issue): boolean {
  return input === undefined;
}

function listsForBlocks(document: Document, part: Part, value: unknown, path: Path): Problem[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && isBlock(part)) {
    const said = { said: shown(value), expected: expectedOf(part) };
    return [{ file: document.file, ...document.valueAt(path), path: pathText(path), ...said }];
  }
  const entries = entriesOf(part, value);
  return Object.entries(value).flatMap(([key, inside]) => {
    const child = Array.isArray(value) ? bare(part).item : own(entries, key);
    return child ? listsForBlocks(document, child, inside, [...path, Array.isArray(value) ? Number(key) : key]) : [];
  });
}

interface UnknownKey {
  readonly parent: Path;
  readonly problem: Problem;
}

function unknownKeys(root: Part, document: Document, part: Part, value: unknown, path: Path): UnknownKey[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const { item } = bare(part);
    return item && !isBlock(part)
      ? value.flatMap((each, index) => unknownKeys(root, document, item, each, [...path, index]))
      : [];
  }
  const entries = entriesOf(part, value);
  if (!entries) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const known = own(entries, key);
    const here = [...path, key];
    if (known) return unknownKeys(root, document, known, inside, here);
    return { parent: path, problem: unknownKey(root, document, Object.keys(entries), here) };
  });
}

function unknownKey(root: Part, document: Document, names: readonly string[], path: Path): Problem {
  const key = String(path.at(-1));
  const like = nearest(key, names);
  const home = homesOf(root, key, '')[0];
  const list = names.join(', ');
  const elsewhere = home && t(`it under ${home}`, `写在 ${home} 之下`);
  return {
    ...{ file: document.file, ...document.keyAt(path), path: pathText(path) },
    said: t('no such setting', '没有此设置'),
    expected: (like === undefined && elsewhere) || t(`one of ${list}`, `以下之一：${list}`),
    ...(like !== undefined && { nearest: like }),
  };
}

/** The blocks that do have a setting of this name: `lifts[].controller`. */
function homesOf(part: Part, key: string, at: string): string[] {
  const { item } = bare(part);
  if (item) return homesOf(item, key, `${at}[]`);
  const entries = entriesOf(part, null);
  if (!entries) return [];
  const inner = Object.entries(entries).flatMap(([name, each]) =>
    homesOf(each, key, at === '' ? name : `${at}.${name}`),
  );
  return own(entries, key) && at !== '' ? [at, ...inner] : inner;
}

function problemOf(root: Part, document: Document, issue: Issue, path: Path): Problem {
  const part = partAt(root, path, document.value);
  const base = { file: document.file, path: pathText(path) };
  if (issue.path?.at(-1)?.origin === 'key' && !isMissing(issue)) {
    return { ...base, ...document.keyAt(path), said: shown(String(path.at(-1))), expected: issue.message };
  }
  const expected = part ? expectedOf(part) : issue.message;
  if (isMissing(issue)) {
    const about = part && aboutOf(part);
    const what = about ? t(`${expected}. ${about.en}`, `${expected}。${about.zh}`) : expected;
    return { ...base, ...document.valueAt(path), said: t('missing', '缺少'), expected: what };
  }
  // Someone may have written the password itself.
  const secret = path.at(-1) === 'passwordFile';
  const guess = !secret && part && guessOf(part, issue.input, document.sourceOf(path), String(path.at(-1)));
  return {
    ...{ ...base, ...document.valueAt(path) },
    said: secret ? t('no path', '不是路径') : saidOf(issue, document.sourceOf(path)),
    expected: issue.kind === 'validation' && Array.isArray(issue.input) ? issue.message : expected,
    ...(guess ? { nearest: guess } : {}),
  };
}

function saidOf(issue: Issue, source: string | null): string {
  const { input } = issue;
  if (Array.isArray(input) && issue.kind === 'validation') {
    return t(`a list of ${input.length}`, `列表共 ${input.length} 项`);
  }
  if (typeof input !== 'number') return shown(input);
  const written = source ?? String(input);
  // YAML takes 01234 for a number, and the zero is gone.
  return issue.expected === 'string'
    ? t(`the number ${written}, without quotes`, `未加引号的数字 ${written}`)
    : written;
}

const YES = /^(y|yes|on|true|1)$/i;
const NO = /^(n|no|off|false|0)$/i;
/** Metres for millimetres, seconds for milliseconds. */
const THOUSANDTHS = /(Ms|Mm|MmPerS)$/;

/** The value that was probably meant. */
function guessOf(part: Part, input: unknown, source: string | null, key: string): string | undefined {
  const { type } = bare(part);
  const written = source ?? String(input);
  if (typeof input === 'object' || input === '') return undefined;
  if (type === 'boolean') return YES.test(written) ? 'true' : NO.test(written) ? 'false' : undefined;
  const choices = choicesOf(part);
  if (choices) return choiceLike(choices, written);
  if (type === 'string') return typeof input === 'string' ? undefined : `'${written}'`;
  if (type !== 'number') return undefined;
  const { low, high, whole } = rangeOf(part);
  const fits = (value: number) => value >= low && value <= high && (!whole || Number.isInteger(value));
  const number = Number(written.replace(/_|(?<=\d),(?=\d{3})/g, ''));
  if (typeof input === 'string') return written.trim() !== '' && fits(number) ? String(number) : undefined;
  const larger = Math.round(number * 1e6) / 1e3;
  return THOUSANDTHS.test(key) && fits(larger) ? String(larger) : undefined;
}

function choiceLike(choices: readonly unknown[], written: string): string | undefined {
  const like = nearest(written, choices.map(String));
  const choice = choices.find((each) => String(each) === like);
  // A text that looks like a number has to be in quotes.
  return typeof choice === 'string' && /^[\d.]+$/.test(choice) ? `'${choice}'` : like;
}
