/** What is said of each end of a sweep, in English; test/commands/scan.test.ts has the Chinese. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scouted } from '../../src/scout/sweep.ts';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { progressText, reportLines } = await import('../../src/scout/words.ts');
const { siteStart } = await import('../../src/scout/site-start.ts');
const { parseSite } = await import('../../src/config/load.ts');

const SETTINGS = { baud: 9600, parity: 'even', stopBits: 1 } as const;
const NOTHING: Scouted = {
  ...{ end: 'whole', settings: null, slaves: [], asks: [], unclear: [], answering: 0 },
  ...{ settingsAsked: 16, requestsSent: 320 },
};
const slave = (unit: number, more: Partial<Scouted['slaves'][number]> = {}) => ({
  ...{ unit, late: false, identity: [], profiles: [] },
  ...more,
});
const said = (scouted: Partial<Scouted>) => reportLines({ ...NOTHING, ...scouted }, 'PORT').join('\n');

test('nobody: how much was asked, what came back garbled, and what to look at', () => {
  assert.match(said({}), /^PORT: nobody answered 320 requests at 16 settings\nnext: A and B changed over\?/, 'nobody');
  const unclear = [{ settings: SETTINGS, unit: 3 }];
  assert.match(said({ unclear }), /garbled: unit 3 at 9600 8E1: look at the wiring/, 'garbled');
  assert.match(said({ end: 'budget' }), /\nthe time was over before all was asked \(--budget SECONDS\)$/, 'budget');
  assert.match(said({ end: 'stopped' }), /\nstopped before all was asked$/, 'stopped');
});

test('somebody else: whether anything was sent before, and what to do', () => {
  assert.match(
    said({ end: 'talker', requestsSent: 0 }),
    /not understood at any setting; nothing was sent\nnext: /,
    'talker',
  );
  const asks = [
    { unit: 2, functionCode: 3, request: { unit: 2, table: 'holding', address: 7, count: 1 } as const, times: 9 },
    { unit: 2, functionCode: 16, request: null, times: 1 },
  ];
  const text = said({ end: 'master', settings: SETTINGS, asks });
  assert.match(
    text,
    /^PORT 9600 8E1: another master .*; 320 requests had been sent before it was heard, none since\n/,
    'sent',
  );
  assert.match(text, /\n {2}unit 2: holding 7, 9 times\n {2}unit 2: function 16, 1 times\nnext: /, 'what it asks');
});

test('slaves: who they say they are, what they are slow in, how sure a profile is and why', () => {
  const found = {
    identity: [[0, 'Inovance']] as const,
    profiles: [
      {
        ...({ profile: 'monarch-nice3000', sure: 'likely', bits: 20 } as const),
        reasons: [
          { kind: 'reads', answered: 4, planned: 4 } as const,
          { kind: 'byte-count' } as const,
          { kind: 'implausible', signal: 'landing', value: 99 } as const,
          { kind: 'rival', profile: 'other' } as const,
        ],
      },
    ],
  };
  const text = said({ settings: SETTINGS, slaves: [slave(1, found), slave(2, { late: true })], answering: 2 });
  assert.match(text, /^PORT 9600 8E1: 2 slaves answer\n {2}unit 1: says it is Inovance\n/, 'who');
  assert.match(text, /monarch-nice3000, likely: all 4 of its reads are answered; its byte count has 16 bits/, 'why');
  assert.match(text, /but "landing, .*" would be 99; but other fits as well\n/, 'and what speaks against it');
  assert.match(text, /unit 2: does not say who it is; answers late: .*\n {4}no profile fits/, 'slow');
  assert.match(said({ slaves: [slave(1)], answering: 247 }), /more than 16 answer/, 'a gateway');
});

test('progress: where, what, how many, how long yet', () => {
  const progress = { doing: 'ask', settings: SETTINGS, unit: 7, found: 1, leftMs: 59_700 } as const;
  assert.is(progressText(progress), '9600 8E1 asking unit 7 · 1 found · at most 60 s left', 'in a line');
});

test('the start of a site file lacks what only a person knows, for every kind of bus and slave', () => {
  const slaves = [slave(1, { late: true, identity: [[0, 'a: "b" # c']] }), slave(247)];
  for (const bus of [
    { type: 'rtu', path: '/dev/serial/by-id/usb-x: "y"', settings: SETTINGS, listen: true },
    { type: 'tcp', host: '10.0.0.7', port: 502 },
  ] as const) {
    const result = parseSite(siteStart(bus, slaves), 'start.yaml');
    assert.not.ok(result.ok, 'not yet a site');
    const paths = result.ok ? [] : result.problems.map(({ path }) => path.replace(/\[\d\]/, ''));
    const missing = ['registrationNumber', 'rescueLabelNumber', 'address', 'ratedSpeedMmPerS', 'landings'];
    const wanted = ['box.id', ...missing.map((name) => `lifts.${name}`), 'lifts.controller.profile'];
    assert.equal([...new Set(paths)], wanted, `${bus.type}: these and no other`);
  }
});

test.run();
