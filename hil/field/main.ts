/**
 * `npm run field -- [--minutes 10] [--kills 0] [--broker-down 0] [--baud 9600] [--parity even] [--seed N]`
 * `npm run field -- --record FOLDER [--seed N]`: others' masters and slaves, as a tap hears them.
 */

import { parseArgs } from 'node:util';
import { record, TALKS } from './record.ts';
import { fieldRun } from './run.ts';
import { verdictOf } from './verdict.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    kills: { type: 'string', default: '0' },
    'broker-down': { type: 'string', default: '0' },
    baud: { type: 'string', default: '9600' },
    parity: { type: 'string', default: 'even' },
    record: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
if (values.record !== undefined) {
  for (const talk of TALKS) {
    const count = await record(talk, values.record, Number(values.seed));
    console.log(`${talk.name}, seed ${values.seed}: ${count} transactions`);
  }
  process.exit(0);
}
const options = {
  seconds: Number(values.minutes) * 60,
  kills: Number(values.kills),
  brokerDownSeconds: Number(values['broker-down']),
  baud: Number(values.baud),
  parity: values.parity === 'none' ? ('none' as const) : ('even' as const),
  seed: Number(values.seed),
};
console.log(`seed ${options.seed}: ${values.minutes} min at ${values.baud} ${values.parity}, ${values.kills} kills`);
const result = await fieldRun({ ...options, remark: (line) => console.log(line) });
const { problems, faults, repeats, boots } = verdictOf(result);
for (const problem of problems) console.log(problem);
console.log(
  `${result.kills} kills, ${result.expected.length} faults injected, ${faults} raised; ${result.delivered.length} records delivered from ${boots} starts, ` +
    `${repeats} repeats, ${result.announced.length} announced; ${problems.length} problems`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
