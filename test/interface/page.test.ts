/** The page in a real Chromium: what a person sees, presses and is told. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sleep, systemClock } from '../../src/clock.ts';
import type { Board, DemoControls } from '../../src/interface/board.ts';
import { type Page, startPage } from '../../src/interface/http.ts';
import { hasChromium, type OpenPage, openPage, type View } from './chromium.ts';
import { ENTRAPMENT, fakeBoard, fakeLift, LOST, SILENT, UNKNOWN } from './fake-board.ts';

let board: Board = fakeBoard();
let pressed: string[] = [];
const state = { networkCut: false, linePulled: false };
const controls: DemoControls = {
  trap: (lift) => pressed.push(`trap ${lift}`),
  holdDoor: (lift) => pressed.push(`hold ${lift}`),
  cutNetwork: (cut) => {
    state.networkCut = cut;
    page.push();
  },
  pullSerialLine: (pulled) => {
    state.linePulled = pulled;
    page.push();
  },
  state,
};

let page: Page;
let tab: OpenPage;

const start = (port = 0) => startPage({ host: '127.0.0.1', port, board: () => board, controls, clock: systemClock });

async function open(view: View = {}): Promise<OpenPage> {
  const opened = await openPage(page.url, view);
  await opened.until("document.querySelectorAll('.lift').length > 0");
  return opened;
}

function push(changes: Partial<Board>): void {
  board = fakeBoard(changes);
  page.push();
}

const text = (selector: string) => `document.querySelector(${JSON.stringify(selector)}).textContent`;
const shown = (selector: string) => tab.evaluate(text(selector)) as Promise<string>;

test.before(async () => {
  page = await start();
  tab = await open();
});

test.before.each(async () => {
  pressed = [];
  push({});
  await tab.until(`${text('.status b')} === 'No open faults'`);
});

test.after(async () => {
  await tab.close();
  await page.stop();
});

test('a lift in service is shown with landing, door, rescue label number, address and mode', async () => {
  push({ lifts: [fakeLift('east', { landing: 3, positionMm: 9900 })] });
  await tab.until(`${text('.marking')} === '3'`);
  assert.is(await shown('.rescue b'), '10382', 'rescue label number');
  assert.match(await shown('.lift footer'), '人民路', 'address');
  assert.is(await shown('.mode'), 'normal', 'mode');
  assert.is(await shown('[data-signal=door]'), 'door closed', 'door');
  assert.is(await tab.evaluate("document.querySelectorAll('.travel li').length"), 12, 'every landing is drawn');
});

test('the car stands at its true height, and goes on between two boards at its speed', async () => {
  const middle =
    "new DOMMatrix(getComputedStyle(document.querySelector('.carriage')).transform).m42 / document.querySelector('.rails').clientHeight";
  push({ lifts: [fakeLift('east', { positionMm: 18_150, landing: 5 })] });
  await tab.until(`Math.abs(${middle} + 0.5) < 0.005`);
  push({
    lifts: [fakeLift('east', { positionMm: 18_150, landing: 5, moving: true, direction: 'up', speedMmPerS: 1750 })],
  });
  await tab.until(`${middle} < -0.53`, 3000);
});

test('a fault appears within a second of its push, is spoken, counted, and gone when it ends', async () => {
  push({
    lifts: [
      fakeLift('east', { passenger: true, faults: [{ ...ENTRAPMENT, sinceWallMs: systemClock.wallMs() - 65_000 }] }),
    ],
  });
  await tab.until(`document.querySelector('.faults li strong')?.textContent === 'Entrapment'`, 1000);
  assert.match(await shown('.faults .when'), /since .*1 min 0\d s/, 'since when, and for how long');
  assert.is(await shown('#alarm'), 'east: Entrapment', 'spoken to those who do not see it');
  assert.is(await shown('.status b'), '1 open fault', 'counted in the head of the page');
  assert.match(String(await tab.evaluate('document.title')), '(1)', 'and in the title');
  assert.is(
    await tab.evaluate("document.querySelector('.car').classList.contains('trapped')"),
    true,
    'the car shows it',
  );
  push({});
  await tab.until("document.querySelectorAll('.faults li').length === 0", 1000);
  assert.is(await shown('#notice'), 'east: over: Entrapment', 'its end is spoken');
});

test('a fault of the box itself stands in the head of the page, is counted and spoken', async () => {
  const { box } = fakeBoard();
  push({ box: { ...box, faults: [{ ...LOST, sinceWallMs: systemClock.wallMs() }] } });
  await tab.until(`${text('.status b')} === '1 open fault'`);
  assert.match(await shown('.status span'), /^Cut off, since \d\d:\d\d:\d\d$/, 'which, and since when');
  assert.is(await shown('#alarm'), 'renmin-88-3: Cut off', 'spoken, with the name of the box');
  push({});
  await tab.until(`${text('.status b')} === 'No open faults'`);
  assert.is(await shown('#notice'), 'renmin-88-3: over: Cut off', 'its end is spoken');
});

test('entrapment stands before every other fault', async () => {
  const earlier = { ...SILENT, sinceWallMs: ENTRAPMENT.sinceWallMs - 60_000 };
  push({ lifts: [fakeLift('east', { faults: [earlier, ENTRAPMENT] })] });
  await tab.until("document.querySelectorAll('.faults li').length === 2");
  assert.is(await shown('.faults li:first-child strong'), 'Entrapment', 'people first');
});

test('what is unknown is grey and says so; no car is drawn where none is known', async () => {
  push({ lifts: [fakeLift('east', UNKNOWN)] });
  await tab.until(`${text('.marking')} === '?'`);
  for (const signal of ['door', 'zone', 'passenger', 'chain']) {
    const row = `[data-signal=${signal}]`;
    assert.match(await shown(row), 'unknown', `${signal} in words`);
    assert.is(
      await tab.evaluate(`document.querySelector('${row}').className`),
      'unknown',
      `${signal}: neither on nor off`,
    );
    const border = await tab.evaluate(`getComputedStyle(document.querySelector('${row} .lamp')).borderTopStyle`);
    assert.is(border, 'dashed', `${signal}: a lamp of its own shape`);
  }
  const grey = await tab.evaluate("getComputedStyle(document.querySelector('[data-signal=door]')).color");
  assert.is(grey, 'rgb(154, 167, 173)', 'grey');
  assert.match(await shown('.mode'), 'unknown', 'mode');
  assert.is(await shown('[data-signal=link]'), 'controller silent', 'why it is unknown');
  assert.is(await tab.evaluate("getComputedStyle(document.querySelector('.carriage')).display"), 'none', 'no car');
  assert.is(await shown('.status b'), '1 lift cannot be seen', 'the head does not call this quiet');
});

test('lines, outbox, uplink and events are shown with their reasons', async () => {
  push({
    buses: [
      {
        id: 'tty',
        up: false,
        why: 'no such port',
        slaves: [{ unit: 4, lift: 'east', ok: 1200, failed: 7, lastError: 'no reply' }],
      },
    ],
    outbox: { ...fakeBoard().outbox, waitingAlarms: 2, waitingTelemetry: 1234, trouble: 'disk full' },
    uplink: {
      state: 'waiting',
      why: { en: 'the broker does not answer, again in 8 s', zh: '服务器无应答，8 秒后重试' },
      sent: 5,
    },
    maintainerUplink: { state: 'online', why: { en: 'connected', zh: '已连接' }, sent: 71 },
    recent: [
      { type: 'trip', lift: 'east', text: { en: 'trip 1 → 4', zh: '运行 1 → 4' }, wallMs: systemClock.wallMs() },
    ],
  });
  await tab.until(`${text('.why')}.includes('8 s')`);
  assert.match(await shown('.lines'), 'down: no such port', 'line');
  assert.match(await shown('.slave'), 'no reply', "the slave's last error");
  assert.match(await shown('.outbox'), '1,234', 'telemetry waiting');
  assert.is(await shown('.trouble'), 'disk full', 'trouble of the outbox');
  assert.match(await shown('.events'), 'trip 1 → 4', 'events');
  assert.match(await shown('.outbox'), 'about 686 h without a network', 'what is free, in hours');
  assert.match(await shown('.uplink'), 'Maintainer: online', 'the second uplink by its name');
  assert.match(await shown('.uplink'), '71 sent', 'and what it sent');
});

test('an uplink that the site file has not is not shown, nor its lamp', async () => {
  const lamps = "[...document.querySelectorAll('.uplink .lamp')].filter((lamp) => lamp.checkVisibility()).length";
  await tab.until(`${lamps} === 1`);
  push({ maintainerUplink: { state: 'online', why: { en: 'connected', zh: '已连接' }, sent: 1 } });
  await tab.until(`${lamps} === 2`);
});

test('a click on a button of the demo reaches the box, and a switch shows its state', async () => {
  await tab.click('[data-demo=trap]');
  await tab.until(`${text('.answer')} === 'Done'`);
  await tab.click('[data-demo=hold-door]');
  for (let tries = 0; tries < 50 && pressed.length < 2; tries++) await sleep(systemClock, 20);
  assert.equal(pressed, ['trap east', 'hold east'], 'both buttons of the lift');
  const network = (value: string) =>
    `document.querySelector('[data-demo=network]').getAttribute('aria-checked') === '${value}'`;
  await tab.click('[data-demo=network]');
  await tab.until(network('true'));
  assert.is(state.networkCut, true, 'the network is cut');
  assert.match(await shown('[data-demo=network]'), 'cut', 'and the switch says so');
  await tab.click('[data-demo=network]');
  await tab.until(network('false'));
  await tab.click('[data-demo=line]');
  await tab.until("document.querySelector('[data-demo=line]').getAttribute('aria-checked') === 'true'");
  await tab.click('[data-demo=line]');
  await tab.until("document.querySelector('[data-demo=line]').getAttribute('aria-checked') === 'false'");
});

test('the keyboard alone is enough', async () => {
  await tab.evaluate("document.querySelector('.language').focus()");
  await tab.key('Tab');
  await tab.key('Tab');
  await tab.key('Tab');
  assert.is(await tab.evaluate('document.activeElement.dataset.demo'), 'trap', 'the third stop');
  const outline = await tab.evaluate('getComputedStyle(document.activeElement).outlineStyle');
  assert.is(outline, 'solid', 'the focus is seen');
  await tab.key('Enter');
  for (let tries = 0; tries < 50 && pressed.length === 0; tries++) await sleep(systemClock, 20);
  assert.equal(pressed, ['trap east'], 'pressed by Enter');
});

test('Chinese: by the browser, by the switch, and remembered', async () => {
  await tab.click('.language');
  await tab.until(`${text('.status b')} === '无故障'`);
  assert.is(await tab.evaluate('document.documentElement.lang'), 'zh-CN', 'language of the page');
  assert.is(await shown('[data-signal=door]'), '轿门关闭', 'door');
  await tab.evaluate('location.reload()');
  await tab.until("document.querySelector('.language')?.textContent === 'English'");
  await tab.until("document.querySelectorAll('.lift').length > 0");
  push({ lifts: [fakeLift('east', { faults: [ENTRAPMENT] })] });
  await tab.until("document.querySelector('.faults strong')?.textContent === '困人'");
  push({});
  await tab.click('.language');
  await tab.until(`${text('.status b')} === 'No open faults'`);
  const chinese = await open({ language: 'zh-CN', widthPx: 360, heightPx: 740 });
  try {
    assert.is(await chinese.evaluate(text('.status b')), '无故障', 'a Chinese browser is met in Chinese');
    const overflow = await chinese.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    assert.is(overflow, 0, 'nothing is wider than a telephone of 360 px');
  } finally {
    await chinese.close();
  }
});

test('nothing moves on the page when a fault comes', async () => {
  const tops =
    "JSON.stringify([...document.querySelectorAll('.lift, .panel, .shaft')].map((e) => e.getBoundingClientRect().top))";
  const before = await tab.evaluate(tops);
  const box = { ...fakeBoard().box, faults: [LOST] };
  push({ box, lifts: [fakeLift('east', { faults: [ENTRAPMENT, SILENT] })] });
  await tab.until("document.querySelectorAll('.faults li').length === 2");
  assert.is(await tab.evaluate(tops), before, 'every part stays where it is');
});

test('a box that stops is said to be lost, its state dimmed; the page finds it again by itself', async () => {
  const { port } = new URL(page.url);
  await page.stop();
  await tab.until(`${text('.status b')}.startsWith('The box does not answer')`, 8000);
  assert.is(await tab.evaluate("document.body.classList.contains('lost')"), true, 'dimmed');
  assert.match(await shown('.status'), 'Last word', 'since when');
  page = await start(Number(port));
  await tab.until(`${text('.status b')} === 'No open faults'`, 8000);
  assert.is(await tab.evaluate("document.body.classList.contains('lost')"), false, 'as before');
});

test('the console is silent and no request leaves the box', async () => {
  const fresh = await open();
  try {
    await sleep(systemClock, 300);
    assert.equal(fresh.problems, [], 'console');
    const hosts = new Set(fresh.requested.map((url) => new URL(url).host));
    assert.equal([...hosts], [new URL(page.url).host], 'only the box is asked');
  } finally {
    await fresh.close();
  }
});

if (hasChromium) test.run();
else process.stdout.write('test/interface/page.test.ts did not run: there is no chromium on this machine\n');
