/**
 * What is left of telemetry that had to go: of each lift one record of sums, so that the oldest becomes coarser before it is lost. A
 * digest that has to go itself is summed into the next one. Pure.
 */

type Body = Readonly<Record<string, unknown>>;

/** Body of the record. Durations in ms, distances in mm. */
export interface DigestBody {
  readonly type: 'digest';
  readonly lift: string;
  /** from the first to the last of the records that it stands for, as they told the time */
  readonly fromMs: number;
  readonly atMs: number;
  readonly wallMs?: unknown;
  readonly clockTrust?: unknown;
  readonly registrationNumber?: unknown;
  /** how many there were, by type */
  readonly of: { readonly [type: string]: number };
  /** of the trips among them */
  readonly distanceMm: number;
  readonly runningMs: number;
}

/** By lift, the longest known first. */
export type Digests = Map<string, DigestBody>;

/** Records of the box itself are not telemetry of a lift: they leave nothing. */
export function addDigested(digests: Digests, lift: string | null, body: Body | null): void {
  if (lift === null || body === null) return;
  const one = digestIn(body) ?? single(lift, body);
  const was = digests.get(lift);
  digests.set(lift, was ? sum(was, one) : one);
}

function single(lift: string, body: Body): DigestBody {
  const atMs = numberOf(body.atMs);
  const isTrip = body.type === 'trip';
  return {
    ...{ type: 'digest', lift, fromMs: numberOf(body.startMs ?? atMs), atMs },
    ...stampOf(body),
    of: { [String(body.type)]: 1 },
    distanceMm: isTrip ? numberOf(body.distanceMm) : 0,
    runningMs: isTrip ? atMs - numberOf(body.startMs ?? atMs) : 0,
  };
}

/** Of two of one lift, the later one second. */
function sum(a: DigestBody, b: DigestBody): DigestBody {
  const of: Record<string, number> = { ...a.of };
  for (const [type, count] of Object.entries(b.of)) of[type] = (of[type] ?? 0) + count;
  const { type, lift, fromMs } = a;
  return {
    ...{ type, lift, fromMs, atMs: b.atMs },
    ...stampOf(b),
    of,
    distanceMm: a.distanceMm + b.distanceMm,
    runningMs: a.runningMs + b.runningMs,
  };
}

function digestIn(body: Body): DigestBody | null {
  return body.type === 'digest' ? (body as unknown as DigestBody) : null;
}

function stampOf({ registrationNumber, wallMs, clockTrust }: Body | DigestBody): Partial<DigestBody> {
  return registrationNumber === undefined ? {} : { registrationNumber, wallMs, clockTrust };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
