/**
 * A process that lives lives of the outbox, each on a file of its own: `child.js [OPTIONS SAID] ...`. What a life says it
 * appends to its file SAID at once: what the kernel has taken survives a kill. A dot on the output for every promise kept.
 */

import { openSync, writeSync } from 'node:fs';
import { type LifeOptions, live } from './life.ts';

const words = process.argv.slice(2);
const lives: Promise<void>[] = [];

writeSync(1, 'o');
for (let at = 0; at < words.length; at += 2) {
  const file = openSync(words[at + 1] ?? '', 'a');
  const life = live(JSON.parse(words[at] ?? '') as LifeOptions, (line) => {
    writeSync(file, `${JSON.stringify(line)}\n`);
    if (line.say === 'kept') dot();
  });
  lives.push(life);
}
await Promise.all(lives);

function dot(): void {
  try {
    writeSync(1, '.');
  } catch {
    // Nobody reads just now, and the pipe is full: the kill comes a little later.
  }
}
