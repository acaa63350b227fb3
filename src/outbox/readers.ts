/** Readers as bits: a record is kept while one of those that it is owed to is left. */

import { READERS, type ReaderName } from './port.ts';

/** A reader's bit is its place in the list, for ever: it is in the file. */
export function bitsOf(readers: readonly ReaderName[]): number {
  return readers.reduce((bits, reader) => bits | (1 << READERS.indexOf(reader)), 0);
}
