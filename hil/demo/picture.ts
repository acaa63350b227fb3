/** Takes the README's picture: a real demo, a passenger trapped, a door held. `npx tsx hil/demo/picture.ts FILE.png` */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sleep, systemClock } from '../../src/clock.ts';
import { packageRoot } from '../../src/package.ts';
import { openPage } from '../../test/interface/chromium.ts';

const [file = 'demo.png', language = 'en'] = process.argv.slice(2);
const main = join(packageRoot, 'src/main.ts');
const demo = spawn(process.execPath, ['--import', 'tsx', main, 'demo'], { stdio: ['ignore', 'pipe', 'inherit'] });
const url = await new Promise<string>((resolve) => {
  createInterface({ input: demo.stdout }).on('line', (line) => {
    const found = /http:\S+/.exec(line);
    if (found) resolve(found[0]);
  });
});
const press = (name: string, lift: string) =>
  fetch(`${url}demo/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lift }),
  });
const faults = async () => {
  const board = (await (await fetch(`${url}api/board`)).json()) as { lifts: { faults: unknown[] }[] };
  return board.lifts.filter((lift) => lift.faults.length > 0).length;
};
await sleep(systemClock, 25_000);
await press('trap', 'east');
await press('hold-door', 'west');
for (let tries = 0; tries < 240 && (await faults()) < 2; tries++) await sleep(systemClock, 250);
const page = await openPage(url, { widthPx: 1280, heightPx: 900, language, scheme: 'dark' });
await sleep(systemClock, 1500);
await page.screenshot(file);
await page.close();
demo.kill('SIGINT');
