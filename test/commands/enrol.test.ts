import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hoistway, startHoistway } from './cli.ts';

const directory = mkdtempSync(join(tmpdir(), 'hoistway-authority-'));
const dir = ['--dir', join(directory, 'authority')];
const state = ['--state', join(directory, 'state')];

test('an authority, a code, a box that enrols and renews', async () => {
  const init = await hoistway(['authority', 'init', ...dir]);
  assert.is(init.code, 0, init.err);
  const given = await hoistway(['authority', 'code', ...dir, '--box', 'box-1']);
  assert.match(given.out, /^(\w{6}-){6}\w{6}\n$/, `the code alone: ${given.out}${given.err}`);
  const service = startHoistway(['authority', 'serve', ...dir, '--hosts', '127.0.0.1', '--listen', '127.0.0.1:0']);
  await service.says('err', /boxes enrol at port \d+/);
  const [, port] = /port (\d+)/.exec(service.said.err) ?? [];
  const box = ['enrol', '--url', `https://127.0.0.1:${port}`, ...state];
  const enrolled = await hoistway([...box, '--code', given.out.trim()]);
  assert.match(enrolled.out, /^box-1, until \d{4}-\d\d-\d\d\ncaFile: .*\ncertFile: .*\nkeyFile: (.*)\n$/, enrolled.err);
  const [, keyFile = ''] = /^keyFile: (.*)$/m.exec(enrolled.out) ?? [];
  assert.match(readFileSync(keyFile, 'utf8'), /PRIVATE KEY/, 'where it says');
  const renewed = await hoistway([...box, '--renew']);
  assert.equal([renewed.code, renewed.out], [0, 'not yet time to renew\n'], renewed.err);
  const again = await hoistway([...box, '--code', given.out.trim()], { LC_ALL: 'zh_CN.UTF-8' });
  assert.match(again.err, /注册码错误、已使用或已过期/, 'in Chinese');
  assert.is(again.code, 1, 'exit code');
  service.signal('SIGTERM');
  assert.is(await service.ended, 0, 'it ends in order');
  assert.match(service.said.err, /box-1: enrolled/, 'its journal');
});

test('a key and a certificate for a broker', async () => {
  const out = join(directory, 'broker');
  const { code, err } = await hoistway([
    'authority',
    'server',
    ...dir,
    '--hosts',
    'broker.test,10.0.0.1',
    '--out',
    out,
  ]);
  assert.is(code, 0, err);
  const certificate = new X509Certificate(readFileSync(join(out, 'cert.pem')));
  assert.is(certificate.subjectAltName, 'DNS:broker.test, IP Address:10.0.0.1', 'under these names');
  assert.ok(certificate.checkPrivateKey(createPrivateKey(readFileSync(join(out, 'key.pem')))), 'they belong together');
});

test('an authority is never made over another', async () => {
  const { code, err } = await hoistway(['authority', 'init', ...dir]);
  assert.match(err, /an authority is there already/, 'told');
  assert.is(code, 1, 'exit code');
});

for (const [why, words, said] of [
  ['no such part', ['authority', 'sign', ...dir], /failed at sign\nnext: init, code, server, serve/],
  ['no host', ['authority', 'server', ...dir, '--out', directory], /failed at --hosts/],
  ['a box that no topic takes', ['authority', 'code', ...dir, '--box', 'a/b'], /failed at --box a\/b/],
  ['nowhere to listen', ['authority', 'serve', ...dir], /failed at --listen/],
  ['no https', ['enrol', '--url', 'http://a:1', ...state, '--renew'], /failed at --url http:\/\/a:1/],
  ['neither code nor renewal', ['enrol', '--url', 'https://a:1', ...state], /next: one of the two/],
] as const)
  test(`exit 2: ${why}`, async () => {
    const { code, err } = await hoistway(words);
    assert.match(err, said, 'what is off');
    assert.is(code, 2, 'exit code');
  });

test('exit 1: a box that was never enrolled has nothing to renew', async () => {
  const { code, err } = await hoistway([
    'enrol',
    '--url',
    'https://127.0.0.1:1',
    '--state',
    join(directory, 'none'),
    '--renew',
  ]);
  assert.match(err, /it was never enrolled/, 'told');
  assert.is(code, 1, 'exit code');
});

test.after(() => rmSync(directory, { recursive: true }));

test.run();
