/** A key that may ask, and orders signed with it. */

import { newKey, parseKeys, signRequest } from '../../src/requests/sign.ts';

export const { privatePem, publicLine } = newKey('tester');
export const { keys } = parseKeys(publicLine);

let count = 0;
export const nextId = () => `request-${++count}`;

/** The payload of a request; `order` overrides what it would say. */
export function requestOf(order: object, { pem = privatePem, name = 'tester' } = {}): string {
  const whole = {
    box: 'box-1',
    id: nextId(),
    sentMs: Date.UTC(2026, 0, 1) + 1000,
    what: 'self-test',
    args: {},
    ...order,
  };
  return JSON.stringify(signRequest(JSON.stringify(whole), name, pem));
}
