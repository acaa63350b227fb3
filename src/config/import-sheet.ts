/** A controller profile from a spreadsheet: the text of its YAML file, or what is wrong, cell by cell. */

import { isMap, isScalar, isSeq, type Scalar, Document as Yaml } from 'yaml';
import { t } from '../language.ts';
import { csvText } from './csv.ts';
import { type Problem, shown } from './problems.ts';
import type { Profile } from './profile.ts';
import { profileOf } from './profiles.ts';
import { readSheet, rowName, type Sheet } from './sheet.ts';

const MAX_BYTES = 2 ** 20;

export type ImportOutcome =
  | { readonly kind: 'read'; readonly yaml: string; readonly profile: Profile }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** `file`: how the spreadsheet is called in problems; `name`: of the profile. */
export function importSheet(bytes: Uint8Array, file: string, name: string): ImportOutcome {
  const unread = (said: string, expected: string): ImportOutcome => ({
    kind: 'wrong',
    problems: [{ file, line: 1, column: 1, path: '', said, expected }],
  });
  if (bytes.length > MAX_BYTES) return unread(t('too large', '文件过大'), t('at most 1 MiB', '不超过 1 MiB'));
  const text = csvText(bytes);
  if (text === null) {
    const said = t('no text in UTF-8 or GB18030', '既不是 UTF-8 也不是 GB18030 文本');
    return unread(said, t('the sheet saved as CSV (an .xlsx is none)', '另存为 CSV 的表格（不是 .xlsx）'));
  }
  const sheet = readSheet(text, file, name);
  const outcome = profileOf(sheet.document, name);
  if (outcome.kind === 'read') return { kind: 'read', profile: outcome.profile, yaml: yamlOf(sheet, file) };
  return { kind: 'wrong', problems: outcome.kind === 'wrong' ? byCell(outcome.problems, sheet) : [] };
}

/** Problems of the schema under the names that stand in the sheet, in its order. A row with a wrong cell is not also wrong as a whole. */
function byCell(problems: readonly Problem[], { document }: Sheet): Problem[] {
  const own = document.problems;
  const wrongRows = new Set(own.map(({ line }) => line));
  const meant = own.flatMap(({ nearest }) => nearest ?? []);
  const others = problems.filter(
    (each) => !own.includes(each) && !meant.some((name) => name === each.path || name.startsWith(`${each.path}.`)),
  );
  return [
    ...own,
    ...others.flatMap((each) => {
      const [, block, column] = /^(fields|faultCodes)(?:\[.+?\]|\.[^.]+)(?:\.([a-z]+).*)?$/i.exec(each.path) ?? [];
      if (!block) return each;
      if (!column && wrongRows.has(each.line)) return [];
      return { ...each, path: rowName(each.line, column ?? '') };
    }),
  ].sort((a, b) => a.line - b.line || a.column - b.column);
}

function yamlOf({ document, notes, hex }: Sheet, file: string): string {
  const { faultCodes, ...value } = document.value as { faultCodes: object; [key: string]: unknown };
  const yaml = new Yaml(Object.keys(faultCodes).length > 0 ? { ...value, faultCodes } : value);
  const fields = yaml.get('fields');
  if (isSeq(fields)) {
    for (const [at, field] of fields.items.entries()) {
      if (!isMap(field)) continue;
      field.flow = true;
      if (notes[at]) field.commentBefore = ` ${notes[at]?.replace(/\n/g, '\n ')}`;
      const address = field.get('address', true);
      if (hex[at] && isScalar(address)) (address as Scalar).format = 'HEX';
    }
  }
  for (const block of ['title', 'quirks', 'faultCodes']) {
    const map = yaml.get(block);
    if (isMap(map) && block !== 'faultCodes') map.flow = true;
    if (isMap(map) && block === 'faultCodes')
      for (const { value: each } of map.items) if (isMap(each)) each.flow = true;
  }
  yaml.commentBefore = [
    ` ${t(`Imported from ${shown(file)}. Not tried on the controller yet: hoistway profile test reads each field once.`, `由 ${shown(file)} 导入，尚未在控制器上核对：hoistway profile test 逐项读取一次。`)}`,
  ].join('\n');
  return yaml.toString({ lineWidth: 0 });
}
