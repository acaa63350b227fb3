/** A small authority on the platform's side: a folder with its key, and the one-time codes that it has given out. */

import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { fingerprintOf, newSecret, writeCode } from './code.ts';
import { BOX_EXTENSIONS, keyOfRequest, newKey, selfSigned, serverExtensions, sign } from './openssl.ts';

const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 825;
const ONLY_OWNER = 0o600;

/** What the authority keeps of a code: never the secret itself. */
interface Pending {
  readonly box: string;
  readonly untilMs: number;
  /** who used it: the same key may ask again, where the answer was lost */
  readonly usedBy?: string;
}

export type Answer =
  | { readonly ok: true; readonly box: string; readonly certificate: string; readonly authority: string }
  /** `code`: unknown, used or expired, which is not said apart. `request`: no P-256 request that is signed with its own key */
  | { readonly ok: false; readonly why: 'code' | 'request' };

export class Authority {
  readonly #directory: string;
  readonly #boxDays: number;
  readonly certificate: string;

  /** `boxDays`: how long a certificate of a box lasts. Throws where there is no authority in the folder. */
  constructor(directory: string, boxDays: number) {
    this.#directory = directory;
    this.#boxDays = boxDays;
    if (!existsSync(this.#at('authority.crt')))
      throw trouble(directory, t('no authority is there', '其中没有证书机构'), 'authority init');
    this.certificate = readFileSync(this.#at('authority.crt'), 'utf8');
  }

  /** Makes the authority. Never over one that is there. */
  static async init(directory: string): Promise<void> {
    mkdirSync(join(directory, 'codes'), { recursive: true, mode: 0o700 });
    const key = join(directory, 'authority.key');
    if (existsSync(key))
      throw trouble(directory, t('an authority is there already', '已存在证书机构'), t('another folder', '换一个目录'));
    writeFileSync(key, newKey().key, { mode: ONLY_OWNER, flag: 'wx' });
    writeFileSync(join(directory, 'authority.crt'), await selfSigned(key, 'Hoistway authority', AUTHORITY_DAYS));
  }

  /**
   * A key and a certificate for a server under these names, as PEM: of a broker, or of the service that boxes enrol at. Behind its own
   * certificate comes the authority's, whose fingerprint a box compares.
   */
  async serverIdentity(hosts: readonly string[]): Promise<{ readonly key: string; readonly cert: string }> {
    const { key, publicKey } = newKey();
    const [name = ''] = hosts;
    const cert = await this.#sign({ publicKey, name, days: SERVER_DAYS, extensions: serverExtensions(hosts) });
    return { key, cert: `${cert}${this.certificate}` };
  }

  /** A code that lets one box in, once. */
  newCode(box: string, lifeMs: number, nowMs: number): string {
    this.#forgetOld(nowMs);
    const secret = newSecret();
    this.#write(secret, { box, untilMs: nowMs + lifeMs });
    return writeCode({ secret, fingerprint: fingerprintOf(new X509Certificate(this.certificate).raw) });
  }

  async enrol(secret: string, request: string, nowMs: number): Promise<Answer> {
    const publicKey = await keyOfRequest(request);
    if (publicKey === null) return { ok: false, why: 'request' };
    const usedBy = hashOf(createPublicKey(publicKey).export({ type: 'spki', format: 'der' }));
    // From here to the write nothing waits: two boxes with one code do not both get in.
    const pending = this.#read(secret);
    if (!pending || pending.untilMs <= nowMs || (pending.usedBy ?? usedBy) !== usedBy)
      return { ok: false, why: 'code' };
    this.#write(secret, { ...pending, usedBy });
    return this.#signed(pending.box, publicKey);
  }

  /** For a box that has shown its present certificate. */
  async renew(box: string, request: string): Promise<Answer> {
    const publicKey = await keyOfRequest(request);
    return publicKey === null ? { ok: false, why: 'request' } : this.#signed(box, publicKey);
  }

  async #signed(box: string, publicKey: string): Promise<Answer> {
    const certificate = await this.#sign({ publicKey, name: box, days: this.#boxDays, extensions: BOX_EXTENSIONS });
    return { ok: true, box, certificate, authority: this.certificate };
  }

  #sign(what: Omit<Parameters<typeof sign>[0], 'authority'>): Promise<string> {
    return sign({ ...what, authority: { cert: this.#at('authority.crt'), key: this.#at('authority.key') } });
  }

  #at(name: string): string {
    return join(this.#directory, name);
  }

  #codeFile(secret: string): string {
    return join(this.#directory, 'codes', `${hashOf(secret)}.json`);
  }

  #read(secret: string): Pending | null {
    const file = this.#codeFile(secret);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Pending) : null;
  }

  #write(secret: string, pending: Pending): void {
    const file = this.#codeFile(secret);
    writeFileSync(`${file}.new`, JSON.stringify(pending), { mode: ONLY_OWNER });
    renameSync(`${file}.new`, file);
  }

  #forgetOld(nowMs: number): void {
    const folder = this.#at('codes');
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
      const { untilMs } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Pending;
      if (untilMs <= nowMs) rmSync(join(folder, name), { force: true });
    }
  }
}

function hashOf(what: string | Uint8Array): string {
  return createHash('sha256').update(what).digest('hex');
}

function trouble(where: string, cause: string, hint: string): GatewayError {
  return new GatewayError({ code: 'uplink-failed', op: t('open the authority', '打开证书机构'), where, hint, cause });
}
