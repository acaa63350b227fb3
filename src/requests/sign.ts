/**
 * Who may ask. Ed25519: the box keeps public keys alone, so nothing that is stolen from it can ask another box. A line of the keys'
 * file: `ed25519 BASE64 NAME`, or `ed25519 BASE64 NAME live,doctor` for a key that may ask only these.
 */

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { isWhat, type Request, WHATS, type What } from './order.ts';

export interface AllowedKey {
  readonly name: string;
  readonly key: KeyObject;
  readonly may: readonly What[];
}

/** Keeps a signature of ours from meaning anything elsewhere. */
const CONTEXT = 'hoistway-request-v1\n';
const KEY_BYTES = 32;

/** `wrong`: numbers of the lines that are none, from 1. A name that comes twice counts once: the first. */
export function parseKeys(text: string): { readonly keys: readonly AllowedKey[]; readonly wrong: readonly number[] } {
  const keys = new Map<string, AllowedKey>();
  const wrong: number[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const bare = line.replace(/#.*/, '').trim();
    if (bare === '') continue;
    const key = keyOf(bare);
    if (!key || keys.has(key.name)) wrong.push(at + 1);
    else keys.set(key.name, key);
  }
  return { keys: [...keys.values()], wrong };
}

function keyOf(line: string): AllowedKey | null {
  const [kind, base64 = '', name, words, ...more] = line.split(/\s+/);
  const raw = Buffer.from(base64, 'base64');
  if (kind !== 'ed25519' || raw.length !== KEY_BYTES || name === undefined || more.length > 0) return null;
  const may = words === undefined ? WHATS : words.split(',').filter(isWhat);
  if (words !== undefined && may.length !== words.split(',').length) return null;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return { name, key, may };
}

/** The key that signed the request, or null: an unknown key and a wrong signature are the same to who asks. */
export function signerOf({ order, key: name, signature }: Request, keys: readonly AllowedKey[]): AllowedKey | null {
  const found = keys.find((key) => key.name === name);
  if (!found) return null;
  return verify(null, Buffer.from(CONTEXT + order), found.key, Buffer.from(signature, 'base64')) ? found : null;
}

/** `privatePem`: as `newKey` makes it. Throws where it is no Ed25519 key. */
export function signRequest(order: string, name: string, privatePem: string): Request {
  const key = createPrivateKey(privatePem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return { order, key: name, signature: sign(null, Buffer.from(CONTEXT + order), key).toString('base64') };
}

/** A pair: the private half as PEM (PKCS 8), and the line for the box. */
export function newKey(name: string): { readonly privatePem: string; readonly publicLine: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privatePem, publicLine: publicLineOf(privatePem, name) };
}

export function publicLineOf(privatePem: string, name: string): string {
  const { x = '' } = createPublicKey(privatePem).export({ format: 'jwk' });
  return `ed25519 ${Buffer.from(x, 'base64url').toString('base64')} ${name}`;
}
