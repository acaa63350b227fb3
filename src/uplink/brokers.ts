/** Which broker is asked, where a site has several: in order, three failed attempts each, round and round. */

import type { Said } from './reasons.ts';

export const ATTEMPTS_EACH = 3;

/**
 * The address for the next attempt after so many failed ones in a row. A session that lasted ends the row (session.ts), so
 * after it the first is asked again; while a session stands nothing is asked, so a working one is never left for a better one.
 */
export function brokerFor(attempt: number, url: string, alternatives: readonly string[]): string {
  const urls = [url, ...alternatives];
  return urls[Math.floor(attempt / ATTEMPTS_EACH) % urls.length] ?? url;
}

/** The words with the name of the broker, where there are several. */
export function namedAfter(url: string, alternatives: readonly string[], { en, zh }: Said): Said {
  if (alternatives.length === 0) return { en, zh };
  const name = nameOf(url);
  return { en: `${name}: ${en}`, zh: `${name}：${zh}` };
}

/** Host and port: what may stand before and after them is for nobody to read. */
export function nameOf(url: string): string {
  return /^\w+:\/\/(?:[^/?#]*@)?([^/?#]+)/.exec(url)?.[1] ?? url;
}
