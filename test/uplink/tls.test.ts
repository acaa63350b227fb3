/** TLS against a real Mosquitto that asks for certificates: each way a certificate is wrong, told as itself. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Certificates } from '../../hil/wire/certificates.ts';
import { startMosquitto } from '../../hil/wire/mosquitto.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import { endAll, live, told, until } from './live.ts';
import { trip } from './rig.ts';

const broker = await startMosquitto({ tls: { requireClientCertificate: true } });
const { certs } = broker;
if (!certs) throw new Error('a broker with TLS has certificates');

const as = (
  { ca, ...pairs }: Certificates,
  who: 'client' | 'stranger' | 'expired' | 'wrongUse',
): Partial<SiteUplink> => ({
  caFile: ca,
  certFile: pairs[who].cert,
  keyFile: pairs[who].key,
});

for (const protocol of ['5', '3.1.1'] as const)
  test(`with a certificate the broker knows (MQTT ${protocol})`, async () => {
    const { outbox, start } = live(broker.url, { ...as(certs, 'client'), protocol });
    await outbox.append([trip()]);
    const uplink = start();
    await until(() => uplink.state.sent === 1, 'the record is acknowledged');
  });

for (const [name, settings, reason, trouble] of [
  ['a certificate of an unknown authority', as(certs, 'stranger'), /TLS.*unknown ca/i, 'cert-unknown'],
  ['an expired certificate', as(certs, 'expired'), /TLS.*expired/i, 'cert-expired'],
  ['no certificate', { caFile: certs.ca }, /TLS.*certificate required/i, 'cert-missing'],
  [
    'a broker signed by an authority we do not know',
    { ...as(certs, 'client'), caFile: certs.otherCa },
    /TLS/,
    'server-unknown',
  ],
  [
    'a key that does not belong to the certificate',
    { ...as(certs, 'client'), keyFile: certs.expired.key },
    /settings/,
    'settings',
  ],
  [
    'a certificate without its key',
    { caFile: certs.ca, certFile: certs.client.cert },
    /certFile and keyFile/,
    'settings',
  ],
  ['a file that is no certificate', { ...as(certs, 'client'), certFile: certs.client.key }, /settings/, 'settings'],
  ['a certificate that is no client', as(certs, 'wrongUse'), /TLS/, 'cert-refused'],
] as const)
  test(`refused: ${name}`, async () => {
    const box = live(broker.url, settings);
    await box.outbox.append([trip()]);
    const uplink = box.start();
    const remark = await told(box, trouble);
    assert.match(remark, reason, 'what is wrong, in plain words');
    assert.not.match(remark, /PRIVATE/, 'no byte of a key');
    assert.is(uplink.state.sent, 0, 'nothing was sent');
  });

test('plain MQTT on a TLS port does not hang', async () => {
  const box = live(broker.url.replace('mqtts', 'mqtt'));
  box.start();
  assert.match(await told(box, 'hung-up'), /lost/, 'the broker hangs up');
});

for (const [server, trouble] of [
  ['expired-server', 'server-expired'],
  ['future-server', 'server-not-yet'],
  ['server-of-another-host', 'server-other-host'],
  ['server-of-another-authority', 'server-unknown'],
] as const)
  test(`between two sessions the broker gets another certificate: ${server}`, async () => {
    const { outbox, ...box } = live(broker.url, as(certs, 'client'));
    const uplink = box.start();
    await until(() => uplink.state.state === 'online', 'the first session');
    await broker.restart(server);
    await outbox.append([trip()]);
    await told(box, trouble);
    assert.is(uplink.state.sent, 0, 'nothing is sent to a broker that may be another');
    await broker.restart('server');
    await until(() => uplink.state.sent === 1, 'with a good certificate it goes on by itself');
  });

test('no cipher that both know', async () => {
  const old = await startMosquitto({
    tls: { requireClientCertificate: false },
    // One that Node does not offer.
    config: ['ciphers_tls1.3 TLS_AES_128_CCM_SHA256'],
  });
  const box = live(old.url, { caFile: old.certs?.ca });
  box.start();
  assert.match(await told(box, 'tls'), /handshake failure/, 'the word of OpenSSL');
  await endAll();
  await old.stop();
});

test('TLS on a port that has none', async () => {
  const plain = await startMosquitto();
  const box = live(plain.url.replace('mqtt', 'mqtts'), as(certs, 'client'));
  box.start();
  await told(box, 'hung-up');
  await endAll();
  await plain.stop();
});

/** To OpenSSL a box that woke up in 1970 and a certificate that begins in 2090 are the same. */
test('a certificate that is not valid yet is told with the day that the clock of the box shows', async () => {
  await broker.restart('future-server');
  const box = live(broker.url, as(certs, 'client'));
  box.start();
  const day = new Date().toISOString().slice(0, 8);
  const remark = await told(box, 'server-not-yet');
  assert.ok(remark.includes(`the clock shows ${day}`), `the day, in ${remark}`);
  assert.match(remark, /or the clock of this box is wrong/, 'and what may be wrong');
  await broker.restart('server');
});

test.after.each(endAll);
test.after(() => broker.stop());

test.run();
