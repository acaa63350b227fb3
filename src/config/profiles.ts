/** Finds and reads controller profiles: shipped ones by name, a site's own by path. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { GatewayError, reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import { packageRoot } from '../package.ts';
import { fieldsOf } from '../sense/decode.ts';
import { checkFrames } from './check-frames.ts';
import { Findings, Once } from './checks.ts';
import { type Document, readDocument } from './document.ts';
import { explain } from './explain.ts';
import { nearest } from './nearest.ts';
import { type Problem, shown } from './problems.ts';
import { type Profile, profileSchema } from './profile.ts';
import { readText } from './text.ts';

const SHIPPED = join(packageRoot, 'seeds', 'controllers');

export type ProfileOutcome =
  | { readonly kind: 'read'; readonly profile: Profile }
  /** read, but wrong: problems with its own lines */
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }
  /** not there, or no text: to be told at the lift that asks for it */
  | { readonly kind: 'missing'; readonly said: string; readonly expected: string; readonly nearest?: string };

/** `reference`: a name of seeds/controllers, or a path (with a / or an ending) from the directory of the site file. */
export function readProfile(reference: string, siteFile: string): ProfileOutcome {
  const isPath = reference.includes('/') || /\.ya?ml$/.test(reference);
  const dir = dirname(resolve(siteFile));
  const path = isPath ? resolve(dir, reference) : join(SHIPPED, `${reference}.yaml`);
  const shipped = !relative(SHIPPED, path).startsWith('..');
  const name = shipped ? `seeds/controllers/${basename(path)}` : join(dirname(siteFile), relative(dir, path));
  try {
    if (!existsSync(path)) return isPath ? missingPath(reference, path) : missingName(reference);
    const read = readText(path, name);
    if (!('problem' in read)) return parseProfile(read.text, name);
    const { said, expected } = read.problem;
    return { kind: 'missing', said: `${shown(reference)}: ${said}`, expected };
  } catch (error) {
    return { kind: 'missing', said: reasonOf(error), expected: t('a profile that can be read', '可读取的点表') };
  }
}

/** All profiles of seeds/controllers that can be asked, by name: not those of controllers that push frames. */
export function shippedProfiles(): Profile[] {
  const outcomes = shippedNames().map((name) => readProfile(name, ''));
  return outcomes.flatMap((outcome) => (outcome.kind === 'read' && !outcome.profile.frames ? [outcome.profile] : []));
}

function shippedNames(): string[] {
  return readdirSync(SHIPPED)
    .flatMap((file) => (file.endsWith('.yaml') ? file.slice(0, -5) : []))
    .sort();
}

/** `name`: how the file is called in problems; the profile must have the name of its file. */
export function parseProfile(text: string, name: string): ProfileOutcome {
  return profileOf(readDocument(text, name), basename(name).replace(/\.ya?ml$/, ''));
}

/** `fileName`: without its ending; what the profile must be called. */
export function profileOf(document: Document, fileName: string): ProfileOutcome {
  if (document.value === undefined) return { kind: 'wrong', problems: document.problems };
  const parsed = v.safeParse(profileSchema, document.value);
  const problems = [...document.problems, ...explain(profileSchema, document, parsed.issues ?? [])];
  const findings = new Findings(document);
  if (parsed.success) checkProfile(parsed.output, fileName, findings);
  problems.push(...findings.problems);
  return parsed.success && problems.length === 0
    ? { kind: 'read', profile: parsed.output }
    : { kind: 'wrong', problems };
}

function checkProfile(profile: Profile, fileName: string, findings: Findings): void {
  if (profile.profile !== fileName) {
    findings.problem(['profile'], profile.profile, t(`${fileName}, the name of its file`, `与文件名相同：${fileName}`));
  }
  if (profile.frames && !checkFrames(profile.frames, findings)) return;
  const signals = new Once(findings);
  for (const [index, field] of profile.fields.entries()) {
    const at = ['fields', index, 'signal'];
    signals.see(field.signal, at, (line) =>
      findings.problem(
        at,
        t(`${field.signal}, as on line ${line}`, `${field.signal}，与第 ${line} 行重复`),
        t('each signal once', '每个信号一次'),
      ),
    );
    const wrong = whatIsWrong({ ...profile, fields: [field] });
    if (wrong) findings.problem(['fields', index], t(`the field of ${field.signal}`, `${field.signal} 的字段`), wrong);
  }
}

function whatIsWrong(profile: Profile): string | null {
  try {
    fieldsOf(profile);
    return null;
  } catch (error) {
    if (error instanceof GatewayError) return error.hint;
    throw error;
  }
}

function missingName(reference: string): ProfileOutcome {
  const names = shippedNames();
  const like = nearest(reference, names);
  return {
    kind: 'missing',
    said: t(`no profile is called ${JSON.stringify(reference)}`, `没有名为 ${JSON.stringify(reference)} 的点表`),
    expected: t(
      `one of ${names.join(', ')}, or a path to a file of the site's own (./name.yaml)`,
      `以下之一：${names.join(', ')}，或本站点的文件路径（./名称.yaml）`,
    ),
    ...(like !== undefined && { nearest: like }),
  };
}

function missingPath(reference: string, path: string): ProfileOutcome {
  const dir = dirname(path);
  const files = existsSync(dir) ? readdirSync(dir).filter((file) => /\.ya?ml$/.test(file)) : [];
  const like = nearest(basename(reference), files);
  return {
    kind: 'missing',
    said: t(`${JSON.stringify(reference)} is not there`, `${JSON.stringify(reference)} 不存在`),
    expected: t('a profile; the path counts from the site file', '点表文件，路径相对站点文件'),
    ...(like !== undefined && {
      nearest: `${reference.slice(0, reference.length - basename(reference).length)}${like}`,
    }),
  };
}
