/** What a field run shows: nothing missing, nothing twice but as itself, in order, and at the right times. */

import type { FieldResult } from './run.ts';

/** From the physical moment to the scan that sees it: registers are renewed every 10 ms, a reply takes about as long. */
const WAY_MS = 60;

export interface Verdict {
  readonly problems: readonly string[];
  readonly faults: number;
  readonly repeats: number;
  readonly boots: number;
}

export function verdictOf(result: FieldResult): Verdict {
  const { delivered, announced, differing, waiting } = result;
  const problems = [...differing.map((what) => `a repeat differs: ${what}`)];
  if (waiting > 0) problems.push(`${waiting} records were left in the outbox`);
  const keys = new Set(delivered.map(({ boot, seq }) => `${boot} ${seq}`));
  for (const key of announced) if (!keys.has(key)) problems.push(`stored, and never delivered: ${key}`);
  problems.push(...gaps(result), ...disorder(result));
  if (result.kills === 0) problems.push(...times(result));
  const begins = delivered.filter(({ body }) => body.type === 'fault' && body.phase === 'begin');
  return {
    problems,
    faults: begins.length,
    repeats: delivered.reduce((sum, { times: count }) => sum + count - 1, 0),
    boots: new Set(delivered.map(({ boot }) => boot)).size,
  };
}

/** Within a boot the sequence counts 1, 2, 3 ... with none left out. */
function gaps({ delivered }: FieldResult): string[] {
  const boots = new Map<string, number[]>();
  for (const { boot, seq } of delivered) boots.set(boot, [...(boots.get(boot) ?? []), seq]);
  return [...boots].flatMap(([boot, seqs]) => {
    const last = Math.max(...seqs);
    return seqs.length === last ? [] : [`boot ${boot}: ${seqs.length} of ${last} records delivered`];
  });
}

/** The begin of a fault comes before its end, once each; records of one kind come in the order in which they were made. */
function disorder({ delivered }: FieldResult): string[] {
  const problems: string[] = [];
  const open = new Map<string, string>();
  const last = new Map<string, number>();
  for (const { boot, seq, body } of delivered) {
    const kind = body.type === 'fault' ? String(body.fault) : String(body.type);
    const before = last.get(`${boot} ${kind}`) ?? 0;
    if (seq < before) problems.push(`${kind} ${boot} ${seq} came after ${before}`);
    last.set(`${boot} ${kind}`, seq);
    if (body.type !== 'fault') continue;
    const [id, phase] = [String(body.id), String(body.phase)];
    if (phase === 'begin' && open.has(id)) problems.push(`${id} began twice`);
    if (phase === 'end' && open.get(id) !== 'begin') problems.push(`${id} ended without a begin`);
    open.set(id, phase);
  }
  return problems;
}

/** Every injected fault once, within its limit and one scan; and no other. */
function times({ delivered, expected, scanMs }: FieldResult): string[] {
  const problems: string[] = [];
  const begins = delivered.filter(({ body }) => body.type === 'fault' && body.phase === 'begin');
  const matched = new Set<unknown>();
  for (const { fault, dueMs, injection } of expected) {
    const due = begins.filter(
      ({ body }) =>
        body.fault === fault && Number(body.atMs) >= dueMs - 1 && Number(body.atMs) <= dueMs + scanMs + WAY_MS,
    );
    for (const one of due) matched.add(one);
    if (due.length !== 1)
      problems.push(`${injection}: ${due.length} events at its time (${nearest(begins, fault, dueMs)})`);
  }
  for (const one of begins) {
    const allowed = expected.some(
      ({ alsoAllowed, dueMs, endsByMs }) =>
        alsoAllowed.includes(one.body.fault as never) &&
        Number(one.body.atMs) >= dueMs - 60_000 &&
        Number(one.body.atMs) <= endsByMs + 5000,
    );
    if (!matched.has(one) && !allowed) problems.push(`nobody caused ${String(one.body.id)}`);
  }
  return problems;
}

function nearest(begins: FieldResult['delivered'], fault: string, dueMs: number): string {
  const away = begins.filter(({ body }) => body.fault === fault).map(({ body }) => Number(body.atMs) - dueMs);
  away.sort((a, b) => Math.abs(a) - Math.abs(b));
  return away[0] === undefined ? 'none was raised' : `the nearest ${Math.round(away[0])} ms from it`;
}
