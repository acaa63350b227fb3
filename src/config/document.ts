/**
 * A YAML text as plain data, with the place of every value. YAML 1.2 core; left out on purpose: tags of one's own, merge
 * keys, keys that are not plain words. Aliases are read, but only so many that a bomb of them stays harmless.
 */

import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Document as Yaml,
} from 'yaml';
import { t } from '../language.ts';
import { type Path, type Problem, pathText, shown } from './problems.ts';
import { syntaxProblem } from './syntax.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Document {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Where a value stands; where there is none, its key; where that is missing, what should hold it. */
  valueAt(path: Path): Place;
  keyAt(path: Path): Place;
  /** A number or word as it is written: `01234`. Null where there is no such. */
  sourceOf(path: Path): string | null;
}

interface Spot {
  readonly key: number;
  readonly value: number | null;
  readonly source: string | null;
  readonly children: ReadonlyMap<string, Spot>;
}
interface Built {
  readonly value: unknown;
  readonly spot: Spot;
}

const MAX_DEPTH = 30;
const MAX_ALIASES = 100;
const NO_CHILDREN: ReadonlyMap<string, Spot> = new Map();

/** Never throws: what is wrong is in `problems`. After a syntax error `value` is undefined, and nothing more can be said. */
export function readDocument(text: string, file: string): Document {
  const lines = new LineCounter();
  // The library compares every key with every other: a wide file would take half a minute. Done in the builder instead.
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, uniqueKeys: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // What follows the first error is mostly its consequence.
  const syntax = [...yaml.errors.slice(0, 1), ...yaml.warnings].map(
    (error): Problem => ({ file, ...placeOf(error.pos[0]), path: '', ...syntaxProblem(error) }),
  );
  const builder = new Builder(yaml, (offset, path, said, expected) =>
    syntax.push({ file, ...placeOf(offset), path: pathText(path), said, expected }),
  );
  const built = yaml.errors.length === 0 ? builder.build(yaml.contents as Node | null, 0, []) : null;
  const nearestSpot = (path: Path): { spot: Spot | null; whole: boolean } => {
    let spot = built?.spot ?? null;
    for (const key of path) {
      const child = spot?.children.get(String(key));
      if (!child) return { spot, whole: false };
      spot = child;
    }
    return { spot, whole: true };
  };
  return {
    file,
    value: built?.value,
    problems: syntax,
    valueAt(path) {
      const { spot, whole } = nearestSpot(path);
      return placeOf((whole ? spot?.value : null) ?? spot?.key ?? 0);
    },
    keyAt: (path) => placeOf(nearestSpot(path).spot?.key ?? 0),
    sourceOf(path) {
      const { spot, whole } = nearestSpot(path);
      return whole ? (spot?.source ?? null) : null;
    },
  };
}

type Report = (offset: number, path: Path, said: string, expected: string) => void;

class Builder {
  readonly #yaml: Yaml.Parsed;
  readonly #report: Report;
  #aliases = 0;

  constructor(yaml: Yaml.Parsed, report: Report) {
    this.#yaml = yaml;
    this.#report = report;
  }

  build(node: Node | null, keyAt: number, path: Path): Built {
    const at = node?.range?.[0] ?? null;
    if (path.length > MAX_DEPTH) {
      return this.#refuse(at ?? keyAt, path.slice(0, 3), t('nested too deep', '嵌套过深'));
    }
    if (isAlias(node)) return this.#alias(node, keyAt, path);
    if (isMap(node)) return this.#map(node.items, keyAt, at, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => {
        const child = item as Node | null;
        return this.build(child, child?.range?.[0] ?? at ?? keyAt, [...path, index]);
      });
      const children = new Map(items.map(({ spot }, index) => [String(index), spot]));
      return { value: items.map(({ value }) => value), spot: { key: keyAt, value: at, source: null, children } };
    }
    const value = isScalar(node) ? node.value : null;
    const source = isScalar(node) ? (node.source ?? null) : null;
    return { value, spot: { key: keyAt, value: source === '' ? null : at, source, children: NO_CHILDREN } };
  }

  #map(items: readonly { key: unknown; value: unknown }[], mapKeyAt: number, at: number | null, path: Path): Built {
    const values = new Map<string, unknown>();
    const children = new Map<string, Spot>();
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value ?? '') : '';
      const keyAt = (isScalar(key) ? key.range?.[0] : null) ?? at ?? mapKeyAt;
      const here = [...path, name];
      if (name === '<<') {
        this.#report(keyAt, path, t('a merge key (<<)', '合并键（<<）'), t('the settings written out', '逐项写出设置'));
      } else if (children.has(name)) {
        this.#report(keyAt, here, t('given twice', '重复出现'), t('each setting once', '每项只写一次'));
      } else {
        const built = this.build(value as Node | null, keyAt, here);
        values.set(name, built.value);
        children.set(name, built.spot);
      }
    }
    return { value: Object.fromEntries(values), spot: { key: mapKeyAt, value: at, source: null, children } };
  }

  #alias(node: Alias, keyAt: number, path: Path): Built {
    const at = node.range?.[0] ?? keyAt;
    this.#aliases++;
    if (this.#aliases > MAX_ALIASES) {
      // Told once: a bomb has millions.
      if (this.#aliases > MAX_ALIASES + 1) return this.#nothing(at);
      return this.#refuse(
        at,
        path,
        t(`more than ${MAX_ALIASES} aliases (*name)`, `别名（*名称）超过 ${MAX_ALIASES} 个`),
      );
    }
    const target = node.resolve(this.#yaml);
    if (!target) {
      this.#report(
        at,
        path,
        t(`alias ${shown(`*${node.source}`)} of nothing`, `别名 ${shown(`*${node.source}`)} 未定义`),
        t('an anchor (&name) further up, or the value in quotes', '前文的锚点（&名称），或加引号的值'),
      );
      return this.#nothing(at);
    }
    return this.build(target, keyAt, path);
  }

  #refuse(at: number, path: Path, said: string): Built {
    this.#report(at, path, said, t('the settings written out', '逐项写出设置'));
    return this.#nothing(at);
  }

  #nothing(at: number): Built {
    return { value: undefined, spot: { key: at, value: at, source: null, children: NO_CHILDREN } };
  }
}
