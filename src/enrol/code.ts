/**
 * The one-time code that a box is enrolled with: a secret, and the fingerprint of the authority that will sign it, so that the box
 * knows whom to tell the secret to. 42 characters in groups of six; a person may type them.
 */

import { createHash, randomBytes } from 'node:crypto';

/** Without l and o, which are read as digits, and 0 and 1. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
/** 80 bits: not to be guessed at one a second. */
const SECRET_BYTES = 10;
const SECRET_LENGTH = 16;
/** 128 bits of the SHA-256: nobody makes another authority that has them. */
const FINGERPRINT_BYTES = 16;
const FINGERPRINT_LENGTH = 26;
const GROUP = /.{6}/g;
const WHOLE = new RegExp(`^[${ALPHABET}]{${SECRET_LENGTH + FINGERPRINT_LENGTH}}$`);

export interface Code {
  readonly secret: string;
  readonly fingerprint: string;
}

export function newSecret(): string {
  return lettersOf(randomBytes(SECRET_BYTES));
}

/** `der`: the certificate of the authority. */
export function fingerprintOf(der: Uint8Array): string {
  return lettersOf(createHash('sha256').update(der).digest().subarray(0, FINGERPRINT_BYTES));
}

export function writeCode({ secret, fingerprint }: Code): string {
  return (`${secret}${fingerprint}`.match(GROUP) ?? []).join('-');
}

/** Null where it is no code: a character is missing or wrong. */
export function readCode(text: string): Code | null {
  const plain = text.toLowerCase().replace(/[\s-]/g, '');
  if (!WHOLE.test(plain)) return null;
  return { secret: plain.slice(0, SECRET_LENGTH), fingerprint: plain.slice(SECRET_LENGTH) };
}

function lettersOf(bytes: Uint8Array): string {
  let [held, bits, text] = [0, 0, ''];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}
