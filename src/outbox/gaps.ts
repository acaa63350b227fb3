/** What was evicted, boot by boot, until it is written down as gap records. Pure. */

import type { GapBody } from './port.ts';

export interface Span {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly count: number;
}

/** By boot, the longest known first. */
export type Spans = Map<string, Span>;

export function widen(spans: Spans, boot: string, span: Span): void {
  const was = spans.get(boot);
  spans.set(boot, was ? union(was, span) : span);
}

export function union(a: Span, b: Span): Span {
  return {
    firstSeq: Math.min(a.firstSeq, b.firstSeq),
    lastSeq: Math.max(a.lastSeq, b.lastSeq),
    count: a.count + b.count,
  };
}

export function one(seq: number): Span {
  return { firstSeq: seq, lastSeq: seq, count: 1 };
}

export function gapBody(gapBoot: string, { firstSeq, lastSeq, count }: Span): GapBody {
  return { type: 'gap', gapBoot, firstSeq, lastSeq, count };
}

/** The gap that a body tells of, or null where it is no gap record. */
export function gapIn(body: Readonly<Record<string, unknown>>): { boot: string; span: Span } | null {
  const { type, gapBoot, firstSeq, lastSeq, count } = body;
  if (type !== 'gap' || typeof gapBoot !== 'string') return null;
  return { boot: gapBoot, span: { firstSeq: Number(firstSeq), lastSeq: Number(lastSeq), count: Number(count) } };
}

/** Adds an evicted record: its own seq, and where it was a gap record, also what that told of. */
export function addEvicted(
  spans: Spans,
  { boot, seq, body }: { boot: string; seq: number; body: Readonly<Record<string, unknown>> | null },
): void {
  widen(spans, boot, one(seq));
  const gap = body === null ? null : gapIn(body);
  if (gap) widen(spans, gap.boot, gap.span);
}

/**
 * Keeps gap records bounded when the alarm lane is evicted: they may be at most half as many as the records they stand
 * for (and eight). The boots met first are let go; a receiver sees them missing by the boot's number.
 */
export function limitSpans(spans: Spans, evictedRecords: number): void {
  let over = spans.size - Math.max(8, Math.floor(evictedRecords / 2));
  for (const boot of spans.keys()) {
    if (over-- <= 0) return;
    spans.delete(boot);
  }
}
