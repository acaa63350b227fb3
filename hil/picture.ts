/** The sum of many seeds as a picture: a row for each fault, recall and precision with their 95 % intervals. Plain SVG. */

import type { FaultScore } from './score.ts';
import { rowsOf, type Tally, wholeOf, wilson } from './seeds.ts';

export interface PictureOf {
  readonly tally: Tally;
  /** the first seed, and how the seeds were called: `--seed 1 --seeds 100 --hours 100 --fleet` */
  readonly call: string;
  readonly seconds: number;
  /** what a fault is called; null where it is none of the catalogue */
  titleOf(fault: string): { readonly en: string; readonly zh: string } | null;
}

/** Widths and heights in px of the view box. */
const ROW = 34;
const TOP = 168;
const NAME_X = 24;
const COUNT_X = 470;
const PANELS = [
  { x: 490, en: 'recall', zh: '检出率', shareOf: (row: FaultScore) => [row.raised, row.injected] as const },
  {
    x: 824,
    en: 'precision',
    zh: '准确率',
    shareOf: (row: FaultScore) => [row.raised, row.raised + row.false] as const,
  },
];
const PANEL_WIDTH = 290;
/** The end of the panel is 100 %, apart from the nines, which would go on for ever. */
const WHOLE_WIDTH = 46;
const WORST_X = [1216, 1316] as const;
const WIDTH = 1342;

const STYLE = `
  .paper { fill: #ffffff } text { fill: #1d2329; font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei", sans-serif }
  .head { font-size: 21px; font-weight: 600 } .said, .tick { fill: #5b6670 } .tick { font-size: 10px } .name { font-weight: 600 }
  .end { text-anchor: end; font-variant-numeric: tabular-nums } .mid { text-anchor: middle }
  .grid { stroke: #dfe4e8 } .whole { fill: #eef6f1 } .bar { stroke-width: 3; stroke-linecap: round } .all { stroke: #17804d; fill: #17804d } .some { stroke: #c2410c; fill: #c2410c } text.some { stroke: none }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14181c } text { fill: #e6eaee } .said, .tick { fill: #98a3ad } .grid { stroke: #2c343b } .whole { fill: #18291f }
    .all { stroke: #4cc38a; fill: #4cc38a } .some { stroke: #ff8a4c; fill: #ff8a4c }
  }`;

/** The whole picture, as the text of an SVG file. */
export function pictureOf({ tally, call, seconds, titleOf }: PictureOf): string {
  const rows = rowsOf(tally);
  const nines = ninesOf(rows.map(([, row]) => row));
  const bottom = TOP + rows.length * ROW;
  const height = bottom + 96;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t">`,
    `<title id="t">Hoistway: recall and precision of each fault over ${tally.seeds} seeds / 各类故障的检出率与准确率</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...headOf(tally, call, seconds),
    ...PANELS.flatMap((panel) => axisOf(panel, nines, bottom)),
    text(COUNT_X, TOP - 32, 'end said', 'raised / due'),
    text(COUNT_X, TOP - 14, 'end said', '检出 / 应检出'),
    text(WORST_X[1], TOP - 50, 'end', 'worst delay beyond the limit 最大延迟'),
    ...['controller', 'sensors only'].map((by, at) => text(WORST_X[at] ?? 0, TOP - 32, 'end said', by)),
    ...['读取控制器', '仅传感器'].map((by, at) => text(WORST_X[at] ?? 0, TOP - 14, 'end said', by)),
    ...rows.flatMap(([fault, row], at) => rowOf(TOP + (at + 0.5) * ROW, fault, row, titleOf(fault), nines)),
    ...footOf(bottom + 28),
    '</svg>',
    '',
  ].join('\n');
}

function headOf(tally: Tally, call: string, seconds: number): string[] {
  const { score, falseEntrapmentsPerYear } = wholeOf(tally);
  const failed = tally.failed.length;
  const sum = `${count(tally.seeds)} seeds, ${count(tally.hours)} lift-hours in ${seconds.toFixed(0)} s (${call})`;
  const zh = `${count(tally.seeds)} 个种子，${count(tally.hours)} 梯时，用时 ${seconds.toFixed(0)} 秒`;
  const found = `${count(score.raised)} of ${count(score.injected)} raised, ${count(score.false)} false, ${count(failed)} seeds with something missed or false`;
  const foundZh = `应检出 ${count(score.injected)}，检出 ${count(score.raised)}，误报 ${count(score.false)}`;
  const { seen, atMost } = falseEntrapmentsPerYear;
  const trapped = `false entrapments per lift-year: ${seen.toFixed(3)}, below ${atMost.toFixed(3)} with 95 % confidence`;
  const trappedZh = `每梯年误报困人 ${seen.toFixed(3)} 次，95 % 置信上限 ${atMost.toFixed(3)} 次`;
  return [
    text(NAME_X, 36, 'head', 'Faults of simulated lifts: what was found, and what was false　模拟电梯：检出与误报'),
    text(NAME_X, 60, 'said', `${sum}　${zh}`),
    text(NAME_X, 80, score.missed + score.false + failed > 0 ? 'some' : 'said', `${found}　${foundZh}`),
    text(NAME_X, 100, 'said', `${trapped}　${trappedZh}`),
  ];
}

function axisOf({ x, en, zh }: (typeof PANELS)[number], nines: number, bottom: number): string[] {
  const ticks = Array.from({ length: nines + 1 }, (_, at) => ({
    px: x + placeOf(1 - 10 ** -at, nines),
    label: nineOf(at),
  }));
  const wholePx = x + PANEL_WIDTH;
  return [
    `<rect class="whole" x="${wholePx - WHOLE_WIDTH / 2}" y="${TOP - 8}" width="${WHOLE_WIDTH}" height="${bottom - TOP + 8}"/>`,
    text(x, TOP - 34, '', `${en} ${zh}, %`),
    ...[...ticks, { px: wholePx, label: '100' }].flatMap(({ px, label }) => [
      text(px, TOP - 14, 'mid tick', label),
      `<line class="grid" x1="${at(px)}" x2="${at(px)}" y1="${TOP - 8}" y2="${bottom}"/>`,
    ]),
  ];
}

function rowOf(
  y: number,
  fault: string,
  row: FaultScore,
  title: { readonly en: string; readonly zh: string } | null,
  nines: number,
): string[] {
  const worst = [row.delays.controller, row.delays.sensors].map((delay, at) =>
    text(WORST_X[at] ?? 0, y + 5, 'end', delay.count > 0 ? durationOf(delay.worstMs) : '–'),
  );
  return [
    `<line class="grid" x1="${NAME_X}" x2="${WORST_X[1]}" y1="${y + ROW / 2}" y2="${y + ROW / 2}"/>`,
    `<text class="name" x="${NAME_X}" y="${y + 5}">${escaped(fault)}<tspan class="said" font-weight="400" dx="8">${escaped(title?.zh ?? '')}</tspan>${title ? `<title>${escaped(title.en)}</title>` : ''}</text>`,
    text(COUNT_X, y + 5, row.missed > 0 ? 'end some' : 'end', `${count(row.raised)} / ${count(row.injected)}`),
    ...PANELS.flatMap(({ x, en, shareOf }) => dotOf(x, y, en, shareOf(row), nines)),
    ...worst,
  ];
}

/** The share as a dot, its interval as a bar. */
function dotOf(x: number, y: number, what: string, [found, of]: readonly [number, number], nines: number): string[] {
  if (of === 0) return [text(x + PANEL_WIDTH / 2, y + 5, 'mid said', '–')];
  const { low, high } = wilson(found, of);
  const tone = found === of ? 'all' : 'some';
  const [from, dot, to] = [low, found / of, found === of ? 1 : high].map((share) => at(x + placeOf(share, nines)));
  const said = `${what} ${found} of ${of}: ${percent(low)} to ${percent(high)}`;
  return [
    `<g class="${tone}"><title>${said}</title><line class="bar" x1="${from}" x2="${to}" y1="${y}" y2="${y}" opacity="0.45"/><circle cx="${dot}" cy="${y}" r="5" stroke="none"/></g>`,
  ];
}

function footOf(y: number): string[] {
  return [
    text(
      NAME_X,
      y,
      'said',
      'Dot: the share. Bar: its 95 % interval after Wilson. Each step of the axis is a tenth of what the one before left out; 100 % stands apart.',
    ),
    text(
      NAME_X,
      y + 20,
      'said',
      '圆点：比例；横线：Wilson 95 % 置信区间。坐标每格的遗漏为前一格的十分之一；100 % 单列。',
    ),
    text(
      NAME_X,
      y + 40,
      'said',
      'Read by sensors only, a car between landings is known to stand once it has been there for longer than any healthy run. 仅靠传感器时，轿厢停在层间的时间超过正常运行最长间隔后方可判定停梯。',
    ),
  ];
}

/** So many nines that the best interval has room: as many as the greatest count can show, six at most. */
function ninesOf(rows: readonly FaultScore[]): number {
  const most = Math.max(10, ...rows.flatMap(({ raised, false: wrong, injected }) => [injected, raised + wrong]));
  return Math.min(6, Math.max(2, Math.ceil(Math.log10(most))));
}

/** px from the left of the panel: a step of the same width for each nine, and 100 % at its end. */
function placeOf(share: number, nines: number): number {
  if (share >= 1) return PANEL_WIDTH;
  return (Math.min(nines, -Math.log10(1 - share)) / nines) * (PANEL_WIDTH - WHOLE_WIDTH);
}

const nineOf = (nines: number) => (nines === 0 ? '0' : String(Number((100 - 10 ** (2 - nines)).toFixed(nines))));
const at = (px: number) => px.toFixed(1);
const percent = (share: number) => `${(share * 100).toFixed(3)} %`;
const count = (value: number) => Math.round(value).toLocaleString('en-US').replaceAll(',', '\u202f');

/** `0 ms`, `242 ms`, `14.2 s`. */
export function durationOf(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function text(x: number, y: number, tone: string, said: string): string {
  return `<text${tone ? ` class="${tone}"` : ''} x="${at(x)}" y="${at(y)}">${escaped(said)}</text>`;
}

function escaped(said: string): string {
  return said.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
