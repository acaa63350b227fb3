/** Evidence against a real Mosquitto: whole and resumed, with the hash that it must have, and never before an alarm. */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mosquitto, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { sleep, systemClock } from '../../src/clock.ts';
import { fetchEvidence } from '../../src/commands/ask-evidence.ts';
import { Asker } from '../../src/requests/asker.ts';
import type { EvidenceOf } from '../../src/requests/sources.ts';
import { openCapture } from '../../src/trace/captures.ts';
import { hear, until } from '../uplink/live.ts';
import { fault } from '../uplink/rig.ts';
import { askerParts, endAll, openAsker, startBox } from './box.ts';

const here = mkdtempSync(join(tmpdir(), 'hoistway-evidence-'));
test.after(() => rmSync(here, { recursive: true, force: true }));

async function withBroker(run: (broker: Mosquitto) => Promise<void>): Promise<void> {
  const broker = await startMosquitto();
  try {
    await run(broker);
  } finally {
    await endAll();
    await broker.stop();
  }
}

async function online(url: string) {
  const box = startBox(url);
  await until(() => box.uplink.state.state === 'online', 'the box is online');
  await sleep(systemClock, 300);
  return box;
}

function fetching(url: string, of: EvidenceOf, out: string, remarks: string[] = []) {
  const call = {
    ...{ values: {}, positionals: [], signal: new AbortController().signal, print: () => undefined },
    remark: (line: string) => void remarks.push(line),
  };
  const open = () => Asker.open({ ...askerParts(url), silenceMs: 3000 });
  return fetchEvidence({ open, of, pieceBytes: 16_384, out, call });
}

const sizeOf = (file: string) => (existsSync(file) ? readFileSync(file).length : 0);
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('by the id of the event, whole; interrupted by a broker that restarts it goes on', () =>
  withBroker(async (broker) => {
    const box = await online(broker.url);
    const content = box.capture('boot_1_a_entrapment_59000.pcapng', 3_000_000);
    const out = join(here, 'resumed.pcapng');
    const remarks: string[] = [];
    const fetched = fetching(broker.url, { event: 'a/entrapment@59000' }, out, remarks);
    await until(() => sizeOf(`${out}.part`) > 400_000, 'some pieces are there');
    await broker.restart();
    const cut = sizeOf(`${out}.part`);
    assert.ok(cut < content.length, `cut off at ${cut} bytes`);
    const result = await fetched;
    assert.ok('sha256' in result && result.sha256 === hashOf(content), 'the box tells the hash of the whole');
    assert.is(hashOf(readFileSync(out)), hashOf(content), 'and the file has it');
    assert.not.ok(existsSync(`${out}.part`), 'nothing unfinished is left');
    assert.ok(remarks.length >= 2, 'the loss was told');
  }));

test('another call goes on where an earlier one stopped; what belongs to another file is found out', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    const content = box.capture('second.pcapng', 200_000);
    const out = join(here, 'again.pcapng');
    writeFileSync(`${out}.part`, content.subarray(0, 150_001));
    await fetching(url, { capture: 'second' }, out);
    assert.is(hashOf(readFileSync(out)), hashOf(content), 'whole');
    writeFileSync(`${out}.part`, Buffer.alloc(1000));
    try {
      await fetching(url, { capture: 'second' }, out);
      assert.unreachable('a wrong beginning was taken');
    } catch (error) {
      assert.match(String(error), /bring a capture failed/, 'the hash does not fit');
    }
    assert.not.ok(existsSync(`${out}.part`), 'it is removed');
  }));

test('while 5 MB of evidence go, alarms go within a second', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    const content = box.capture('large.pcapng', 5_000_000);
    const ear = await hear(url);
    const heard = () => ear.records.filter(({ topic }) => topic.endsWith('/fault')).length;
    const out = join(here, 'large.pcapng');
    let over = false;
    const fetched = fetching(url, { capture: 'large' }, out).finally(() => {
      over = true;
    });
    const delaysMs: number[] = [];
    while (!over) {
      await sleep(systemClock, 300);
      if (over) break;
      const [before, beganMs] = [heard(), systemClock.monoMs()];
      await box.outbox.append([fault()]);
      await until(() => heard() > before, 'the alarm');
      delaysMs.push(systemClock.monoMs() - beganMs);
    }
    await fetched;
    assert.is(hashOf(readFileSync(out)), hashOf(content), 'whole');
    assert.ok(delaysMs.length >= 5, `${delaysMs.length} alarms meanwhile`);
    const worstMs = Math.max(...delaysMs);
    assert.ok(worstMs < 1000, `the slowest of ${delaysMs.length} alarms took ${worstMs} ms`);
    console.log(`slowest of ${delaysMs.length} alarms: ${Math.round(worstMs)} ms`);
  }));

test('only whole captures of the folder, by names that lead nowhere else', () =>
  withBroker(async ({ url }) => {
    const box = await online(url);
    writeFileSync(join(box.dir, '..', 'hoistway-outside.pcapng'), 'secret');
    box.capture('writing.part', 10);
    box.capture('one_b_fault_1.pcapng', 10);
    box.capture('two_b_fault_1.pcapng', 10);
    const asker = await openAsker(url);
    const why = async (of: EvidenceOf) =>
      (await asker.ask('evidence', { ...of, offset: 0, pieces: 1, pieceBytes: 1024 })).reason;
    for (const name of ['../hoistway-outside', 'none', '.', 'a/b', 'writing.part', 'writing\0']) {
      assert.is(await why({ capture: name }), 'no-such-capture', JSON.stringify(name));
    }
    assert.is(await why({ capture: 'writing' }), 'not-ready', 'one that is being written');
    assert.is(await why({ event: 'b/fault@1' }), 'several', 'two boots have such an event');
    assert.is(await why({ event: '../../x' }), 'no-such-capture', 'an id is no path');
    rmSync(join(box.dir, '..', 'hoistway-outside.pcapng'));
  }));

test('a capture is read as it is, and closed', async () => {
  const dir = mkdtempSync(join(here, 'folder-'));
  writeFileSync(join(dir, 'a.pcapng'), 'hoistway');
  const file = await openCapture(dir, 'a');
  if ('failure' in file) throw new Error(file.failure);
  assert.is(file.sha256, hashOf(Buffer.from('hoistway')), 'its hash');
  assert.is(Buffer.from(await file.read(5, 100)).toString(), 'way', 'no further than its end');
  await file.close();
  assert.equal(readdirSync(dir), ['a.pcapng'], 'nothing was written');
});

test.run();
