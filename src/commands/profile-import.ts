import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { importSheet } from '../config/import-sheet.ts';
import { problemLines } from '../config/problems.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Call } from './command.ts';

/** Writes the profile of a spreadsheet, or prints what is wrong with it, cell by cell. Never writes over a file. */
export async function importProfile(call: Call): Promise<number> {
  const [, file] = call.positionals;
  const out = call.values.out;
  if (file === undefined || typeof out !== 'string') {
    throw usage(
      t('import', '导入'),
      t('profile import FILE.csv --out NAME.yaml', 'profile import 文件.csv --out 名称.yaml'),
    );
  }
  const name = /^([a-z0-9][a-z0-9-]*)\.ya?ml$/.exec(basename(out))?.[1];
  if (name === undefined) {
    throw usage(out, t('--out NAME.yaml, the name of a-z, 0-9 and -', '--out 名称.yaml，名称只含 a-z、0-9 和 -'));
  }
  const outcome = importSheet(
    reading(file, () => readFileSync(file)),
    file,
    name,
  );
  if (outcome.kind === 'wrong') {
    for (const line of problemLines(outcome.problems)) call.print(line);
    const count = outcome.problems.length;
    call.print(
      t(`${count} ${count === 1 ? 'problem' : 'problems'}; nothing was written`, `共 ${count} 处问题，未写入文件`),
    );
    return 1;
  }
  reading(out, () => writeFileSync(out, outcome.yaml, { flag: 'wx' }));
  const { fields, faultCodes } = outcome.profile;
  const faults = Object.keys(faultCodes).length;
  call.print(
    t(
      `${out}: ${fields.length} fields, ${faults} fault numbers`,
      `${out}：${fields.length} 个字段，${faults} 个故障号`,
    ),
  );
  call.print(
    t(
      `next: hoistway profile test --profile ${out} --port PATH --unit N`,
      `下一步：hoistway profile test --profile ${out} --port 串口 --unit 站号`,
    ),
  );
  return 0;
}

function usage(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('reading the command', '读取命令'), where, hint });
}

function reading<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new GatewayError({
      code: 'profile-invalid',
      op: t('importing a profile', '导入点表'),
      where: path,
      hint: t(
        'give a file that can be read, and an --out that is not there yet',
        '请指定可读取的文件，且 --out 尚不存在',
      ),
      cause,
    });
  }
}
