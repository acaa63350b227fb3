/** A box gets its certificate from a local authority, renews it, and a real Mosquitto takes it for what it is. */

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { systemClock } from '../../src/clock.ts';
import { Authority } from '../../src/enrol/authority.ts';
import { readCode, writeCode } from '../../src/enrol/code.ts';
import { type Enrolled, enrol, renew } from '../../src/enrol/identity.ts';
import { newKey, requestOf } from '../../src/enrol/openssl.ts';
import { startService } from '../../src/enrol/service.ts';
import { GatewayError } from '../../src/errors.ts';
import { startUplink } from '../../src/uplink/engine.ts';
import { plainDialect } from '../../src/uplink/plain.ts';
import { endAll, hear, until } from '../uplink/live.ts';
import { trip, uplinkSettings } from '../uplink/rig.ts';
import { WatchedOutbox } from '../uplink/watched-outbox.ts';

const directory = mkdtempSync(join(tmpdir(), 'hoistway-enrol-'));
const at = (name: string) => join(directory, name);
await Authority.init(at('authority'));
const authority = new Authority(at('authority'), 90);
const journal: string[] = [];
const parts = {
  host: '127.0.0.1',
  port: 0,
  clock: systemClock,
  wrongWaitMs: 1,
  remark: (line: string) => journal.push(line),
};
/** A service that has counted no wrong code yet. */
async function served<T>(run: (url: string) => Promise<T>, of = authority, hosts = ['127.0.0.1']): Promise<T> {
  const service = await startService({ ...parts, authority: of, hosts });
  try {
    return await run(`https://127.0.0.1:${service.port}`);
  } finally {
    await service.close();
  }
}

const HOUR_MS = 3_600_000;
const codeFor = (box: string, lifeMs = HOUR_MS) => authority.newCode(box, lifeMs, systemClock.wallMs());

async function refusal(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof GatewayError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

const states = (() => {
  let count = 0;
  return () => at(`state-${count++}`);
})();

test('by its code a box gets a certificate of its own name, in files for their owner alone', async () => {
  const { box, files, until: untilDate } = await served((url) => enrol(url, codeFor('box-1'), states()));
  assert.is(box, 'box-1', 'the name that the code was for');
  for (const file of Object.values(files)) assert.is(statSync(file).mode & 0o777, 0o600, file);
  const certificate = new X509Certificate(readFileSync(files.certFile));
  assert.is(certificate.subject, 'CN=box-1', 'the subject');
  assert.ok(certificate.verify(new X509Certificate(readFileSync(files.caFile)).publicKey), 'signed by the authority');
  assert.equal(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'], 'for a client and nothing else');
  assert.not(certificate.ca, 'it signs nobody');
  assert.is(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1', 'P-256');
  const days = (untilDate.getTime() - systemClock.wallMs()) / 86_400_000;
  assert.ok(days > 89 && days <= 90, `${days} days`);
});

test('a code lets one box in: another with the same code stays out', async () => {
  const code = codeFor('box-1');
  await served((url) => enrol(url, code, states()));
  assert.match(await refusal(served((url) => enrol(url, code, states()))), /wrong, used or expired/, 'told');
});

test('of many boxes with one code at the same time one gets in', async () => {
  const code = codeFor('box-1');
  const answers = await served((url) =>
    Promise.allSettled(Array.from({ length: 4 }, () => enrol(url, code, states()))),
  );
  assert.is(answers.filter(({ status }) => status === 'fulfilled').length, 1, 'one');
});

test('where the answer was lost the box asks again with the key that it had', async () => {
  const { secret = '' } = readCode(codeFor('box-1')) ?? {};
  writeFileSync(at('a.key'), newKey().key);
  const request = await requestOf(at('a.key'));
  for (const time of ['first', 'second']) assert.ok((await authority.enrol(secret, request, 0)).ok, time);
});

for (const [what, code, said] of [
  ['a code that expired', () => codeFor('box-1', -1), /wrong, used or expired/],
  ['a secret that was never given out', () => withSecret('aaaaaaaaaaaaaaaa'), /wrong, used or expired/],
  ['a code with a letter missing', () => codeFor('box-1').slice(1), /the code is not whole/],
] as const)
  test(`refused: ${what}`, async () => {
    const state = states();
    assert.match(await refusal(served((url) => enrol(url, code(), state))), said, 'told');
  });

function withSecret(secret: string): string {
  const { fingerprint = '' } = readCode(codeFor('box-1')) ?? {};
  return writeCode({ secret, fingerprint });
}

test('an authority that did not give the code is told nothing', async () => {
  await Authority.init(at('other'));
  const other = new Authority(at('other'), 90);
  const before = journal.length;
  const said = await refusal(served((url) => enrol(url, codeFor('box-1'), states()), other));
  assert.match(said, /another authority than the one that gave the code/, 'told to the person');
  assert.is(journal.length, before, 'nobody asked it anything');
});

test('a service under a name that its certificate has not is not asked', async () => {
  const run = served((url) => enrol(url, codeFor('box-1'), states()), authority, ['platform.test']);
  assert.match(await refusal(run), /altnames|does not match/i, 'told');
});

test('after five wrong codes an address is not listened to, right or wrong, and no secret is in the journal', async () => {
  const right = codeFor('box-1');
  await served(async (url) => {
    for (let n = 0; n < 5; n++) await refusal(enrol(url, withSecret('aaaaaaaaaaaaaaaa'), states()));
    assert.match(await refusal(enrol(url, right, states())), /too many wrong codes/, 'the sixth');
  });
  const { secret = 'none' } = readCode(right) ?? {};
  assert.not.match(journal.join('\n'), new RegExp(`aaaaaa|${secret}|PRIVATE`), 'no secret');
});

test('what the folder of the authority keeps of a code does not tell it', () => {
  const { secret = 'none' } = readCode(codeFor('box-1')) ?? {};
  const folder = at('authority/codes');
  const kept = readdirSync(folder).map((name) => name + readFileSync(join(folder, name), 'utf8'));
  assert.ok(kept.length > 0, 'codes are kept');
  assert.not.match(kept.join('\n'), new RegExp(secret), 'not the secret');
  assert.is(statSync(at('authority/authority.key')).mode & 0o777, 0o600, 'nor may others read the key');
});

test('renewed with the present certificate when a third of its life is left: a new key, one identity', async () => {
  const state = states();
  await served(async (url) => {
    const first = await enrol(url, codeFor('box-1'), state);
    const key = readFileSync(first.files.keyFile, 'utf8');
    const inDays = (days: number) => new Date(systemClock.wallMs() + days * 86_400_000);
    assert.is(await renew(url, state, inDays(59)), null, 'not yet');
    assert.is(readFileSync(first.files.keyFile, 'utf8'), key, 'the same key still');
    const again = await renew(url, state, inDays(61));
    assert.is(again?.box, 'box-1', 'the same name');
    assert.is.not(readFileSync(first.files.keyFile, 'utf8'), key, 'a new key, under the same path');
    assert.is(readdirSync(state).length, 2, 'the link and what it points to');
  });
});

test('a certificate of another authority renews nothing', async () => {
  const other = new Authority(at('other'), 90);
  const state = states();
  const code = other.newCode('box-1', HOUR_MS, systemClock.wallMs());
  await served((url) => enrol(url, code, state), other);
  const late = new Date(systemClock.wallMs() + 80 * 86_400_000);
  assert.match(
    await refusal(served((url) => renew(url, state, late))),
    /certificate/i,
    'the box does not know the service',
  );
});

test('a broker that takes the name from the certificate lets a box say what is its own, and nothing else', async () => {
  const { files } = await served((url) => enrol(url, codeFor('box-1'), states()));
  const port = await freePort();
  const [acl, crt, key] = [at('acl'), at('broker.crt'), at('broker.key')];
  const identity = await authority.serverIdentity(['localhost']);
  writeFileSync(crt, identity.cert);
  writeFileSync(key, identity.key);
  writeFileSync(acl, 'topic read #\npattern write hoistway/v1/%u/#\n');
  const tls = [`cafile ${files.caFile}`, `certfile ${crt}`, `keyfile ${key}`, 'require_certificate true'];
  const config = [`acl_file ${acl}`, `listener ${port} 127.0.0.1`, ...tls, 'use_identity_as_username true'];
  const broker = await startMosquitto({ config });
  try {
    const ear = await hear(broker.url);
    const remarks: string[] = [];
    const start = (boxId: string, own: Partial<Enrolled['files']>) => {
      const outbox = new WatchedOutbox();
      void outbox.append([trip()]);
      const uplink = { ...uplinkSettings, ...own, url: `mqtts://localhost:${port}` };
      const remark = (line: string) => remarks.push(`${boxId} ${line}`);
      const dialect = plainDialect(uplink.topicPrefix, boxId, () => outbox.boot);
      return startUplink({ uplink, boxId, outbox, dialect, clock: systemClock, random: () => 0.05, remark });
    };
    const uplinks = [start('box-1', files), start('box-2', files), start('box-3', { caFile: files.caFile })];
    await until(() => uplinks[0]?.state.sent === 1, 'its own record is acknowledged');
    await until(() => /box-2 .*Not authorized/i.test(remarks.join('\n')), "another's is refused");
    await until(() => /box-3 .*TLS/.test(remarks.join('\n')), 'no certificate, no session');
    assert.equal(
      ear.records.map(({ topic }) => topic),
      ['hoistway/v1/box-1/a/trip'],
      'what came',
    );
    await Promise.all(uplinks.map((uplink) => uplink.stop()));
  } finally {
    await endAll();
    await broker.stop();
  }
});

test.after(() => rmSync(directory, { recursive: true }));

test.run();
