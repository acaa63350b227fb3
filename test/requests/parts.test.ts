/** The pure parts: keys, the range of a resend, the live view, the self-test and the report. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MemoryOutbox } from '../../hil/memory-outbox.ts';
import { reportOf } from '../../src/requests/doctor.ts';
import { liveOf } from '../../src/requests/live.ts';
import { findRange, missingRuns } from '../../src/requests/resend.ts';
import { selfTest } from '../../src/requests/self-test.ts';
import { newKey, parseKeys, publicLineOf, signerOf, signRequest } from '../../src/requests/sign.ts';
import type { BoxFacts } from '../../src/requests/sources.ts';
import { fakeBoard } from '../interface/fake-board.ts';
import { fault, trip } from '../uplink/rig.ts';

test('keys: comments and blank lines pass, what is none is told by its line', () => {
  const [one, two] = [newKey('one'), newKey('two')];
  const text = [
    '# who may ask',
    '',
    one.publicLine,
    `${two.publicLine} live`,
    'rsa AAAA three',
    'ed25519 AAAA four',
    one.publicLine,
  ];
  const { keys, wrong } = parseKeys(`${text.join('\n')}\n${newKey('five').publicLine} write`);
  assert.equal(
    keys.map(({ name, may }) => [name, may.length]),
    [
      ['one', 5],
      ['two', 1],
    ],
    'two keys',
  );
  assert.equal(wrong, [5, 6, 7, 8], 'another kind, too short, a name twice, a request that there is not');
  assert.is(publicLineOf(one.privatePem, 'one'), one.publicLine, 'the public line comes back from the private key');
  assert.throws(() => signRequest('{}', 'x', 'no key'), undefined, 'no key signs nothing');
});

test('keys: what another program signs is known', () => {
  const dir = mkdtempSync(join(tmpdir(), 'hoistway-keys-'));
  const [pem, text, signature] = ['key.pem', 'text', 'signature'].map((name) => join(dir, name));
  const openssl = (...words: (string | undefined)[]) => execFileSync('openssl', words as string[], { stdio: 'pipe' });
  openssl('genpkey', '-algorithm', 'ed25519', '-out', pem);
  const order = '{"box":"盒"}';
  writeFileSync(text ?? '', `hoistway-request-v1\n${order}`);
  openssl('pkeyutl', '-sign', '-rawin', '-inkey', pem, '-in', text, '-out', signature);
  const der = openssl('pkey', '-in', pem, '-pubout', '-outform', 'DER');
  const { keys } = parseKeys(`ed25519 ${der.subarray(-32).toString('base64')} peer`);
  const signed = { order, key: 'peer', signature: openssl('enc', '-base64', '-A', '-in', signature).toString() };
  assert.is(signerOf(signed, keys)?.name, 'peer', 'OpenSSL signs, the box knows it');
  assert.is(signerOf({ ...signed, order: '{"box":"x"}' }, keys), null, 'another text');
  rmSync(dir, { recursive: true });
});

test('resend: the range is found without reading all, over boots and lanes', async () => {
  const first = new MemoryOutbox();
  await first.append(Array.from({ length: 700 }, () => trip()));
  const outbox = first.reopen();
  await outbox.append([
    ...Array.from({ length: 300 }, () => trip()),
    fault(),
    ...Array.from({ length: 600 }, () => trip()),
  ]);
  const waiting = await outbox.read('telemetry', 0, 5000);
  await outbox.forget(
    waiting.filter(({ boot, seq }) => boot === outbox.boot && seq >= 290 && seq <= 292).map(({ id }) => id),
  );
  let reads = 0;
  const read: typeof outbox.read = (...of) => {
    reads++;
    return outbox.read(...of);
  };
  const range = { boot: outbox.boot, firstSeq: 288, lastSeq: 303 };
  const seqs = (await findRange(read, range)).map(({ seq }) => seq);
  assert.equal(
    seqs,
    [288, 289, 293, 294, 295, 296, 297, 298, 299, 300, 301, 302, 303],
    'what is there, the alarm among it',
  );
  assert.ok(reads < 60, `${reads} reads`);
  assert.equal(missingRuns(range, seqs), [[290, 292]], 'what is not');
  const early = await findRange(outbox.read.bind(outbox), { boot: first.boot, firstSeq: 1, lastSeq: 3 });
  assert.equal(
    early.map(({ boot, seq }) => `${boot} ${seq}`),
    [1, 2, 3].map((seq) => `${first.boot} ${seq}`),
    'of an earlier boot',
  );
  assert.equal(await findRange(read, { boot: 'other.1', firstSeq: 1, lastSeq: 9 }), [], 'of another store');
  assert.equal(await findRange(read, { boot: 'other.9', firstSeq: 1, lastSeq: 9 }), [], 'of a boot to come');
});

test('resend: runs of what is missing', () => {
  const range = { boot: 'b.1', firstSeq: 3, lastSeq: 9 };
  assert.equal(missingRuns(range, []), [[3, 9]], 'all');
  assert.equal(missingRuns(range, [3, 4, 5, 6, 7, 8, 9]), [], 'none');
  assert.equal(
    missingRuns(range, [4, 6]),
    [
      [3, 3],
      [5, 5],
      [7, 9],
    ],
    'between',
  );
  assert.equal(missingRuns(range, [4, 6], 1), [[3, 3]], 'bounded');
});

test('live: lifts that changed, and nothing that the platform knows already', () => {
  const board = fakeBoard();
  const first = liveOf(board, new Map());
  assert.is(first.changed.length, board.lifts.length, 'at first all');
  assert.equal(liveOf(board, first.now).changed, [], 'nothing changed');
  const [lift, ...rest] = board.lifts;
  if (!lift) throw new Error('the fake board has a lift');
  const moved = liveOf({ ...board, lifts: [{ ...lift, landing: 99 }, ...rest] }, first.now);
  assert.equal(
    moved.changed.map(({ id, landing }) => [id, landing]),
    [[lift.id, 99]],
    'the one that moved',
  );
  assert.not.match(
    JSON.stringify(first.changed),
    new RegExp(`address|${lift.registrationNumber}`),
    'no address, no numbers',
  );
});

const WELL: BoxFacts = {
  ...{ clockTrust: 'ntp', wallMs: Date.UTC(2026, 0, 1), disk: { wroteInMs: 3 }, freeDiskBytes: 10 ** 9 },
  ...{ outbox: { trouble: null }, freeMemoryBytes: 10 ** 9, processBytes: 10 ** 8 },
  inputs: [{ lift: 'east', input: 'doorClosed', known: true }],
  versions: { hoistway: '1' },
};

test('self-test: what is well passes, and each trouble fails with a hint', () => {
  const board = fakeBoard();
  const failed = (facts: Partial<BoxFacts>) =>
    selfTest({ ...WELL, ...facts }, board, board).flatMap(({ name, pass, hint }) =>
      pass ? [] : [`${name}: ${hint ? 'hint' : 'no hint'}`],
    );
  const before = failed({});
  const added = (facts: Partial<BoxFacts>) => failed(facts).filter((name) => !before.includes(name));
  assert.equal(added({ clockTrust: 'rtc' }), ['clock: hint'], 'the clock');
  assert.equal(added({ disk: { why: 'EROFS' } }), ['disk: hint'], 'the disk');
  assert.equal(added({ disk: { wroteInMs: 5000 } }), ['disk: hint'], 'a slow disk');
  assert.equal(added({ freeDiskBytes: 1 }), ['disk room: hint'], 'no room');
  assert.equal(added({ outbox: null }), ['outbox: hint'], 'a thread that hangs');
  assert.equal(added({ outbox: { trouble: 'full' } }), ['outbox: hint'], 'an outbox in trouble');
  assert.equal(added({ freeMemoryBytes: 1 }), ['memory: hint'], 'no memory');
  assert.equal(
    added({ inputs: [{ lift: 'east', input: 'doorOpen', known: false }] }),
    ['input doorOpen (east): hint'],
    'an input',
  );
  const down = { ...board, buses: board.buses.map((bus) => ({ ...bus, up: false, why: 'unplugged' })) };
  const names = selfTest(WELL, board, down).flatMap(({ name, pass }) => (pass ? [] : [name]));
  for (const { id } of board.buses) assert.ok(names.includes(`line ${id}`), `line ${id}`);
  assert.ok(board.buses.length > 0, 'the fake board has a line');
});

test('doctor: the journal is cut to fit, oldest first', () => {
  const journal = Array.from({ length: 400 }, (_, n) => `${n} ${'x'.repeat(290)}`);
  const report = reportOf(fakeBoard(), { checks: [], configuration: {}, journal });
  assert.ok(Buffer.byteLength(JSON.stringify(report)) <= 48 * 1024, 'bounded');
  assert.is(report.journal.at(-1), journal.at(-1), 'the newest is there');
  assert.ok(report.journal.length > 50 && report.journal.length < 400, `${report.journal.length} lines`);
});

test.run();
