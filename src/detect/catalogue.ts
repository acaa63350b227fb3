/** The catalogue of faults, seeds/faults.yaml: titles, severity, the regions' codes, when a fault is muted, and what to do. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { BOX_FAULTS, type BoxFaultName } from '../box/faults.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { FAULTS, type FaultName } from '../lift/events.ts';
import { SERVICE_MODES } from '../lift/signals.ts';
import { packageRoot } from '../package.ts';
import type { Mutes } from './judge.ts';

export const SEVERITIES = ['critical', 'fault', 'warning'] as const;

export const text = v.pipe(v.string(), v.minLength(1));
/** A text in both languages. */
export const pair = v.strictObject({ en: text, zh: text });
const number = v.pipe(v.number(), v.integer(), v.minValue(0));
const code = v.nullable(number);

const row = v.strictObject({
  title: pair,
  severity: v.picklist(SEVERITIES),
  /** null where a list has none, or is not public; which lists these are, and their sources, is told in the file */
  codes: v.strictObject({
    gb: code,
    bacnet: code,
    gb38656: code,
    chongqing: code,
    shanghai: code,
    /** a pair: at a landing, off level */
    platform: v.union([code, v.strictTuple([number, number])]),
  }),
  source: text,
  mutedIn: v.array(v.picklist(SERVICE_MODES)),
  next: pair,
});
/** Keyed strictly: a fault without a row, and a row without a fault, are both refused. */
const schema = v.strictObject(
  Object.fromEntries([...FAULTS, ...BOX_FAULTS].map((fault) => [fault, row])) as {
    [F in FaultName | BoxFaultName]: typeof row;
  },
);

export type FaultRow = v.InferOutput<typeof row>;
export type Catalogue = { readonly [F in FaultName | BoxFaultName]: FaultRow };

let loaded: Catalogue | null = null;

/** The catalogue of this package, read once. Throws GatewayError `profile-invalid` where the file was changed and is wrong. */
export function loadCatalogue(): Catalogue {
  if (loaded === null) {
    const path = join(packageRoot, 'seeds', 'faults.yaml');
    loaded = parseCatalogue(readFileSync(path, 'utf8'), path);
  }
  return loaded;
}

/** `where` is the path that an error names. */
export function parseCatalogue(yaml: string, where: string): Catalogue {
  return parseRows(schema, yaml, where);
}

/** A catalogue in YAML, of the shape of its schema. Throws GatewayError `profile-invalid` that names each wrong row. */
export function parseRows<S extends v.GenericSchema>(rows: S, yaml: string, where: string): v.InferOutput<S> {
  const result = v.safeParse(rows, read(yaml, where));
  if (result.success) return result.output;
  const { issues } = result;
  throw invalid(where, issues.map((issue) => `${v.getDotPath(issue) ?? '-'}: ${issue.message}`).join('; '));
}

/** What judgement needs of it: the service modes in which each fault is muted. */
export function mutesOf(catalogue: Catalogue): Mutes {
  return Object.fromEntries(FAULTS.map((fault) => [fault, catalogue[fault].mutedIn])) as unknown as Mutes;
}

function read(yaml: string, where: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    throw invalid(where, error);
  }
}

function invalid(where: string, cause: unknown): GatewayError {
  return new GatewayError({
    code: 'profile-invalid',
    op: t('read a catalogue of the package', '读取软件包目录'),
    where,
    hint: t('the file belongs to the package: install the package again', '该文件属于软件包，请重新安装'),
    cause,
  });
}
