/**
 * `import { decode } from 'hoistway/decode'`: for developers of platforms. `decode(topic, payload)` gives what a message of a
 * box says, checked, whether it came as plain JSON, packed, or with many others in one. Nothing here does any IO but read the
 * published dictionary.
 */

export type { KnownType, MessageOf, OtherMessage, StatusMessage } from './messages.ts';
export { type Decoded, type DecodedRecord, decode } from './payload.ts';
export { SeenRecords } from './seen.ts';
export { decodeBatch } from './small/batch.ts';
export { unpack } from './small/pack.ts';
