/** Certificates made on the spot by openssl: an authority, one that nobody knows, boxes, and brokers good and bad. */

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly client: KeyPair;
  /** signed by an authority the broker does not know */
  readonly stranger: KeyPair;
  readonly expired: KeyPair;
  /** of a server, and shown by a client */
  readonly wrongUse: KeyPair;
  /** an authority that did not sign the broker */
  readonly otherCa: string;
}

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What a broker shows: a good certificate, or one that a box must refuse. */
export type ServerCertificate =
  | 'server'
  | 'expired-server'
  | 'future-server'
  | 'server-of-another-host'
  | 'server-of-another-authority';

const run = promisify(execFile);

export async function makeCertificates(directory: string): Promise<Certificates> {
  const at = (name: string) => join(directory, name);
  await Promise.all([makeAuthority(directory, 'ca'), makeAuthority(directory, 'other-ca')]);
  await writeFile(at('server.ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  await writeFile(at('elsewhere.ext'), 'subjectAltName=DNS:elsewhere.example\n');
  await writeFile(at('client.ext'), 'extendedKeyUsage=clientAuth\n');
  await writeFile(at('wrong-use.ext'), 'extendedKeyUsage=serverAuth\n');
  await makeSigned(directory, 'client', 'ca', 'client.ext');
  await makeSigned(directory, 'stranger', 'other-ca', 'client.ext');
  await makeSigned(directory, 'wrong-use', 'ca', 'wrong-use.ext');
  await makeDated(directory, 'expired', 'client.ext', PAST);
  const pair = (name: string): KeyPair => ({ cert: at(`${name}.crt`), key: at(`${name}.key`) });
  return {
    ca: at('ca.crt'),
    otherCa: at('other-ca.crt'),
    client: pair('client'),
    stranger: pair('stranger'),
    expired: pair('expired'),
    wrongUse: pair('wrong-use'),
  };
}

/** Makes the certificate a broker shows, in a directory of `makeCertificates`. */
export async function makeServer(directory: string, server: ServerCertificate): Promise<void> {
  switch (server) {
    case 'server':
      return makeSigned(directory, server, 'ca', 'server.ext');
    case 'server-of-another-authority':
      return makeSigned(directory, server, 'other-ca', 'server.ext');
    case 'server-of-another-host':
      return makeSigned(directory, server, 'ca', 'elsewhere.ext');
    case 'expired-server':
      return makeDated(directory, server, 'server.ext', PAST);
    case 'future-server':
      return makeDated(directory, server, 'server.ext', FUTURE);
  }
}

type Dates = readonly [from: string, to: string];
const PAST: Dates = ['20200101000000Z', '20200102000000Z'];
const FUTURE: Dates = ['20900101000000Z', '20910101000000Z'];

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function makeAuthority(cwd: string, name: string): Promise<void> {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  await run('openssl', ['req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${name}`, ...files], { cwd });
}

async function makeRequest(cwd: string, name: string): Promise<void> {
  const files = ['-keyout', `${name}.key`, '-out', `${name}.csr`];
  await run('openssl', ['req', ...newKey, '-subj', `/CN=${name}`, ...files], { cwd });
}

async function makeSigned(cwd: string, name: string, authority: string, extensions: string): Promise<void> {
  await makeRequest(cwd, name);
  const signer = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial'];
  const files = ['-in', `${name}.csr`, '-out', `${name}.crt`, '-extfile', extensions];
  await run('openssl', ['x509', '-req', ...signer, '-days', '1', ...files], { cwd });
}

/** `openssl x509` dates from now; `openssl ca` takes any dates. */
async function makeDated(cwd: string, name: string, extensions: string, [from, to]: Dates): Promise<void> {
  await makeRequest(cwd, name);
  await mkdir(join(cwd, 'signed'), { recursive: true });
  await writeFile(join(cwd, 'index.txt'), '');
  const config =
    '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nnew_certs_dir=signed\nrand_serial=yes\npolicy=p\ndefault_md=sha256\n[p]\ncommonName=supplied\n';
  await writeFile(join(cwd, 'ca.conf'), config);
  const dates = ['-startdate', from, '-enddate', to];
  const files = ['-cert', 'ca.crt', '-keyfile', 'ca.key', '-in', `${name}.csr`, '-out', `${name}.crt`];
  await run('openssl', ['ca', '-batch', '-notext', '-config', 'ca.conf', '-extfile', extensions, ...dates, ...files], {
    cwd,
  });
}
