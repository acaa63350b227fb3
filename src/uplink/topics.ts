/**
 * Where messages go: `<prefix>/<box>/status`, `<prefix>/<box>/<lift>/<type>`, `<prefix>/<box>/box/<type>`, and many records in
 * one to `<prefix>/<box>/box/batch`. Requests come on `<prefix>/<box>/request`, and their answers go on
 * `<prefix>/<box>/response/<request>` and `<prefix>/<box>/live`.
 */

/** Stands where the lift's id would, in the topics of what the box says of itself. No lift may be called so. */
export const BOX_LEVEL = 'box';

const STATUS_LEVEL = 'status';
const BATCH_LEVEL = 'batch';
/** Stands where the lift's id would, in the topics of answers. No lift may be called so either. */
const RESPONSE_LEVEL = 'response';
const REQUEST_LEVEL = 'request';
const LIVE_LEVEL = 'live';
const BESIDE_RECORDS: readonly string[] = [STATUS_LEVEL, REQUEST_LEVEL, LIVE_LEVEL];
const LEVEL = /^[a-z0-9][a-z0-9-]*$/;

export type TopicPlace =
  | { readonly kind: 'status' | 'batch'; readonly box: string }
  | { readonly kind: 'record'; readonly box: string; readonly lift: string | null; readonly type: string };

export function statusTopic(prefix: string, box: string): string {
  return `${prefix}/${box}/${STATUS_LEVEL}`;
}

export function batchTopic(prefix: string, box: string): string {
  return `${prefix}/${box}/${BOX_LEVEL}/${BATCH_LEVEL}`;
}

export function requestTopic(prefix: string, box: string): string {
  return `${prefix}/${box}/${REQUEST_LEVEL}`;
}

/** `id`: of the request */
export function responseTopic(prefix: string, box: string, id: string): string {
  return `${prefix}/${box}/${RESPONSE_LEVEL}/${id}`;
}

export function liveTopic(prefix: string, box: string): string {
  return `${prefix}/${box}/${LIVE_LEVEL}`;
}

/** A topic of requests and their answers: no record, and no status. */
export function isOfRequests(topic: string): boolean {
  const [last, beforeLast] = topic.split('/').toReversed();
  if (last === REQUEST_LEVEL || last === LIVE_LEVEL) return true;
  return beforeLast === RESPONSE_LEVEL && last !== STATUS_LEVEL;
}

/** The topic of a record, or null where its lift or type cannot stand in one (they are short names of a-z, 0-9 and -). */
export function recordTopic(prefix: string, box: string, lift: string | null, type: unknown): string | null {
  if (typeof type !== 'string' || !LEVEL.test(type) || BESIDE_RECORDS.includes(type)) return null;
  if (lift === null && type === BATCH_LEVEL) return null;
  if (lift !== null && (!LEVEL.test(lift) || lift === BOX_LEVEL || lift === RESPONSE_LEVEL)) return null;
  return `${prefix}/${box}/${lift ?? BOX_LEVEL}/${type}`;
}

/** What a topic is about, whatever its prefix (which may have several levels); null where it is none of ours. */
export function placeOf(topic: string): TopicPlace | null {
  if (isOfRequests(topic)) return null;
  const levels = topic.split('/');
  const [box, lift, type] = levels.slice(-3);
  if (levels.length >= 3 && type === STATUS_LEVEL && lift !== undefined && LEVEL.test(lift))
    return { kind: 'status', box: lift };
  if (levels.length < 4 || box === undefined || lift === undefined || type === undefined) return null;
  if (![box, lift, type].every((level) => LEVEL.test(level))) return null;
  if (lift === BOX_LEVEL && type === BATCH_LEVEL) return { kind: 'batch', box };
  return { kind: 'record', box, lift: lift === BOX_LEVEL ? null : lift, type };
}
