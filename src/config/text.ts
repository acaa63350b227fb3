/** Reads a text file as people hand them over: missing, a directory, far too large, in another encoding, damaged. */

import { readFileSync, statSync } from 'node:fs';
import { t } from '../language.ts';
import type { Problem } from './problems.ts';

const MAX_BYTES = 2 ** 20;

/** The text, or what is wrong with it. Throws where the file cannot be read at all (an error of the system, with its code). */
export function readText(path: string, name: string): { text: string } | { problem: Problem } {
  const wrong = (line: number, said: string, expected: string) => ({
    problem: { file: name, line, column: 1, path: '', said, expected },
  });
  const stat = statSync(path);
  if (stat.isDirectory()) return wrong(1, t('a directory', '是一个目录'), t('a YAML file', 'YAML 文件'));
  if (!stat.isFile()) return wrong(1, t('not a regular file', '不是普通文件'), t('a YAML file', 'YAML 文件'));
  if (stat.size > MAX_BYTES) {
    const size = `${(stat.size / MAX_BYTES).toFixed(1)} MiB`;
    return wrong(1, t(`too large, ${size}`, `文件过大，${size}`), t('at most 1 MiB', '不超过 1 MiB'));
  }
  const bytes = readFileSync(path);
  const text = decoded(bytes);
  if (text === null) {
    const expected = t('a text saved as UTF-8', '以 UTF-8 编码保存的文本');
    return wrong(firstLineNotUtf8(bytes), t('not UTF-8 (GBK or UTF-16?)', '不是 UTF-8（GBK 或 UTF-16？）'), expected);
  }
  return { text };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function firstLineNotUtf8(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (decoded(bytes.subarray(start, end < 0 ? bytes.length : end)) === null) return line;
    if (end < 0) break;
    start = end + 1;
  }
  return line;
}
