/** A line by the label of its chip and its offset there, and what is told where it cannot be had: for all drivers alike. */

import { closest } from 'fastest-levenshtein';
import { GatewayError } from '../../src/errors.ts';
import { t } from '../../src/language.ts';

/** A chip that the kernel shows. */
export interface Chip {
  readonly label: string;
  /** how many lines it has */
  readonly ngpio: number;
}

/** The one chip of that label, which must have the line. Throws GatewayError `input-failed`. */
export function chipOf<C extends Chip>(chips: readonly C[], chip: string, offset: number): C {
  const where = `${chip} ${offset}`;
  const found = chips.filter(({ label }) => label === chip);
  const [only] = found;
  if (!only) throw unknownChip(where, chip, chips);
  if (found.length > 1) {
    throw failed(where, t(`${found.length} chips have this label`, `有 ${found.length} 个芯片使用此标签`), {
      en: 'the line cannot be told apart by label; use a line of another chip',
      zh: '无法按标签区分，请改用其他芯片的线路',
    });
  }
  if (offset >= only.ngpio) {
    throw failed(where, t(`the chip has ${only.ngpio} lines`, `该芯片有 ${only.ngpio} 条线路`), {
      en: `offset is 0 to ${only.ngpio - 1}; GPIO17 of a Raspberry Pi is offset 17`,
      zh: `偏移应为 0 到 ${only.ngpio - 1}；树莓派 GPIO17 的偏移是 17`,
    });
  }
  return only;
}

function unknownChip(where: string, chip: string, chips: readonly Chip[]): GatewayError {
  const labels = [...new Set(chips.map(({ label }) => label))].sort((a, b) => a.localeCompare(b));
  if (labels.length === 0) {
    return failed(where, t('the kernel shows no GPIO chip', '内核没有列出任何 GPIO 芯片'), {
      en: 'is the driver of the chip loaded?',
      zh: '芯片驱动是否已加载？',
    });
  }
  const nearest = closest(chip, labels);
  return failed(where, t(`no chip has the label ${chip}`, `没有标签为 ${chip} 的芯片`), {
    en: `there are: ${labels.join(', ')}. Nearest: ${nearest}`,
    zh: `现有：${labels.join('、')}。最接近：${nearest}`,
  });
}

/** Two inputs of the site file name one line: the first has it. */
export function watchedTwice(where: string): GatewayError {
  return failed(where, t('the line is watched already', '该线路已在使用'), {
    en: 'two inputs of the site file name one line',
    zh: '站点文件中有两个输入使用同一条线路',
  });
}

export function failed(where: string, cause: unknown, hint: { en: string; zh: string }): GatewayError {
  return new GatewayError({
    code: 'input-failed',
    op: t('open the input', '打开输入'),
    where,
    hint: t(hint.en, hint.zh),
    cause,
  });
}
