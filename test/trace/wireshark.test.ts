/** Wireshark's own reading of a capture: tshark, as in src/trace/README.md. Skipped where it is not installed. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { WallMs } from '../../src/clock.ts';
import { parseCapture } from '../../src/trace/file.ts';
import { bytesOf, chunk, good, goodItems, head } from './samples.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-wireshark-'));
const file = join(dir, 'good.pcapng');
writeFileSync(file, good);
test.after(() => rmSync(dir, { recursive: true }));

const installed = (program: string) => spawnSync(program, ['--version']).error === undefined;
const withTshark = installed('tshark') ? test : test.skip;
const withEditcap = installed('editcap') ? test : test.skip;

const MODBUS = ['-d', 'rtacser.data,mbrtu', '-o', 'mbrtu.crc_verification:TRUE'];

function tshark(path: string, ...words: string[]): string[] {
  const { stdout, stderr, status } = spawnSync('tshark', ['-r', path, ...MODBUS, ...words], { encoding: 'utf8' });
  assert.is(status, 0, `tshark reads the file: ${stderr}`);
  return stdout.replace(/\n$/, '').split('\n');
}

withTshark('requests and replies are named, with their registers and checked CRCs', () => {
  const lines = tshark(file, '-Y', 'mbrtu', '-T', 'fields', '-e', '_ws.col.Info');
  assert.is(lines.length, 4, 'four frames');
  lines.forEach((line, at) => {
    assert.match(
      line,
      at % 2 === 0 ? /^\s*Query:/ : /^\s*Response:/,
      `frame ${at} is a ${at % 2 === 0 ? 'query' : 'response'}`,
    );
    assert.match(line, /Unit:\s+3, Func:\s+3: Read Holding Registers/, 'unit and function');
  });
  const values = tshark(
    file,
    '-Y',
    'modbus.regval_uint16',
    '-T',
    'fields',
    '-e',
    'modbus.regnum16',
    '-e',
    'modbus.regval_uint16',
  );
  assert.equal(values, ['16,17\t4660,7', '16,17\t4661,7'], 'registers and values');
  const sums = tshark(file, '-Y', 'mbrtu', '-T', 'fields', '-e', 'mbrtu.crc16.status');
  assert.equal(new Set(sums), new Set(['1']), 'every CRC is good');
});

withTshark('a damaged frame is shown with its bad CRC', () => {
  const bad = join(dir, 'bad.pcapng');
  writeFileSync(bad, bytesOf([chunk('tx', 1, Uint8Array.of(3, 3, 0, 16, 0, 2, 1, 1))]));
  const sums = tshark(bad, '-Y', 'mbrtu', '-T', 'fields', '-e', 'mbrtu.crc16.status');
  assert.equal(sums, ['0'], 'bad');
});

withTshark('times are wall times: to the second in the list, exact in the header of each packet', () => {
  const [first = ''] = tshark(
    file,
    '-Y',
    'rtacser',
    '-T',
    'fields',
    '-e',
    'frame.time_epoch',
    '-e',
    'rtacser.timestamp',
  );
  assert.is(first, '1767225601.100001000\t1767225601.223457000', 'floor to the second; exact');
});

withTshark('interfaces carry the names of the lines, and direction is shown', () => {
  const rows = tshark(file, '-T', 'fields', '-e', 'frame.interface_name', '-e', 'rtacser.eventtype');
  assert.equal(
    rows,
    ['marks\t', 'line-1\t0x01', 'line-1\t0x02', 'inputs\t', 'line-1\t0x01', 'line-1\t0x02', 'marks\t'],
    'all packets',
  );
});

withTshark('a clock that was never set does no harm', () => {
  const unset = join(dir, 'unset.pcapng');
  writeFileSync(unset, bytesOf(goodItems, { ...head, wallAtZeroMs: -400_000.5 as WallMs, clockTrust: 'unset' }));
  assert.is(tshark(unset, '-Y', 'mbrtu').length, 4, 'frames before 1970');
});

withEditcap('a capture saved by Wireshark, whole or in part, still reads with the same times', () => {
  const saved = join(dir, 'saved.pcapng');
  assert.is(spawnSync('editcap', [file, saved]).status, 0, 'saved whole');
  const { head: savedHead, items } = parseCapture(readFileSync(saved), 'saved');
  assert.equal(items, goodItems, 'the items');
  assert.equal(savedHead, head, 'the head');
  assert.is(spawnSync('editcap', ['-r', file, saved, '1-3', '7']).status, 0, 'saved in part');
  assert.equal(parseCapture(readFileSync(saved), 'saved').items, [...goodItems.slice(0, 3), goodItems[6]], 'the part');
});

test.run();
