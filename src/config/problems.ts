/** What is wrong in a site file or a profile, as a person needs it: where, what stands there, what should. */

import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';

export interface Problem {
  readonly file: string;
  /** both from 1 */
  readonly line: number;
  readonly column: number;
  /** `lifts[0].controller.bus`; empty for the file as a whole */
  readonly path: string;
  /** what stands there; secrets are left out */
  readonly said: string;
  readonly expected: string;
  /** the valid name or value that is most like it */
  readonly nearest?: string;
}

export type Path = readonly (string | number)[];

/** More are counted, not shown: the first ones usually explain the rest. */
export const PROBLEMS_SHOWN = 50;

/** The site file cannot be used. `problems`: all that was found, in the order of the file. */
export class SiteInvalid extends GatewayError {
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super({
      code: 'site-invalid',
      op: t('reading the site file', '读取站点文件'),
      where: file,
      hint: t(`correct these lines; then: hoistway check --site ${file}`, `请更正后运行 hoistway check --site ${file}`),
      cause: [
        t(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, `${problems.length} 处问题`),
        ...problemLines(problems),
      ].join('\n'),
    });
    this.name = 'SiteInvalid';
    this.problems = problems;
  }
}

/** `FILE:LINE:COL  path: what stands there; expected ...; did you mean ...?` */
export function problemLine({ file, line, column, path, said, expected, nearest }: Problem): string {
  const where = `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}`;
  const guess = nearest === undefined ? '' : t(`; did you mean ${nearest}?`, `；是否应为 ${nearest}？`);
  return `${where}${said}${t('; expected ', '；应为：')}${expected}${guess}`;
}

/** One line a problem, the first fifty, and how many more there are. */
export function problemLines(problems: readonly Problem[]): string[] {
  const more = problems.length - PROBLEMS_SHOWN;
  const lines = problems.slice(0, PROBLEMS_SHOWN).map(problemLine);
  return more > 0 ? [...lines, t(`and ${more} more`, `另有 ${more} 处`)] : lines;
}

/** The site file's own first, then each profile's; within a file from top to bottom. */
export function inOrder(problems: readonly Problem[], siteFile: string): Problem[] {
  const rank = ({ file }: Problem) => (file === siteFile ? '' : file);
  return [...problems].sort(
    (a, b) => rank(a).localeCompare(rank(b)) || a.line - b.line || a.column - b.column || a.path.localeCompare(b.path),
  );
}

/** `['lifts', 0, 'id']` as `lifts[0].id`. */
export function pathText(path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\p{L}\p{N}_-]{1,60}$/u.test(key)) return `[${shown(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

const LONGEST_SHOWN = 60;

/** A value as it may be printed: short, on one line, and without passwords and tokens of an address. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return t('nothing', '空');
  if (Array.isArray(value)) return t('a list', '列表');
  if (typeof value === 'object' && !(value instanceof Date)) return t('a block of settings', '一组设置');
  if (typeof value !== 'string') return String(value);
  const masked = value.replace(/^([a-z]+:\/\/)?.*@/is, '$1***@').replace(/(:\/\/[^?]*)\?.*/s, '$1?…');
  return JSON.stringify(masked.length > LONGEST_SHOWN ? `${masked.slice(0, LONGEST_SHOWN)}…` : masked);
}
