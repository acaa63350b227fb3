/** Reads a site file: text, schema, checks across the settings, profiles. All problems come at once, with their lines. */

import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { checkFraming } from './check-frames.ts';
import { checkLifts } from './check-lifts.ts';
import { checkLines } from './check-lines.ts';
import { checkModules } from './check-modules.ts';
import { checkRegional, PLATFORM_FILES } from './check-regional.ts';
import { checkUplink, isCredential, UPLINK_FILES } from './check-uplink.ts';
import { type Checks, Findings, numbered, type SoundSite } from './checks.ts';
import { type Document, readDocument } from './document.ts';
import { explain, pathOf } from './explain.ts';
import { checkLineTime } from './line-time.ts';
import { inOrder, type Problem, SiteInvalid, shown } from './problems.ts';
import type { Profile } from './profile.ts';
import { readProfile } from './profiles.ts';
import { type Site, type SiteUplink, siteSchema } from './schema.ts';
import { readText } from './text.ts';

export interface LoadedSite {
  /** every default filled in; files of the uplink as absolute paths */
  readonly site: Site;
  /** by the reference that lifts use */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly path: string;
  /** what works, but hardly as meant */
  readonly warnings: readonly Problem[];
}

export type Result =
  | { readonly ok: true; readonly loaded: LoadedSite }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Rejects with SiteInvalid (`site-invalid`), or with `site-unreadable` where there is no such file. */
export async function loadSite(path: string): Promise<LoadedSite> {
  const read = readSiteText(path);
  if ('problem' in read) throw new SiteInvalid(path, [read.problem]);
  const result = parseSite(read.text, path);
  if (!result.ok) throw new SiteInvalid(path, result.problems);
  return result.loaded;
}

function readSiteText(path: string): ReturnType<typeof readText> {
  try {
    return readText(path, path);
  } catch (cause) {
    throw new GatewayError({
      code: 'site-unreadable',
      op: t('reading the site file', '读取站点文件'),
      where: path,
      hint: t(
        'give --site a file that exists and that this user may read; examples are in seeds/sites',
        '请为 --site 指定存在且可读的文件，示例见 seeds/sites',
      ),
      cause,
    });
  }
}

/** `path`: where the text is from; profiles and files of the uplink are looked up beside it. Never throws. */
export function parseSite(text: string, path: string): Result {
  const document = readDocument(text, path);
  const stop = whollyWrong(text, document);
  if (stop) return { ok: false, problems: inOrder([...document.problems, ...stop], path) };
  const parsed = v.safeParse(siteSchema, document.value);
  const findings = new Findings(document);
  const sound = soundPart(document.value, parsed.issues ?? []);
  checkLines(sound, findings);
  checkLifts(sound, findings);
  checkModules(sound, findings);
  checkPorts(sound, findings);
  for (const block of ['uplink', 'maintainerUplink'] as const) {
    const uplink = sound[block];
    if (uplink) checkUplink(block, uplink, dirname(resolve(path)), findings);
  }
  if (sound.regionalPlatform) checkRegional(sound.regionalPlatform, dirname(resolve(path)), findings);
  const { profiles, problems } = profilesOf(sound, path, findings);
  checkFraming(sound, profiles, findings);
  const all = [
    ...document.problems,
    ...explain(siteSchema, document, parsed.issues ?? []),
    ...findings.problems,
    ...problems,
  ];
  if (!parsed.success || all.length > 0) return { ok: false, problems: inOrder(all, path) };
  const site = withAbsolutePaths(parsed.output, dirname(resolve(path)));
  checkLineTime(site, profiles, findings);
  return { ok: true, loaded: { site, profiles, path, warnings: inOrder(findings.warnings, path) } };
}

/** What makes every other question pointless: not YAML, damaged, empty, not settings, of another version. */
function whollyWrong(text: string, document: Document): Problem[] | null {
  const tell = (line: number, column: number, path: string, said: string, expected: string): Problem[] => [
    { file: document.file, line, column, path, said, expected },
  ];
  const damaged = firstControlCharacter(text);
  if (damaged !== null) {
    const expected = t(
      'a whole copy of the file; a power cut may have torn this one',
      '完好的文件；此文件可能因断电损坏',
    );
    return tell(damaged, 1, '', t('damaged: control characters in the text', '文件损坏：含控制字符'), expected);
  }
  const { value } = document;
  if (value === undefined) return [];
  if (value === null && document.problems.length === 0) {
    const expected = t('settings, as in seeds/sites/demo.yaml', '设置内容，可参照 seeds/sites/demo.yaml');
    return tell(1, 1, '', t('the file is empty', '文件为空'), expected);
  }
  if (Array.isArray(value) || typeof value !== 'object') {
    const { line, column } = document.valueAt([]);
    return tell(line, column, '', shown(value), t('settings, `version: 1` first', '设置内容，首行 version: 1'));
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && Number.isInteger(version) && version > 1) {
    const { line, column } = document.valueAt(['version']);
    return tell(
      line,
      column,
      'version',
      t(`${version}: made by a newer Hoistway`, `${version}：由更新版本的 Hoistway 生成`),
      t(
        '1; install the newer Hoistway, or take the file that was kept before',
        '1；请安装新版本，或使用之前保留的文件',
      ),
    );
  }
  return null;
}

function firstControlCharacter(text: string): number | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  return found ? text.slice(0, found.index).split('\n').length : null;
}

/** The value without what the schema refused, so that the other checks can go on. */
function soundPart(value: unknown, issues: readonly v.BaseIssue<unknown>[]): SoundSite {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const copy = structuredClone(value);
  for (const issue of issues) {
    const path = pathOf(issue);
    const last = path.pop();
    // A list that is too long or too short is still a list.
    if (last === undefined || (issue.kind === 'validation' && Array.isArray(issue.input))) continue;
    let holder: unknown = copy;
    for (const key of path) holder = (holder as { [key: string]: unknown } | undefined)?.[key];
    if (typeof holder === 'object' && holder !== null) (holder as { [key: string]: unknown })[last] = undefined;
  }
  return copy as SoundSite;
}

function checkPorts({ page, opcua }: SoundSite, checks: Checks): void {
  if (!opcua || page === null) return;
  const of = (part: { host?: string | undefined; port?: number | undefined } | undefined, port: number) =>
    `${part?.host ?? '127.0.0.1'}:${part?.port ?? port}`;
  if (of(page, 8080) !== of(opcua, 4840)) return;
  checks.problem(
    ['opcua', 'port'],
    t(`${of(opcua, 4840)}, the port of the page`, `${of(opcua, 4840)}，与网页端口相同`),
    t('a port of its own', '不同的端口'),
  );
}

function profilesOf(
  site: SoundSite,
  siteFile: string,
  checks: Checks,
): { profiles: Map<string, Profile>; problems: Problem[] } {
  const profiles = new Map<string, Profile>();
  const problems: Problem[] = [];
  const outcomes = new Map<string, ReturnType<typeof readProfile>>();
  for (const [index, { controller }] of numbered(site.lifts)) {
    const reference = controller?.profile;
    if (reference === undefined) continue;
    const known = outcomes.get(reference);
    const outcome = known ?? readProfile(reference, siteFile);
    outcomes.set(reference, outcome);
    if (outcome.kind === 'read') profiles.set(reference, outcome.profile);
    if (outcome.kind === 'wrong' && !known) problems.push(...outcome.problems);
    if (outcome.kind === 'missing') {
      checks.problem(['lifts', index, 'controller', 'profile'], outcome.said, outcome.expected, outcome.nearest);
    }
  }
  return { profiles, problems };
}

function withAbsolutePaths(site: Site, siteDir: string): Site {
  const { uplink, maintainerUplink, regionalPlatform } = site;
  return {
    ...site,
    ...(uplink && { uplink: ofUplink(uplink, siteDir) }),
    ...(maintainerUplink && { maintainerUplink: ofUplink(maintainerUplink, siteDir) }),
    ...(regionalPlatform && { regionalPlatform: withFiles(regionalPlatform, PLATFORM_FILES, siteDir) }),
  };
}

function ofUplink(uplink: SiteUplink, siteDir: string): SiteUplink {
  const { requests, ...rest } = withFiles(uplink, UPLINK_FILES, siteDir);
  return requests ? { ...rest, requests: withFiles(requests, ['publicKeysFile'], siteDir) } : rest;
}

function withFiles<B extends { readonly [K in F]?: string | undefined }, F extends keyof B>(
  block: B,
  files: readonly F[],
  siteDir: string,
): B {
  const absolute = { ...block };
  for (const key of files) {
    const file = block[key];
    if (file !== undefined && !isCredential(file)) absolute[key] = resolve(siteDir, file) as B[F];
  }
  return absolute;
}
