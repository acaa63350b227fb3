/** Checks of the lifts: told apart, with landings that rise, and sources that suffice; and that no two contacts share a line. */

import { t } from '../language.ts';
import { INPUT_SIGNALS } from '../lift/signals.ts';
import { type Checks, numbered, Once, type SoundLift, type SoundSite } from './checks.ts';
import { nearest } from './nearest.ts';
import { shown } from './problems.ts';

/** Landings nearer to each other than this are in metres, or a mistake. */
const LEAST_RISE_MM = 100;
/** Stand where the lift would, in topics of the box. */
const NOT_OF_LIFTS: readonly string[] = ['box', 'response'];

export function checkLifts(site: SoundSite, checks: Checks): void {
  const unique = ['id', 'registrationNumber', 'rescueLabelNumber'] as const;
  const seen = Object.fromEntries(unique.map((key) => [key, new Once(checks)]));
  const lines = new Once(checks);
  checkContacts(site.box?.inputs, ['box'], lines, checks);
  for (const [index, lift] of numbered(site.lifts)) {
    const at = ['lifts', index];
    for (const key of unique) {
      seen[key]?.see(lift[key], [...at, key], (line) =>
        checks.problem(
          [...at, key],
          t(`${shown(lift[key])}, as on line ${line}`, `${shown(lift[key])}，与第 ${line} 行重复`),
          t('one of its own for each lift', '每台电梯各不相同'),
        ),
      );
    }
    if (lift.id !== undefined && NOT_OF_LIFTS.includes(lift.id)) {
      const hint = t(
        `any name but ${NOT_OF_LIFTS.join(' and ')}: topics of the box itself`,
        `不可用 ${NOT_OF_LIFTS.join('、')}：为本机主题所用`,
      );
      checks.problem([...at, 'id'], t(`a lift called ${lift.id}`, `电梯名为 ${lift.id}`), hint);
    }
    checkLandings(lift, at, checks);
    checkContacts(lift.inputs, at, lines, checks);
    checkSources(lift, at, checks);
  }
}

function checkContacts(
  inputs: SoundLift['inputs'] | NonNullable<SoundSite['box']>['inputs'],
  at: (string | number)[],
  lines: Once,
  checks: Checks,
): void {
  for (const [name, line] of Object.entries(inputs ?? {})) {
    if (line === undefined || !('chip' in line) || line.chip === undefined || line.offset === undefined) continue;
    const path = [...at, 'inputs', name, 'offset'];
    lines.see(`${line.chip} ${line.offset}`, path, (first) =>
      checks.problem(
        path,
        t(
          `${line.offset} of ${shown(line.chip)}, as on line ${first}`,
          `${shown(line.chip)} 的 ${line.offset}，与第 ${first} 行重复`,
        ),
        t('a line of its own for each contact', '每个触点各用一条线'),
      ),
    );
  }
}

function checkLandings(lift: SoundLift, at: (string | number)[], checks: Checks): void {
  const landings = numbered(lift.landings);
  const markings = new Once(checks);
  let below: number | undefined;
  for (const [index, { marking, heightMm }] of landings) {
    const path = [...at, 'landings', index];
    markings.see(marking, [...path, 'marking'], (line) =>
      checks.problem(
        [...path, 'marking'],
        t(`${shown(marking)}, as on line ${line}`, `${shown(marking)}，与第 ${line} 行重复`),
        t('one of its own for each landing', '每个层站各不相同'),
      ),
    );
    if (heightMm === undefined) continue;
    if (below !== undefined && heightMm <= below) {
      checks.problem(
        [...path, 'heightMm'],
        String(heightMm),
        t(`more than ${below}, the landing below`, `大于下一层站的 ${below}`),
      );
    } else if (below !== undefined && heightMm - below < LEAST_RISE_MM) {
      checks.warning(
        [...path, 'heightMm'],
        t(`${heightMm - below} mm above the landing below`, `仅比下一层站高 ${heightMm - below} mm`),
        t('millimetres: 3 m is 3000', '以毫米计：3 m 写 3000'),
      );
    }
    below = heightMm;
  }
  const known = landings.flatMap(([, { marking }]) => marking ?? []);
  const { baseLanding } = lift;
  if (baseLanding !== undefined && lift.landings !== undefined && !known.includes(baseLanding)) {
    checks.problem(
      [...at, 'baseLanding'],
      t(`no landing is marked ${shown(baseLanding)}`, `没有标识为 ${shown(baseLanding)} 的层站`),
      t(`one of ${known.join(', ')}`, `以下之一：${known.join(', ')}`),
      nearest(baseLanding, known),
    );
  }
}

function checkSources(lift: SoundLift, at: (string | number)[], checks: Checks): void {
  const inputs = Object.entries(lift.inputs ?? {}).filter(([, line]) => line !== undefined);
  const wired = new Set(inputs.map(([signal]) => signal));
  // A misspelt signal may be the one that is missing.
  const allKnown = Object.keys(lift.inputs ?? {}).every((name) => INPUT_SIGNALS.some((signal) => signal === name));
  if (wired.size === 0 && !('controller' in lift) && !broken(lift)) {
    checks.problem(
      at,
      t('neither controller nor inputs', '既无 controller 也无 inputs'),
      t('something that tells of this lift', '至少一种信号来源'),
    );
  }
  for (const [one, other] of [
    ['levelUpper', 'levelLower'],
    ['levelLower', 'levelUpper'],
  ] as const) {
    if (allKnown && wired.has(one) && !wired.has(other)) {
      checks.problem(
        [...at, 'inputs', one],
        t(`${one} without ${other}`, `有 ${one} 而无 ${other}`),
        t('both level switches: the order of the two tells the direction', '两个平层开关：先后次序决定方向'),
      );
    }
  }
  if (wired.has('baseLanding') && !wired.has('levelUpper') && !wired.has('levelLower')) {
    checks.warning(
      [...at, 'inputs', 'baseLanding'],
      t('tells nothing without the level switches', '无平层开关时没有作用'),
      'levelUpper, levelLower',
    );
  }
}

/** What the schema refused is told already; whether it would have been a source is not known. */
function broken(lift: SoundLift): boolean {
  return lift.inputs === undefined && 'inputs' in lift;
}
