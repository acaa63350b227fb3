/** Certificates by the openssl program, version 3. Keys are made by Node and stay in files that only their owner reads. */

import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';

const CURVE = 'prime256v1';

/** Lines of an openssl extension section. */
export const BOX_EXTENSIONS = [
  'basicConstraints=critical,CA:FALSE',
  'keyUsage=critical,digitalSignature',
  'extendedKeyUsage=clientAuth',
  'subjectKeyIdentifier=hash',
  'authorityKeyIdentifier=keyid',
];

export function serverExtensions(hosts: readonly string[]): readonly string[] {
  const names = hosts.map((host) => (/^[\d.]+$|:/.test(host) ? `IP:${host}` : `DNS:${host}`));
  return [
    ...BOX_EXTENSIONS.filter((line) => !line.startsWith('extended')),
    'extendedKeyUsage=serverAuth',
    `subjectAltName=${names}`,
  ];
}

/** A P-256 key pair: the private key as PKCS#8, the public one as SPKI, both PEM. */
export function newKey(): { readonly key: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: CURVE,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { key: privateKey, publicKey };
}

/** The certificate, PEM, of a new authority. */
export function selfSigned(keyFile: string, name: string, days: number): Promise<string> {
  const sections = ['[req]', 'distinguished_name=dn', '[dn]', '[ca]', 'basicConstraints=critical,CA:TRUE,pathlen:0'];
  const config = [...sections, 'keyUsage=critical,keyCertSign,cRLSign', 'subjectKeyIdentifier=hash'].join('\n');
  return withFiles({ config }, (at) => {
    const words = ['req', '-x509', '-new', '-config', at('config'), '-extensions', 'ca', '-key', keyFile];
    return openssl([...words, '-subj', `/CN=${name}`, '-days', String(days)]);
  });
}

/** A request, PEM, that proves who holds the key. Its subject says nothing: the authority knows whose code it was. */
export function requestOf(keyFile: string): Promise<string> {
  const config = '[req]\ndistinguished_name=dn\n[dn]\n';
  return withFiles({ config }, (at) =>
    openssl(['req', '-new', '-config', at('config'), '-key', keyFile, '-subj', '/CN=box']),
  );
}

/** The P-256 public key, PEM, of a request that is signed with its private key; null where it is none. */
export async function keyOfRequest(request: string): Promise<string | null> {
  try {
    const pem = await openssl(['req', '-verify', '-noout', '-pubkey'], request);
    const { asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyDetails?.namedCurve === CURVE ? pem : null;
  } catch {
    return null;
  }
}

export function sign(options: {
  readonly publicKey: string;
  /** letters, digits, dots and hyphens */
  readonly name: string;
  readonly days: number;
  readonly extensions: readonly string[];
  readonly authority: { readonly cert: string; readonly key: string };
}): Promise<string> {
  const { publicKey, name, days, extensions, authority } = options;
  return withFiles({ key: publicKey, extensions: extensions.join('\n') }, (at) => {
    const words = ['x509', '-new', '-force_pubkey', at('key'), '-subj', `/CN=${name}`, '-days', String(days)];
    return openssl([...words, '-CA', authority.cert, '-CAkey', authority.key, '-extfile', at('extensions')]);
  });
}

async function withFiles<T>(
  files: { readonly [name: string]: string },
  run: (at: (name: string) => string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'hoistway-certificate-'));
  const at = (name: string) => join(directory, name);
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(at(name), `${content}\n`);
    return await run(at);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function openssl(words: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile('openssl', words, (cause, out) => (cause ? reject(failed(words, cause)) : resolve(out)));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function failed([word = '']: readonly string[], cause: Error): GatewayError {
  return new GatewayError({
    code: 'uplink-failed',
    op: t('make a certificate', '签发证书'),
    where: `openssl ${word}`,
    hint: t('is openssl 3 installed?', '是否已安装 openssl 3？'),
    cause: cause.message.split('\n').at(-2) ?? cause.message,
  });
}
