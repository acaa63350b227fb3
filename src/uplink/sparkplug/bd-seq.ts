/**
 * The number that goes with each connect (bdSeq, 0 to 255): it tells the death of this session from that of an earlier one. Kept
 * in a file, so that the will of a box that was restarted is not taken for that of the session it has now.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { reasonOf } from '../../errors.ts';
import { t } from '../../language.ts';

export interface BdSeq {
  /** the number of the connect that begins now */
  next(): number;
}

/** A file that cannot be read begins at 0; one that cannot be written is told once. It needs no sync: at worst 0 comes again. */
export function keptBdSeq(path: string, remark: (line: string) => void): BdSeq {
  let last = read(path);
  let told = false;
  return {
    next() {
      last = (last + 1) % 256;
      try {
        writeFileSync(path, `${last}\n`);
      } catch (error) {
        if (!told) remark(t(`bdSeq cannot be kept: ${reasonOf(error)}`, `无法保存 bdSeq：${reasonOf(error)}`));
        told = true;
      }
      return last;
    },
  };
}

/** 255, before 0, where nothing usable is kept. */
function read(path: string): number {
  try {
    const number = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return number >= 0 && number <= 255 ? number : 255;
  } catch {
    return 255;
  }
}
