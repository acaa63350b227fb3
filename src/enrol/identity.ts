/**
 * The box's side: makes its key, which never leaves it, and gets a certificate for it. `<state>/identity` holds key.pem, cert.pem and
 * authority.pem, each for its owner alone. It is a link that changes at once, so a power cut leaves the old three or the new.
 */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request as post } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import * as v from 'valibot';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { fingerprintOf, readCode } from './code.ts';
import { newKey, requestOf } from './openssl.ts';

const LINK = 'identity';
/** A request that was not answered yet keeps its key: the code is the key's from its first use. */
const PENDING = 'identity-pending';
const ONLY_OWNER = 0o600;
const LIMIT_MS = 30_000;
const ANSWER_MOST_BYTES = 65_536;
/** Renewed when less than this share of its life is left. */
const RENEW_SHARE = 1 / 3;

const answerSchema = v.object({ certificate: v.string(), authority: v.string() });
type Answer = v.InferOutput<typeof answerSchema>;

export interface Enrolled {
  readonly box: string;
  /** PEM files, for the site file */
  readonly files: { readonly caFile: string; readonly certFile: string; readonly keyFile: string };
  readonly until: Date;
}

/** `url`: of the authority's service. The code is told to nobody but the authority whose fingerprint it has. */
export async function enrol(url: string, code: string, state: string): Promise<Enrolled> {
  const read = readCode(code);
  if (!read)
    throw failed(
      url,
      t('the code is not whole', '注册码不完整'),
      t('42 letters and digits in groups of six', '六个一组，共 42 个字母和数字'),
    );
  const { authority, der } = await authorityAt(url);
  if (fingerprintOf(der) !== read.fingerprint)
    throw failed(
      url,
      t('another authority than the one that gave the code', '证书机构与注册码不符'),
      t(
        'is the address right? somebody may be in between: nothing was told',
        '地址是否正确？可能有人中间拦截；未发送任何内容',
      ),
    );
  const key = pendingKey(state);
  const answer = await ask(`${url}/enrol`, { ca: authority }, { secret: read.secret, request: await requestOf(key) });
  return keep(state, url, answer, authority);
}

/** Null where it is not yet time. */
export async function renew(url: string, state: string, now: Date): Promise<Enrolled | null> {
  const { caFile, certFile, keyFile } = filesOf(state);
  if (!existsSync(certFile)) throw failed(certFile, t('it was never enrolled', '尚未注册'), 'enrol --code');
  const [ca = '', cert = '', key = ''] = [caFile, certFile, keyFile].map((file) => readFileSync(file, 'utf8'));
  const { validFrom, validTo } = new X509Certificate(cert);
  const [fromMs, untilMs] = [Date.parse(validFrom), Date.parse(validTo)];
  if (untilMs - now.getTime() > (untilMs - fromMs) * RENEW_SHARE) return null;
  const answer = await ask(`${url}/renew`, { ca, cert, key }, { request: await requestOf(pendingKey(state)) });
  return keep(state, url, answer, ca);
}

function filesOf(state: string): Enrolled['files'] {
  const at = (name: string) => join(state, LINK, name);
  return { caFile: at('authority.pem'), certFile: at('cert.pem'), keyFile: at('key.pem') };
}

/** The file with the key of the request that is on its way. */
function pendingKey(state: string): string {
  const folder = join(state, PENDING);
  const file = join(folder, 'key.pem');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Under its name only when whole.
  writeFileSync(`${file}.new`, newKey().key, { mode: ONLY_OWNER });
  renameSync(`${file}.new`, file);
  return file;
}

/** What was got, once it is what was asked for. */
function keep(state: string, url: string, answer: Answer, authority: string): Enrolled {
  const certificate = new X509Certificate(answer.certificate);
  const pending = join(state, PENDING);
  const ours = certificate.checkPrivateKey(createPrivateKey(readFileSync(join(pending, 'key.pem'))));
  if (!ours || !certificate.verify(new X509Certificate(authority).publicKey))
    throw failed(
      url,
      t('the certificate is not for this key, or not of this authority', '证书与密钥或证书机构不符'),
      'authority serve',
    );
  writeFileSync(join(pending, 'cert.pem'), answer.certificate, { mode: ONLY_OWNER });
  writeFileSync(join(pending, 'authority.pem'), authority, { mode: ONLY_OWNER });
  const folder = `${LINK}-${certificate.serialNumber.toLowerCase()}`;
  renameSync(pending, join(state, folder));
  rmSync(join(state, `${LINK}.new`), { force: true });
  symlinkSync(folder, join(state, `${LINK}.new`));
  renameSync(join(state, `${LINK}.new`), join(state, LINK));
  const old = readdirSync(state).filter((name) => name.startsWith(`${LINK}-`) && name !== folder);
  for (const name of old) rmSync(join(state, name), { recursive: true });
  const [, box = ''] = /^CN=(.*)$/m.exec(certificate.subject) ?? [];
  return { box, files: filesOf(state), until: new Date(certificate.validTo) };
}

/** The authority that the service there shows. Nothing is told to it: who it is must be looked at first. */
function authorityAt(url: string): Promise<{ authority: string; der: Buffer }> {
  const { hostname, port } = new URL(url);
  const where = { host: hostname, port: Number(port || 443), timeout: LIMIT_MS };
  return new Promise((resolve, reject) => {
    const give = (cause: unknown) => {
      socket.destroy();
      reject(unreachable(url, cause));
    };
    const socket = connect({ ...where, rejectUnauthorized: false, servername: serverName(hostname) }, () => {
      const { raw } = last(socket.getPeerCertificate(true));
      socket.destroy();
      resolve({ authority: new X509Certificate(raw).toString(), der: raw });
    });
    socket.once('error', give);
    socket.once('timeout', () => give(new Error(t('no answer', '无应答'))));
  });
}

/** An address is no name of a server. */
function serverName(hostname: string): string {
  return /^[\d.]+$|:/.test(hostname) ? '' : hostname;
}

/** The end of the chain signs itself. */
function last(certificate: ReturnType<ReturnType<typeof connect>['getPeerCertificate']>): PeerCertificate {
  let one = certificate as PeerCertificate & { issuerCertificate?: PeerCertificate };
  while (one.issuerCertificate && one.issuerCertificate.fingerprint256 !== one.fingerprint256)
    one = one.issuerCertificate;
  return one;
}

function ask(url: string, tls: { ca?: string; cert?: string; key?: string }, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', timeout: LIMIT_MS, headers: { 'content-type': 'application/json' }, ...tls };
    const asked = post(url, options, (response) => {
      let said = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        said += part;
        if (said.length > ANSWER_MOST_BYTES) asked.destroy(new Error(t('too long an answer', '应答过长')));
      });
      response.once('end', () => {
        const answer = v.safeParse(answerSchema, jsonOf(said));
        if (response.statusCode === 200 && answer.success) resolve(answer.output);
        else reject(refused(url, response.statusCode ?? 0));
      });
    });
    asked.once('timeout', () => asked.destroy(new Error(t('no answer', '无应答'))));
    asked.once('error', (cause) => reject(unreachable(url, cause)));
    asked.end(JSON.stringify(body));
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refused(url: string, status: number): GatewayError {
  const said: { readonly [status: number]: readonly [cause: string, hint: string] } = {
    401: [
      t('our certificate is not taken', '证书不被接受'),
      t('it may have expired: enrol again with a new code', '可能已过期：请用新注册码重新注册'),
    ],
    403: [
      t('the code is wrong, used or expired', '注册码错误、已使用或已过期'),
      t('ask for a new one', '请索取新的注册码'),
    ],
    429: [t('too many wrong codes', '错误次数过多'), t('again in ten minutes', '请十分钟后再试')],
  };
  const [cause, hint] = said[status] ?? [
    `HTTP ${status}`,
    t('see what authority serve says', '请查看 authority serve 的输出'),
  ];
  return failed(url, cause, hint);
}

function unreachable(url: string, cause: unknown): GatewayError {
  return failed(url, cause, t('is that the address of authority serve?', '是否为 authority serve 的地址？'));
}

function failed(where: string, cause: unknown, hint: string): GatewayError {
  return new GatewayError({ code: 'uplink-failed', op: t('enrol this box', '注册本机'), where, hint, cause });
}
