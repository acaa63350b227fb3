/** One conversation in every form that is read gives one and the same capture. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseCapture } from '../../../src/trace/file.ts';
import type { Format } from '../../../src/trace/import/recording.ts';
import * as forms from './forms.ts';
import { START_MS, TALK } from './forms.ts';
import { chunksIn, expected, importOf } from './read.ts';

const counts = { bytes: 87, frames: 9, requests: 5, pairs: 4, noise: 0 };

const FORMS: readonly (readonly [name: string, format: Format, bytes: Uint8Array, wall: boolean])[] = [
  ['socat -x of 1.7.3', 'socat', forms.socat(TALK), true],
  ['socat -x of 1.7.4, whose nine digits are microseconds', 'socat', forms.socat(TALK, { digits: 9 }), true],
  ['socat -x -v', 'socat', forms.socat(TALK, { verbose: true, digits: 9 }), true],
  ['jpnevulator of two ports', 'jpnevulator', forms.jpnevulator(TALK), true],
  ['jpnevulator of one port', 'jpnevulator', forms.jpnevulator(TALK, ['', '']), true],
  ['interceptty with times', 'interceptty', forms.interceptty(TALK, true), true],
  ['Saleae Logic 1, both sides on one wire', 'saleae', forms.saleae1(TALK), false],
  ['Saleae Logic 2, an analyser for each side', 'saleae', forms.saleae2(TALK), false],
  ['pcap of an RTAC recorder', 'pcap', forms.pcap(forms.rtac(TALK)), true],
  ['pcap, big-endian', 'pcap', forms.pcap(forms.rtac(TALK), { little: false }), true],
  ['pcap in nanoseconds', 'pcap', forms.pcap(forms.rtac(TALK), { nano: true }), true],
  ['pcap, big-endian in nanoseconds', 'pcap', forms.pcap(forms.rtac(TALK), { little: false, nano: true }), true],
  ['pcap of bare RTU frames', 'pcap', forms.pcap(forms.bare(TALK), { linktype: 147 }), true],
  ['pcap of an old RTAC recorder under 147', 'pcap', forms.pcap(forms.rtac(TALK), { linktype: 147 }), true],
  [
    'pcapng of an RTAC recorder',
    'pcapng',
    forms.pcapng([{ linktype: 250, name: 'COM3', rows: forms.rtac(TALK) }]),
    true,
  ],
  ['pcap of Modbus TCP', 'pcap', forms.pcap(forms.ethernet(forms.tcpParts(TALK)), { linktype: 1 }), true],
  [
    'pcap of Modbus TCP behind a VLAN tag',
    'pcap',
    forms.pcap(forms.ethernet(forms.tcpParts(TALK), { vlan: true }), { linktype: 1 }),
    true,
  ],
  [
    'pcap of Modbus TCP in bare IP',
    'pcap',
    forms.pcap(
      forms.ethernet(forms.tcpParts(TALK)).map((row) => ({ ...row, data: row.data.subarray(14) })),
      { linktype: 101 },
    ),
    true,
  ],
  ['a text with times of the day', 'text', forms.text(TALK), false],
];

for (const [name, format, bytes, wall] of FORMS) {
  test(name, () => {
    const result = importOf(bytes);
    assert.is(result.format, format, 'recognised');
    assert.equal(chunksIn(result), expected(TALK), 'who said what, and when');
    assert.equal(
      result.lines.map((line) => line.counts),
      [counts],
      'what is told of it',
    );
    const { head } = parseCapture(result.capture, 'made');
    assert.equal(head.buses, ['line-1'], 'the bus');
    const firstUs = TALK[0]?.atUs ?? 0;
    if (wall) assert.ok(Math.abs(head.wallAtZeroMs - (START_MS + firstUs / 1000)) < 0.01, `${head.wallAtZeroMs}`);
    assert.is(head.clockTrust, wall ? 'rtc' : 'unset', 'whether the wall time is known');
  });
}

test('with the tool the other way round on the line, the master is still who asks', () => {
  const swapped = (text: Uint8Array) =>
    new TextEncoder().encode(
      new TextDecoder().decode(text).replace(/^([^<>\n]*)([<>])/gm, (_, before: string, side: string) => {
        return before + (side === '>' ? '<' : '>');
      }),
    );
  for (const text of [forms.socat(TALK), forms.interceptty(TALK, true)]) {
    assert.equal(chunksIn(importOf(swapped(text))), expected(TALK), 'arrows');
  }
  const slave = TALK.map((said) => ({ ...said, asks: !said.asks }));
  assert.equal(
    chunksIn(importOf(forms.pcap(forms.rtac(slave)))),
    expected(TALK),
    'a recorder on the side of the slave',
  );
});

test('interceptty without times: in order, laid end to end at the baud rate', () => {
  const result = importOf(forms.interceptty(TALK));
  const bare = (lines: string[]) => lines.map((line) => line.replace(/ @.*/, ''));
  assert.equal(bare(chunksIn(result)), bare(expected(TALK)), 'who said what');
  assert.match(result.notes.join('\n'), /no times.*9600 baud/, 'told');
  assert.ok(result.spanMs > 87 * 1.1 && result.spanMs < 300, `${result.spanMs} ms for 87 characters`);
});

test.run();
