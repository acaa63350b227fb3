/**
 * `npm run fuzz [-- --frames 10000000] [--captures 100000] [--seed 1]`: frames and files of every form, damaged. Exits 1 on a crash,
 * on a wrong value of a sound frame, on more damaged frames told than a CRC of 16 bits must let pass, or on memory that grew.
 */

import { parseArgs } from 'node:util';
import { fuzzFiles } from './captures.ts';
import { fuzzFrames } from './frames.ts';

/** Two readers, and at each the reply and what a wrong head makes of it. */
const TRIES = 2;
const MOST_GROWTH_BYTES = 4 * 2 ** 20;
const MOST_RSS_BYTES = 512 * 2 ** 20;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '10000000' },
    captures: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const frames = fuzzFrames(seed, Number(values.frames));
const theory = (TRIES * frames.damaged) / 65_536;
const most = Math.ceil(theory + 3.1 * Math.sqrt(theory) + 1);
const grewBytes = frames.heapBytes[1] - frames.heapBytes[0];
console.log(
  `${frames.frames} frames: ${frames.told} reads told; of ${frames.damaged} damaged replies ${frames.passed} passed (a CRC of 16 bits: about ${theory.toFixed(1)}, at most ${most}); ${frames.wrong - frames.passed} wrong values of sound ones; heap grew by ${(grewBytes / 2 ** 20).toFixed(1)} MiB`,
);
const files = await fuzzFiles(seed, Number(values.captures));
console.log(
  `${files.files} files: ${files.read} read, ${files.files - files.read - files.crashes.length} refused, ${files.crashes.length} crashes; at most ${(files.rssBytes / 2 ** 20).toFixed(0)} MiB`,
);
for (const crash of files.crashes) console.log(crash);
const sound = frames.wrong === frames.passed && frames.passed <= most && grewBytes < MOST_GROWTH_BYTES;
process.exitCode = sound && files.crashes.length === 0 && files.rssBytes < MOST_RSS_BYTES ? 0 : 1;
