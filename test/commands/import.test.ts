/** `hoistway import` as people call it: what it says, what it writes, and that a replay takes it. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { monoMs } from '../../src/clock.ts';
import type { LiftEvent } from '../../src/lift/events.ts';
import { Replay } from '../../src/replay.ts';
import { parseCapture } from '../../src/trace/file.ts';
import { linesOf, loaded, mutes, simulatedHour } from '../simulated.ts';
import * as forms from '../trace/import/forms.ts';
import { recording } from '../trace/import/recordings.ts';
import { hoistway } from './cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-import-'));
test.after(() => rmSync(dir, { recursive: true }));
const at = (name: string) => join(dir, name);
function given(name: string, bytes: Uint8Array): string {
  writeFileSync(at(name), bytes);
  return at(name);
}

const FLOWMETER = ['--channel', '2', '--baud', '9600'];
const BRAINCHILD = ['--channel', '1,0', '--baud', '19200', '--parity', 'even', '--inverted'];

// Frames and reads: as in seeds/traces/README.md; a request that was answered may be a write.
for (const [name, words, frames, answered] of [
  ['flowmeter_graph_tool.sr', FLOWMETER, 18, 9],
  ['flowmeter_target0_val0.sr', FLOWMETER, 74, 37],
  ['flowmeter_target_0liter_per_min.sr', FLOWMETER, 112, 56],
  ['flowmeter_target_15liter_per_min.sr', FLOWMETER, 132, 66],
  ['flowmeter_target_20liter_per_min.sr', FLOWMETER, 66, 33],
  ['brainchild-io-16do.sr', BRAINCHILD, 30, 15],
] as const) {
  test(`${name}: every frame, every answer, no byte left over`, async () => {
    const out = at(`${name}.pcapng`);
    const {
      code,
      out: said,
      err,
    } = await hoistway(['import', given(name, recording(name)), '--out', out, ...words, '--json']);
    assert.is(code, 0, err);
    const report = JSON.parse(said) as { format: string; lines: { [key: string]: unknown }[] };
    const [line] = report.lines;
    assert.is(report.format, 'sigrok', 'recognised');
    assert.equal(
      [line?.frames, line?.requests, line?.pairs, line?.noise],
      [frames, answered, answered, 0],
      'what was found',
    );
    const chunks = parseCapture(readFileSync(out), out).items.flatMap((item) =>
      item.kind === 'chunk' ? item.chunk : [],
    );
    assert.is(chunks.filter((chunk) => chunk.dir === 'tx').length, answered, 'requests are those of the master');
    assert.is(chunks.length, frames, 'a chunk a frame');
  });
}

const tshark = spawnSync('tshark', ['--version']).error === undefined ? test : test.skip;
tshark('what is written opens in Wireshark as RTAC serial, with queries, responses and right CRCs', async () => {
  const out = at('shark.pcapng');
  const { code, err } = await hoistway(['import', given('shark.log', forms.socat(forms.TALK)), '--out', out]);
  assert.is(code, 0, err);
  const words = ['-r', out, '-d', 'rtacser.data,mbrtu', '-o', 'mbrtu.crc_verification:TRUE', '-T', 'fields'];
  const fields = ['rtacser.eventtype', 'mbrtu.crc16.status', 'modbus.func_code', 'rtacser.timestamp'];
  const { stdout, status } = spawnSync('tshark', [...words, ...fields.flatMap((field) => ['-e', field])], {
    encoding: 'utf8',
  });
  assert.is(status, 0, 'tshark reads it');
  const rows = stdout.split('\n').filter((row) => row.includes('0x0'));
  const want = forms.TALK.map(({ asks, atUs, bytes }) => {
    const wall = (forms.START_MS / 1000 + atUs / 1e6).toFixed(6);
    return `0x0${asks ? 1 : 2}\t1\t${(bytes[1] ?? 0) & 0x7f}\t${wall}000`;
  });
  assert.equal(rows, want, 'direction, CRC, function and time of each frame');
});

test('the hour of a simulated lift, logged by socat, replays to the same events', async () => {
  const { items } = simulatedHour(7);
  const bus = loaded.site.buses[0]?.id ?? '';
  const chunks = items.flatMap((item) => (item.kind === 'chunk' && item.chunk.bus === bus ? item.chunk : []));
  const us = chunks.map(({ atMs }) => Math.round(atMs * 1000));
  const firstUs = us[0] ?? 0;
  const events: LiftEvent[] = [];
  const replay = new Replay(loaded, mutes, monoMs(0), (event) => events.push(event));
  const talk = chunks.map((chunk, n) => ({
    asks: chunk.dir === 'tx',
    atUs: (us[n] ?? 0) - firstUs,
    bytes: chunk.bytes,
  }));
  for (const [n, chunk] of chunks.entries()) {
    replay.feed({ kind: 'chunk', chunk: { ...chunk, atMs: monoMs((talk[n]?.atUs ?? 0) / 1000) } });
  }
  replay.feed({ kind: 'end', atMs: monoMs((talk.at(-1)?.atUs ?? 0) / 1000) });
  assert.ok(events.length > 30, `${events.length} events to compare`);

  const log = given('hour.log', forms.socat(talk));
  const made = await hoistway(['import', log, '--out', at('hour.pcapng'), '--bus', bus]);
  assert.is(made.code, 0, made.err);
  const ran = await hoistway(['replay', at('hour.pcapng'), '--site', loaded.path, '--json']);
  assert.is(ran.code, 0, ran.err);
  const strip = (line: string) =>
    line.replace(/"(\w*[mM]s)":(\d+\.\d+)/g, (_, key, ms) => `"${key}":${Math.round(Number(ms))}`);
  assert.equal(ran.out.trim().split('\n').map(strip), linesOf(events).map(strip), 'the same, to the millisecond');
});

test('for people: what was found, what was left out, and what to do next, in both languages', async () => {
  const log = given('talk.log', forms.interceptty(forms.TALK));
  const words = ['import', log, '--out', at('talk.pcapng'), '--bus', 'controller'];
  const [en, zh] = await Promise.all([hoistway(words), hoistway(words, { LC_ALL: 'zh_CN.UTF-8' })]);
  assert.match(en.out, /talk\.log: interceptty, 0\.\d s\n/, 'the form');
  assert.match(
    en.out,
    /bus controller: 9 chunks, 87 bytes; 9 frames, 5 requests of which 4 answered, 0 bytes of no/,
    'the line',
  );
  assert.match(en.out, /next: hoistway replay .*talk\.pcapng --site FILE/, 'what to do next');
  assert.match(en.err, /no times in the file/, 'what was put right');
  assert.match(zh.out, /9 帧，5 个请求，4 个有应答/, 'in Chinese');
});

const TALK = given('words.log', forms.text(forms.TALK));
const SR = given('wires.sr', recording('flowmeter_graph_tool.sr'));
for (const [why, words, code, said] of [
  ['a file that is not there', [at('none'), '--out', at('x')], 1, /opening a recording failed at .*none: ENOENT/],
  ['no --out', [TALK], 2, /missing: --out/],
  ['the same file', [TALK, '--out', TALK], 2, /reading --out failed/],
  ['a folder that is not there', [TALK, '--out', at('no/x.pcapng')], 1, /writing a capture failed/],
  [
    'an unknown format',
    [TALK, '--out', at('x'), '--format', 'hterm'],
    2,
    /--format failed at hterm\nnext: pcap, pcapng, socat/,
  ],
  ['an unknown parity', [TALK, '--out', at('x'), '--parity', 'mark'], 2, /--parity failed at mark/],
  ['a channel in words', [SR, '--out', at('x'), '--channel', 'RXTX'], 2, /--channel failed at RXTX/],
  ['no channel of a .sr', [SR, '--out', at('x')], 2, /next: say which wire .* 2 RXTX,/],
  ['a channel that is not there', [SR, '--out', at('x'), '--channel', '9'], 1, /no channel 9; there are 8/],
  ['a text of no bytes', [given('prose', Buffer.from('nothing here\n')), '--out', at('x')], 1, /no bytes of a line/],
] as const) {
  test(`exit ${code}: ${why}`, async () => {
    const ran = await hoistway(['import', ...words]);
    assert.match(ran.err, said, 'what is off');
    assert.is(ran.code, code, ran.err);
  });
}

test.run();
