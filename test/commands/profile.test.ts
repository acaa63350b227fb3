/** `profile`: a spreadsheet into a profile, and a profile held against a simulated slave, on a serial line and over TCP. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openPtyPair } from '../../hil/wire/pty.ts';
import { type Answer, serveSerial, serveTcp } from '../../hil/wire/slave.ts';
import { siteText } from './rig.ts';

// The language is read once, when the first module asks for it.
process.env.LC_ALL = 'C';
const { command } = await import('../../src/commands/profile.ts');
const { GatewayError } = await import('../../src/errors.ts');

/** As the command line calls it: `code` 2 where the words of the call are off. */
async function profile(positionals: readonly string[], values: { [option: string]: string | boolean } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const said = (code: number) => ({ code, out: out.join('\n'), err: err.join('\n') });
  try {
    const code = await command.run({
      ...{ values, positionals, signal: new AbortController().signal },
      ...{ print: (line: string) => void out.push(line), remark: (line: string) => void err.push(line) },
    });
    return said(code);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    err.push(error.message, error.hint);
    return said(error.code === 'usage' ? 2 : 1);
  }
}

const PROFILE = `profile: bench
title: { en: Bench, zh: 台架 }
source: made for this test
tested: simulated
addressBase: 1
wordOrder: high-first
fields:
  - { signal: landing, table: holding, address: 101, offset: -1 }
  - { signal: positionMm, table: holding, address: 103, type: int32 }
  - { signal: moving, table: coil, address: 1, type: bit }
  - { signal: speedMmPerS, table: input, address: 900 }
`;

/** Holding 100 to 103 hold 5, 0x41b8, 0xffff and 0xfff6 (-10); coil 0 is on; all else is exception 2; unit 9 is not there. */
const HOLDING = [5, 0x41b8, 0xffff, 0xfff6];
const answer: Answer = (unit, table, address, count) => {
  if (unit === 9) return null;
  if (table === 'coil' && address === 0) return [1];
  const words = HOLDING.slice(address - 100, address - 100 + count);
  return table === 'holding' && address >= 100 && words.length === count ? words : { exception: 2 };
};

let dir = '';
let bench = '';
test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hoistway-profile-'));
  bench = join(dir, 'bench.yaml');
  await writeFile(bench, PROFILE);
});
test.after(() => rm(dir, { recursive: true, force: true }));

/** The rows of the table by their signal and base, each split at its columns. */
function rowsOf(out: string): { [key: string]: string[] } {
  const lines = out.split('\n').map((line) => line.split(/ {2,}/));
  return Object.fromEntries(
    lines.filter((cells) => cells.length > 5).map((cells) => [`${cells[0]} ${cells[3]}`, cells]),
  );
}

/** The same of every line: what is told of the slave above. */
function holdsTable(out: string): void {
  const rows = rowsOf(out);
  assert.equal(
    rows['landing 1*']?.slice(1),
    ['holding', '101', '1*', '0x0064', '0005 41b8', '5', '5', '344504', '1102577669', '4.82753e-40', '23', '4'],
    'two words, both orders, and the value of the first',
  );
  assert.equal(
    rows['landing 0']?.slice(3, 8),
    ['0', '0x0065', '41b8 ffff', '16824', '16824'],
    'the other base: one register further on',
  );
  assert.is(rows['landing 0']?.at(-1), '16823', 'and what it would come to');
  const position = rows['positionMm 1*'];
  assert.equal(
    [position?.[5], position?.[8], position?.at(-1)],
    ['ffff fff6', '-10', '-10'],
    'a pair, high word first',
  );
  assert.is(position?.[9], String(0xfff6ffff | 0), 'and the low word first');
  assert.match(rows['positionMm 0']?.at(-1) ?? '', /exception 2$/, 'the second word of the pair is not there');
  assert.equal([rows['moving 1*']?.[5], rows['moving 1*']?.at(-1)], ['1', 'true'], 'a coil');
  assert.match(rows['speedMmPerS 1*']?.at(-1) ?? '', /exception 2$/, 'an address that is not there, in its row');
  assert.match(out, /answered: 3\/4 at base 1, that of the profile \(\*\); 1\/4 at base 0/, 'summed up');
  assert.match(out, /2 no such address/, 'what the exception means');
}

test('over TCP: every field in every way it may be meant', async () => {
  const slave = await serveTcp(answer);
  try {
    const values = { profile: bench, port: `127.0.0.1:${slave.port}`, unit: '1' };
    const { code, out, err } = await profile(['test'], values);
    assert.is(code, 1, `one field could not be read: ${err}`);
    holdsTable(out);
    const json = await profile(['test'], { ...values, json: true });
    const probes = JSON.parse(json.out);
    assert.is(probes.length, 8, 'four fields at two bases');
    const { signal, base, own, wire, words: read, value } = probes[1];
    assert.equal([signal, base, own, wire, read, value], ['landing', 1, true, 100, [5, 0x41b8], 4], 'for a machine');
  } finally {
    await slave.close();
  }
});

test('on a serial line, from the site file and from the words of the call', async () => {
  const pty = await openPtyPair();
  const slave = await serveSerial(pty.b, answer, { baud: 115_200 });
  try {
    const site = join(dir, 'site.yaml');
    await writeFile(site, siteText(pty.a).replace('profile: generic', 'profile: ./bench.yaml'));
    const bySite = await profile(['test'], { site, lift: 'east' });
    assert.is(bySite.code, 1, bySite.err);
    holdsTable(bySite.out);
    assert.equal([...new Set(slave.asked)].sort(), [1, 3, 4], 'only reads went out');
    const line = { profile: bench, port: pty.a, baud: '115200', parity: 'none' };
    const byPort = await profile(['test'], { ...line, unit: '1' });
    assert.is(byPort.out, bySite.out, 'the same table');
    const start = Date.now();
    const silent = await profile(['test'], { ...line, unit: '9' });
    assert.is(silent.code, 1, 'nobody there');
    assert.match(rowsOf(silent.out)['landing 1*']?.at(-1) ?? '', /no reply within 300 ms/, 'silence, in its row');
    assert.match(rowsOf(silent.out)['speedMmPerS 1*']?.at(-1) ?? '', /never answers/, 'and then no more is asked');
    assert.ok(Date.now() - start < 15_000, 'three time-outs, not eight');
  } finally {
    await slave.close();
    await pty.close();
  }
});

test('words that are off are told with what was meant, and nothing is asked', async () => {
  const site = join(dir, 'off.yaml');
  await writeFile(site, siteText('/dev/hoistway-none'));
  const none = { port: '/dev/none', unit: '1' };
  for (const [words, values, said] of [
    [['test'], { site, lift: 'eest' }, /did you mean east/],
    [['test'], { ...none, profile: 'generik' }, /did you mean generic/],
    [['test'], { ...none, profile: 'dcp-tap' }, /controllers of this one push frames/],
    [['test'], { profile: 'generic', port: '/dev/none' }, /--unit N/],
    [['test'], { ...none, profile: 'generic', unit: '248' }, /1 to 247/],
    [['test'], { ...none, profile: 'generic', baud: '9601' }, /baud: one of 1200, .*115200$/m],
    [['tets'], {}, /import, template, test/],
    [['import', 'map.csv'], {}, /--out NAME.yaml/],
    [['import', 'map.csv'], { out: 'Map 1.yaml' }, /a-z, 0-9/],
  ] as const) {
    const { code, err } = await profile(words, values);
    assert.is(code, 2, `${words.join(' ')}: ${err}`);
    assert.match(err, said, JSON.stringify(values));
  }
  await writeFile(site, siteText('/dev/hoistway-none').replace('baud: 115200', 'baud: 115200, listen: true'));
  const tapped = await profile(['test'], { site, lift: 'east' });
  assert.match(tapped.err, /another master polls line-1/, 'a line that is only listened to is never asked');
  assert.is(tapped.code, 2, 'refused');
});

test('template, import, and a profile that is never written over', async () => {
  const template = await profile(['template']);
  assert.is(template.code, 0, template.err);
  const sheet = join(dir, 'map.csv');
  await writeFile(sheet, template.out);
  const out = join(dir, 'site-map.yaml');
  const imported = await profile(['import', sheet], { out });
  assert.is(imported.code, 0, imported.out + imported.err);
  assert.match(await readFile(out, 'utf8'), /^profile: site-map$/m, 'named like its file');
  const again = await profile(['import', sheet], { out });
  assert.is(again.code, 1, 'it is there');
  assert.match(again.err, /EEXIST/, 'and said so');
  await writeFile(sheet, template.out.replace('moving,holding', 'movin,holding'));
  const wrong = await profile(['import', sheet], { out: join(dir, 'other.yaml') });
  assert.is(wrong.code, 1, 'a wrong cell');
  assert.match(wrong.out, /row \d+, signal: "movin"; expected one of .*; did you mean moving\?/, 'told by its cell');
  const none = await readFile(join(dir, 'other.yaml')).catch(() => null);
  assert.is(none, null, 'nothing was written');
});

test.run();
