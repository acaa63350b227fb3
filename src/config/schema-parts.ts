/** What the schemas of the site file are made of. */

import * as v from 'valibot';
import { t } from '../language.ts';

export const id = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    t(
      'a short name of a-z, 0-9 and -, at most 32, beginning with a letter or digit',
      '不超过 32 个小写字母、数字和 -，以字母或数字开头',
    ),
  ),
);
export const text = v.pipe(v.string(), v.minLength(1, t('some text', '非空文字')));
export const whole = (low: number, high: number) => v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));
export const ms = (low: number, high: number) => whole(low, high);
