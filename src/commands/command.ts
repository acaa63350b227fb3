/** What every command of the command line is made of. */

import type { ParseArgsConfig } from 'node:util';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';

export interface Command {
  readonly name: string;
  /** after the name: `CAPTURE --site FILE [--json]` */
  readonly usage: string;
  readonly summary: string;
  /** options as node:util parseArgs takes them, each with its help text */
  readonly options: {
    readonly [name: string]: NonNullable<ParseArgsConfig['options']>[string] & { readonly help: string };
  };
  /** options that it cannot do without */
  readonly required?: readonly string[];
  /** how many bare words it takes */
  readonly positionals: readonly [least: number, most: number];
  /** exit code and its meaning, beside 0 (done) and 2 (the call's words are off) */
  readonly exits: { readonly [code: number]: string };
  /** Resolves with the exit code. A GatewayError thrown is printed as what, where and next, and exits 1. */
  run(call: Call): Promise<number>;
}

export interface Call {
  readonly values: { readonly [option: string]: string | boolean | undefined };
  readonly positionals: readonly string[];
  /** aborts at SIGINT and SIGTERM */
  readonly signal: AbortSignal;
  /** one line to standard output */
  print(line: string): void;
  /** one line to standard error: progress and remarks */
  remark(line: string): void;
}

/** Every command that takes a site file takes it so. */
export const siteOption = { type: 'string', help: t('the site file', '站点文件') } as const;
export const jsonOption = { type: 'boolean', help: t('machine-readable output', '输出 JSON') } as const;

/** The number that an option was given. Throws a usage error that names the option and what it takes. */
export function numberOf(
  { values }: Call,
  option: string,
  { whole = false, least = Number.NEGATIVE_INFINITY } = {},
): number {
  const said = String(values[option] ?? '').trim();
  const value = Number(said);
  if (said !== '' && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? t('a whole number', '应为整数') : t('a number', '应为数字');
  throw new GatewayError({
    code: 'usage',
    op: t(`reading --${option}`, `读取 --${option}`),
    where: said,
    hint: Number.isFinite(least) ? `${kind}${t(`, ${least} or more`, `，不小于 ${least}`)}` : kind,
  });
}

/** Over what was shown before, on standard error; nothing where nobody looks on. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
}
