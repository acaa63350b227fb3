/**
 * Takes pictures of the page, for the README and for a person to judge it: npx tsx test/interface/pictures.ts FOLDER
 * With --serve it shows the moving room on a port instead, until stopped.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { startPage } from '../../src/interface/http.ts';
import { openPage } from './chromium.ts';
import { fakeBoard, fakeLift, movingBoard, wallAtZeroMs } from './fake-board.ts';

const [folder = 'pictures'] = process.argv.slice(2);
const serve = folder === '--serve';
const fromMs = systemClock.monoMs() - 9000;
const atMs = () => systemClock.monoMs() - fromMs;
const clock = { ...systemClock, wallMs: () => (wallAtZeroMs + atMs()) as ReturnType<typeof systemClock.wallMs> };
const state = { networkCut: false, linePulled: false };
const controls = {
  trap: () => undefined,
  holdDoor: () => undefined,
  cutNetwork: (cut: boolean) => Object.assign(state, { networkCut: cut }),
  pullSerialLine: (pulled: boolean) => Object.assign(state, { linePulled: pulled }),
  state,
};
const { lifts } = movingBoard(0);
const rooms = {
  room: { board: () => movingBoard(atMs()) },
  demo: { board: () => movingBoard(atMs(), { lifts: movingBoard(atMs()).lifts.slice(0, 2) }), controls },
  tower: { board: () => fakeBoard({ lifts: [fakeLift('tower', tall())] }) },
  eight: {
    board: () =>
      movingBoard(atMs(), { lifts: [...lifts, ...lifts].map((lift, at) => ({ ...lift, id: `lift-${at + 1}` })) }),
  },
};

function tall() {
  const landings = Array.from({ length: 63 }, (_, at) => ({
    marking: String(at + 1),
    heightMm: at * 3000 + (at > 0 ? 2500 : 0),
  }));
  return { landings, landing: 40, positionMm: 122_500 };
}

for (const [name, room] of Object.entries(rooms)) {
  const page = await startPage({ host: '127.0.0.1', port: serve ? 8099 : 0, nextFreePort: serve, clock, ...room });
  const push = setInterval(() => page.push(), 200);
  if (serve) {
    process.stdout.write(`${name} ${page.url}\n`);
    continue;
  }
  mkdirSync(folder, { recursive: true });
  for (const [widthPx, heightPx] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const language of ['en-GB', 'zh-CN']) {
      for (const scheme of ['dark', 'light'] as const) {
        if (name !== 'room' && name !== 'demo' && (language === 'zh-CN' || scheme === 'light')) continue;
        const tab = await openPage(page.url, { widthPx, heightPx, language, scheme });
        await tab.until("document.querySelectorAll('.lift').length > 0");
        await tab.evaluate('new Promise((done) => setTimeout(done, 1500))');
        await tab.screenshot(join(folder, `${name}-${widthPx}-${language}-${scheme}.png`));
        await tab.close();
      }
    }
  }
  clearInterval(push);
  await page.stop();
}
