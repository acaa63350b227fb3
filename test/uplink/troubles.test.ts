/** The table of troubles in the README, the words of the code, and the tests that reach each of them: held together. */

import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { endOfDisconnect, endOfError, unlistedRefusal } from '../../src/uplink/ends.ts';
import { saidOf, TROUBLES, type TroubleName } from '../../src/uplink/reasons.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const names = Object.keys(TROUBLES) as TroubleName[];

test('the table has each trouble, in the words of the journal, and what to do', () => {
  const rows = [
    ...read('../../src/uplink/README.md').matchAll(/^\| `([a-z-]+)` +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm),
  ];
  assert.equal(
    rows.map(([, name]) => name),
    names,
    'in the order of the code',
  );
  for (const [, name = '', en = '', zh = '', todo = ''] of rows) {
    const forms = [saidOf(name as TroubleName, '…'), saidOf(name as TroubleName, '')];
    const form = forms.find((said) => said.en === en);
    assert.ok(form, `${name}: the journal says ${JSON.stringify(forms.map((said) => said.en))}`);
    assert.is(zh, form?.zh, `${name}: and in Chinese`);
    assert.ok(todo.length > 10, `${name}: what to do`);
  }
});

/** What Mosquitto cannot be made to say. */
const BY_RAW_BYTES = ['shutting-down', 'refused-later'];

test('each trouble is reached in a test that looks at the journal and at the board', () => {
  const real = ['./states.test.ts', './refusals.test.ts', './tls.test.ts'].map(read).join();
  const missing = names.filter((name) => !real.includes(`'${name}'`));
  assert.equal(missing, BY_RAW_BYTES, 'with a real broker');
  const raw = read('./states-raw.test.ts');
  assert.equal(
    BY_RAW_BYTES.filter((name) => !raw.includes(`'${name}'`)),
    [],
    'the others: states-raw.test.ts',
  );
});

test('a refusal that MQTT does not list for a record is found among what came', () => {
  const accepted = [0x40, 2, 0, 1];
  const pong = [0xd0, 0];
  const refused = [0x40, 4, 1, 2, 0x95, 0];
  const found = { packetId: 258, reasonCode: 0x95 };
  for (const [name, bytes, expected] of [
    ['alone', refused, found],
    ['after others', [...pong, ...accepted, ...refused], found],
    ['none', [...pong, ...accepted], null],
    ['one that is listed', [0x40, 3, 0, 2, 0x97], null],
    ['of another packet', [0x90, 3, 0, 2, 0x95], null],
    ['cut off', [0x40, 4, 0, 2], null],
    ['a length of two bytes', [0x30, 0x80, 0x01, ...refused], null],
    ['nothing', [], null],
  ] as const)
    assert.equal(unlistedRefusal(Uint8Array.from(bytes)), expected, name);
});

test('what OpenSSL may say beside that is told as TLS', () => {
  const error = Object.assign(new Error('wrong version number'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' });
  assert.equal(endOfError(error, false), { kind: 'tls', detail: 'wrong version number' }, 'with its words');
});

for (const [code, answered, kind] of [
  ['ENOTFOUND', false, 'name-unknown'],
  ['EAI_AGAIN', false, 'name-unknown'],
  ['ETIMEDOUT', false, 'unreachable'],
  ['EHOSTUNREACH', true, 'unreachable'],
  ['ECONNRESET', false, 'hung-up'],
  ['ECONNRESET', true, 'lost'],
  ['EPIPE', true, 'lost'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'server-unknown'],
  ['SELF_SIGNED_CERT_IN_CHAIN', false, 'server-unknown'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'server-unknown'],
  ['CERT_REVOKED', false, 'tls'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', true, 'cert-refused'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true, 'cert-refused'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', false, 'tls'],
] as const)
  test(`${code} ${answered ? 'in' : 'before'} a session`, () => {
    assert.is(endOfError(Object.assign(new Error('x'), { code }), answered).kind, kind, 'told as itself');
  });

test('reasons of a broker', () => {
  for (const [code, kind] of [
    [0x8b, 'shutting-down'],
    [0x8e, 'taken-over'],
    [0x93, 'kicked'],
    [0x97, 'kicked'],
  ] as const)
    assert.is(endOfDisconnect(code).kind, kind, `DISCONNECT ${code}`);
  for (const [code, kind] of [
    [0x86, 'not-admitted'],
    [0x87, 'not-admitted'],
    [4, 'not-admitted'],
    [5, 'not-admitted'],
    [0x8a, 'refused'],
    [0x97, 'refused'],
  ] as const)
    assert.is(endOfError(Object.assign(new Error('x'), { code }), false).kind, kind, `CONNACK ${code}`);
});

test.run();
