/** What an answer by HTTP means for what was sent. The status comes first; a body under 2xx is the region's to judge. Pure. */

import type { Region, Verdict } from './region.ts';
import { isJson } from './words.ts';

export interface Answer {
  readonly status: number;
  /** what Retry-After asks for; null where it does not */
  readonly retryAfterMs: number | null;
  /** undefined: it is no JSON */
  readonly body: unknown;
}

/** They are about what was sent. 404 and its like are about the address, and pass when that is set right. */
const FINAL = new Set([400, 409, 413, 422]);
/** A platform does not ask for more than this, and a slip of its pen is no reason to be silent for a year. */
const LONGEST_MS = 3_600_000;
const LONGEST_WORDS = 200;

export function verdictOf({ status, retryAfterMs, body }: Answer, region: Region): Verdict {
  if (status >= 200 && status < 300) return shortened(region.verdict(body));
  const reason = `HTTP ${status} ${messageOf(body)}`.trim();
  if (status === 401) return shortened({ kind: 'login', reason });
  if (FINAL.has(status)) return shortened({ kind: 'refused', reason });
  return shortened({ kind: 'later', reason, afterMs: retryAfterMs });
}

/** Seconds, or a date; null where it is neither. */
export function retryAfterMsOf(header: string | undefined, nowWallMs: number): number | null {
  if (header === undefined) return null;
  const afterMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowWallMs;
  return Number.isFinite(afterMs) ? Math.min(LONGEST_MS, Math.max(0, afterMs)) : null;
}

function messageOf(body: unknown): string {
  if (!isJson(body)) return '';
  const words = [body.message, body.errMessage, body.error].find((each) => typeof each === 'string');
  return String(words ?? '');
}

function shortened(verdict: Verdict): Verdict {
  return verdict.kind === 'taken' ? verdict : { ...verdict, reason: verdict.reason.slice(0, LONGEST_WORDS) };
}
