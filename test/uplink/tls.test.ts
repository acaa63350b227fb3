/** TLS against a real Mosquitto that asks for certificates. */

import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Certificates, startMosquitto } from '../../hil/wire/mosquitto.ts';
import type { SiteUplink } from '../../src/config/schema.ts';
import { endAll, live, until } from './live.ts';
import { trip } from './rig.ts';

const broker = await startMosquitto({ tls: { requireClientCertificate: true } });
const { certs } = broker;
if (!certs) throw new Error('a broker with TLS has certificates');

const as = ({ ca, ...pairs }: Certificates, who: 'client' | 'stranger' | 'expired'): Partial<SiteUplink> => ({
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

for (const [name, settings, reason] of [
  ['a certificate of an unknown authority', as(certs, 'stranger'), /TLS.*unknown ca/i],
  ['an expired certificate', as(certs, 'expired'), /TLS.*expired/i],
  ['no certificate', { caFile: certs.ca }, /TLS.*certificate required/i],
  ['a broker signed by an authority we do not know', { ...as(certs, 'client'), caFile: certs.otherCa }, /TLS/],
  ['a key that does not belong to the certificate', { ...as(certs, 'client'), keyFile: certs.expired.key }, /settings/],
  ['a certificate without its key', { caFile: certs.ca, certFile: certs.client.cert }, /certFile and keyFile/],
  ['a file that is no certificate', { ...as(certs, 'client'), certFile: certs.client.key }, /settings/],
] as const)
  test(`refused: ${name}`, async () => {
    const { outbox, start, remarks } = live(broker.url, settings);
    await outbox.append([trip()]);
    const uplink = start();
    await until(() => remarks.length > 0, 'it is told');
    assert.match(remarks[0] ?? '', reason, 'what is wrong, in plain words');
    assert.not.match(remarks[0] ?? '', /PRIVATE/, 'no byte of a key');
    assert.is(uplink.state.sent, 0, 'nothing was sent');
  });

test('plain MQTT on a TLS port does not hang', async () => {
  const { start, remarks } = live(broker.url.replace('mqtts', 'mqtt'));
  start();
  await until(() => remarks.length > 0, 'it is told');
  assert.match(remarks[0] ?? '', /lost/, 'the broker hangs up');
});

test.after.each(endAll);
test.after(() => broker.stop());

test.run();
