import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { durationOf, pictureOf } from '../../hil/picture.ts';
import { NOTHING, raisedAfter, scoreSum } from '../../hil/score.ts';
import { type Tally, wilson } from '../../hil/seeds.ts';
import { loadCatalogue } from '../../src/detect/catalogue.ts';
import { hasChromium, openPage } from '../interface/chromium.ts';

const many = (count: number) => ({ ...NOTHING, injected: count, raised: count });
const tally: Tally = {
  ...{ seeds: 10_000, hours: 1_000_000 },
  faults: {
    'doorClosed <stuck>': many(3),
    overspeed: scoreSum(many(99_999), { ...NOTHING, injected: 1, missed: 1 }),
    entrapment: scoreSum(scoreSum(many(100_000), raisedAfter(337, 'controller')), raisedAfter(21_000, 'sensors')),
    'load-fault': { ...NOTHING, false: 2 },
  },
  failed: [{ seed: 3, problems: ['missed overspeed'] }],
};
const titles = new Map<string, { en: string; zh: string }>(
  Object.entries(loadCatalogue()).map(([fault, { title }]) => [fault, title]),
);
const titleOf = (fault: string) => titles.get(fault) ?? null;
const svg = pictureOf({ tally, call: 'simulate --seed 1 & more', seconds: 3000, titleOf });

/** Of every row with a share: the left end of its bar, its right end, and its dot, in px. */
const marks = [
  ...svg.matchAll(/x1="([\d.]+)" x2="([\d.]+)" y1="([\d.]+)"[^>]*opacity[^>]*><circle cx="([\d.]+)"/g),
].map(([, from, to, y, dot]) => ({ from: Number(from), to: Number(to), y: Number(y), dot: Number(dot) }));

test('a row a fault, in the order of the catalogue, with its names in both languages', () => {
  const names = [...svg.matchAll(/class="name"[^>]*>([^<]+)<tspan[^>]*>([^<]*)/g)].map(([, name, zh]) => [name, zh]);
  assert.equal(
    names,
    [
      ['entrapment', '困人'],
      ['overspeed', '超速'],
      ['load-fault', '称重故障'],
      ['doorClosed &lt;stuck&gt;', ''],
    ],
    'the rows',
  );
  assert.match(
    svg,
    /10\u202f000 seeds, 1\u202f000\u202f000 lift-hours in 3000 s \(simulate --seed 1 &amp; more\)/,
    'the head',
  );
  assert.match(svg, />337 ms<.*\n.*>21\.0 s</, 'its worst delay, each way of reading apart');
});

test('all of 100 000 and all but one of them are told apart', () => {
  const [entrapment, , overspeed] = marks;
  assert.ok(entrapment && overspeed, 'their recall');
  assert.is(entrapment.dot, entrapment.to, 'the interval of all ends at all');
  assert.ok(entrapment.dot - overspeed.dot > 40, `${overspeed.dot} px and ${entrapment.dot} px`);
  assert.ok(overspeed.from < overspeed.dot && overspeed.dot < overspeed.to, 'within its interval');
  assert.ok(wilson(99_999, 100_000).high < 1 && overspeed.to < entrapment.to, 'which does not reach all');
  assert.match(svg, /recall 99999 of 100000: 99\.994 % to 100\.000 %/, 'told in words as well');
});

test('what was never due has no recall; false ones have a precision of none', () => {
  assert.is(marks.length, 7, 'four rows of two, one without a share');
  const precision = marks.filter(({ y }) => y === (marks[4]?.y ?? 0));
  assert.is(precision.length, 1, 'of load-fault one alone');
  assert.match(svg, /precision 0 of 2: 0\.000 % to 65\.76/, 'none of two was right');
});

test('durations', () => {
  assert.equal(
    [0, 242.4, 999, 1000, 21_040].map(durationOf),
    ['0 ms', '242 ms', '999 ms', '1.0 s', '21.0 s'],
    'ms, then s',
  );
});

if (hasChromium) {
  test('a browser draws it: no text outside the paper, none over another', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'hoistway-picture-'));
    const file = join(dir, 'picture.svg');
    writeFileSync(file, svg);
    const page = await openPage(pathToFileURL(file).href, { widthPx: 1400, heightPx: 700 });
    try {
      await page.until('document.querySelectorAll("text").length > 20');
      const off = await page.evaluate(`(() => {
        const paper = document.querySelector('.paper').getBoundingClientRect();
        const boxes = [...document.querySelectorAll('text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
        const apart = (a, b) => a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 8 || b.bottom <= a.top + 8;
        return [
          ...boxes.filter(([, box]) => box.left < paper.left || box.right > paper.right || box.bottom > paper.bottom),
          ...boxes.filter(([, box], at) => boxes.some(([, other], with_) => with_ < at && !apart(box, other))),
        ].map(([text]) => text);
      })()`);
      assert.equal(off, [], 'what is off the paper or overlaps');
      assert.equal(page.problems, [], 'nothing wrong in it');
    } finally {
      await page.close();
      rmSync(dir, { recursive: true });
    }
    assert.not(existsSync(dir), 'nothing left behind');
  });
}

test.run();
