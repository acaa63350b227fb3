/** What `simulate` says to people: of one life, and of many. */

import { durationOf } from '../../hil/picture.ts';
import type { SimulateReport } from '../../hil/score.ts';
import { rowsOf, type Tally, wholeOf, wilson } from '../../hil/seeds.ts';
import { loadCatalogue } from '../detect/catalogue.ts';
import { t } from '../language.ts';

const MOST_PROBLEMS = 20;

export function reportLines(report: SimulateReport, seconds: number): string[] {
  const { seed, hours, problems } = report;
  const rows = rowsOf(report).map(([fault, { raised, missed, false: wrong, delays }]) => {
    const counts = `${String(raised).padStart(5)} ${String(missed).padStart(6)} ${String(wrong).padStart(5)}`;
    const worstMs = Math.max(delays.controller.worstMs, delays.sensors.worstMs);
    return `${fault.padEnd(28)}${counts}  ${t('worst delay', '最大延迟')} ${worstMs.toFixed(0)} ms`;
  });
  const sum = t(
    `seed ${seed}: ${hours} h in ${seconds.toFixed(1)} s; raised ${report.raised}, missed ${report.missed}, false ${report.false}`,
    `种子 ${seed}：${hours} 小时，用时 ${seconds.toFixed(1)} 秒；检出 ${report.raised}，漏报 ${report.missed}，误报 ${report.false}`,
  );
  return [...rows, ...problems, sum];
}

/** `callOf`: the command that lives a seed again. */
export function tallyLines(tally: Tally, seconds: number, callOf: (seed: number) => string): string[] {
  const { seeds, hours, failed } = tally;
  const shown = failed.slice(0, MOST_PROBLEMS);
  return [
    ...aligned([headOf(), ...rowsOf(tally).map(([fault, score]) => cellsOf(titleOf(fault), score))]),
    '',
    ...wholeLines(tally),
    ...shown.map(({ seed, problems }) => `${callOf(seed)}: ${problems[0] ?? ''}`),
    ...(failed.length > shown.length
      ? [t(`and ${failed.length - shown.length} seeds more`, `另有 ${failed.length - shown.length} 个种子`)]
      : []),
    t(
      `${seeds} seeds, ${hours} lift-hours in ${seconds.toFixed(0)} s; ${failed.length} seeds with something missed or false`,
      `${seeds} 个种子，${hours} 梯时，用时 ${seconds.toFixed(0)} 秒；${failed.length} 个种子有漏报或误报`,
    ),
  ];
}

const titleOf = (fault: string) =>
  t(fault, Object.entries(loadCatalogue()).find(([name]) => name === fault)?.[1].title.zh ?? fault);

/** `seconds`: since the first began. */
export function progressOf(done: number, count: number, seconds: number): string {
  const left = (seconds / done) * (count - done);
  const [en, zh] =
    left < 90
      ? [`${left.toFixed(0)} s`, `${left.toFixed(0)} 秒`]
      : [`${(left / 60).toFixed(0)} min`, `${(left / 60).toFixed(0)} 分钟`];
  return t(`${done} / ${count}, ${en} left`, `${done} / ${count}，剩余约 ${zh}`);
}

function headOf(): string[] {
  return [
    t('fault', '故障'),
    t('raised / due', '检出 / 应检出'),
    t('recall, 95 %', '检出率（95 %）'),
    t('false', '误报'),
    t('precision, 95 %', '准确率（95 %）'),
    t('worst delay, controller', '最大延迟：读取控制器'),
    t('sensors only', '仅传感器'),
  ];
}

function cellsOf(name: string, { raised, injected, false: wrong, delays }: Tally['faults'][string]): string[] {
  const worst = [delays.controller, delays.sensors].map(({ count, worstMs }) =>
    count > 0 ? durationOf(worstMs) : '–',
  );
  const counts = `${raised} / ${injected}`;
  return [name, counts, between(raised, injected), String(wrong), between(raised, raised + wrong), ...worst];
}

function wholeLines(tally: Tally): string[] {
  const { score, falseEntrapmentsPerYear } = wholeOf(tally);
  const { raised, injected, false: wrong, delays } = score;
  const { seen, atMost } = falseEntrapmentsPerYear;
  const delayOf = (by: keyof typeof delays) => {
    const { count, sumMs, worstMs } = delays[by];
    const [mean, worst] = [durationOf(sumMs / Math.max(1, count)), durationOf(worstMs)];
    return count === 0 ? t('none', '无') : t(`mean ${mean}, worst ${worst}`, `平均 ${mean}，最大 ${worst}`);
  };
  return [
    t(
      `all: recall ${raised} / ${injected}, ${between(raised, injected)}; precision ${raised} / ${raised + wrong}, ${between(raised, raised + wrong)} (95 %, Wilson)`,
      `合计：检出率 ${raised} / ${injected}，${between(raised, injected)}；准确率 ${raised} / ${raised + wrong}，${between(raised, raised + wrong)}（95 %，Wilson）`,
    ),
    t(
      `false entrapments per lift-year: ${seen.toFixed(3)}, below ${atMost.toFixed(3)} (95 %, exact Poisson, one-sided)`,
      `每梯年误报困人：${seen.toFixed(3)} 次，低于 ${atMost.toFixed(3)} 次（95 %，泊松精确单侧上限）`,
    ),
    t(
      `delay beyond the limit, controller read: ${delayOf('controller')}; sensors only: ${delayOf('sensors')}`,
      `超过时限的延迟，读取控制器：${delayOf('controller')}；仅传感器：${delayOf('sensors')}`,
    ),
  ];
}

function between(found: number, of: number): string {
  if (of === 0) return '–';
  const { low, high } = wilson(found, of);
  return `${(low * 100).toFixed(2)} % .. ${(high * 100).toFixed(2)} %`;
}

/** Columns of one width each: the first to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => columnsOf(cells[at] ?? ''))));
  return rows.map((cells) =>
    cells
      .map((cell, at) => {
        const blank = ' '.repeat((widths[at] ?? 0) - columnsOf(cell));
        return at === 0 ? cell + blank : blank + cell;
      })
      .join('   '),
  );
}

/** Columns that a terminal gives a text: two for each wide character (Unicode, UAX 11). */
function columnsOf(text: string): number {
  return [...text].reduce((sum, one) => sum + (/[\p{Script=Han}\u3000-\u303f\uff01-\uff60]/u.test(one) ? 2 : 1), 0);
}
