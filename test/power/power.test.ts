/** A slice of `npm run power-cuts`, with a fresh seed; and that what it runs can fail. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cut } from '../../hil/power/cuts.ts';
import { killed } from '../../hil/power/kills.ts';
import { makePlaces, type Places } from '../../hil/power/places.ts';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const KILLS = 32;
const CUTS = 150;

const test = suite<{ places: Places }>(`power cuts, SEED=${seed}`);
test.before((context) => {
  context.places = makePlaces();
});
test.after(({ places }) => places.remove());

test('kill -9 at random points: all that was acknowledged is there, in order, under its own name', async ({
  places,
}) => {
  const { problems, points, promised } = await killed({ places, seed, kills: KILLS });
  assert.equal(problems, [], `SEED=${seed}`);
  assert.is(points, KILLS, 'as many as were asked for');
  assert.ok(promised > 100, `${promised} records were acknowledged`);
});

test('power cuts on a disk that loses what was not synced', async ({ places }) => {
  const { problems, points, promised, alarms } = await cut({ places, seed, cuts: CUTS });
  assert.equal(problems, [], `SEED=${seed}`);
  assert.is(points, CUTS, 'as many as were asked for');
  assert.ok(promised > 100 && alarms > 10, `${promised} records were acknowledged, ${alarms} alarms`);
});

/** A loss, however it shows first. */
const LOSS = /: lost|: forgotten, and there again|: open faults|: the file was found damaged/;

test('a disk that does not sync the log is found out', async ({ places }) => {
  const { problems } = await cut({ places, seed, cuts: 500, liesOf: '-wal', untilFound: true });
  assert.match(problems.join('\n'), LOSS, 'by what is not there');
});

test('an outbox that promises before it has stored is found out', async ({ places }) => {
  const after = {
    kill: await killed({ places, seed, kills: 500, defect: 'early', untilFound: true }),
    cut: await cut({ places, seed, cuts: 500, defect: 'early', untilFound: true }),
  };
  for (const [what, { problems }] of Object.entries(after)) assert.match(problems.join('\n'), LOSS, `by a ${what}`);
});

test('an outbox that forgets one record for the next is found out', async ({ places }) => {
  const { problems } = await cut({ places, seed, cuts: 500, defect: 'forgets', untilFound: true });
  assert.match(problems.join('\n'), LOSS, 'nobody had asked it to');
});

test.run();
