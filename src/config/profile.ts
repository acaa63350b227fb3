/** A controller profile: which register tells which signal, how its words are read, and where that is known from. */

import * as v from 'valibot';
import { t } from '../language.ts';
import { DIRECTIONS, SERVICE_MODES, SIGNAL_NAMES } from '../lift/signals.ts';
import { SAID_FAULTS } from '../lift/state.ts';
import { TABLES } from '../sense/observation.ts';
import { about } from './about.ts';
import { framesSchema } from './frames.ts';

const field = v.strictObject({
  signal: v.pipe(v.picklist(SIGNAL_NAMES), about('What it tells.', '所表示的信号。')),
  table: v.pipe(
    v.picklist(TABLES),
    about(
      'Where it is: coil (1), discrete (2), holding (3), input (4).',
      '所在的表：coil（1）、discrete（2）、holding（3）、input（4）。',
    ),
  ),
  address: v.pipe(
    v.number(),
    v.integer(),
    v.minValue(0),
    v.maxValue(65_536),
    about(
      'As the manual writes it; addressBase says whether the first one is 0 or 1.',
      '按说明书书写，addressBase 说明首地址是 0 还是 1。',
    ),
  ),
  type: v.optional(
    v.pipe(
      v.picklist(['bit', 'uint16', 'int16', 'uint32', 'int32', 'float32']),
      about('bit: one bit of a coil, or of a register with `bit`.', 'bit：线圈的一位，或寄存器中由 `bit` 指定的一位。'),
    ),
    'uint16',
  ),
  bit: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(15),
      about('Bit of the register, 0 lowest.', '寄存器的位，0 为最低位。'),
    ),
  ),
  bits: v.optional(
    v.pipe(
      v.strictTuple([
        v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
        v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
      ]),
      about('First and last bit of a number packed in the register, inclusive.', '寄存器中数值的首位和末位（含）。'),
    ),
  ),
  invert: v.optional(
    v.pipe(v.boolean(), about('The bit is 0 when the signal is true.', '信号为真时该位为 0。')),
    false,
  ),
  scale: v.optional(
    v.pipe(
      v.number(),
      about(
        'Multiplied with the raw number, to give the unit in the name of the signal.',
        '原始值乘以此数，得到信号名中的单位。',
      ),
    ),
    1,
  ),
  offset: v.optional(v.pipe(v.number(), about('Added after scaling.', '乘系数后再加此数。')), 0),
  values: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^\d+$/, t('a raw number', '原始数值'))),
        v.union([v.picklist(SERVICE_MODES), v.picklist(DIRECTIONS), v.boolean()]),
      ),
      about('Raw number to value; a number that is not listed is unknown.', '原始值对应的含义，未列出的视为未知。'),
    ),
  ),
  group: v.optional(v.pipe(v.picklist(['fast', 'slow']), about('How often it is read.', '读取快慢。')), 'fast'),
});

export const profileSchema = v.strictObject({
  profile: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]*$/),
    about('Its name: that of the file.', '名称，与文件名相同。'),
  ),
  title: v.pipe(
    v.strictObject({
      en: v.pipe(v.string(), about('In English.', '英文。')),
      zh: v.pipe(v.string(), about('In Chinese.', '中文。')),
    }),
    about('Make and family, for people.', '品牌和系列，供人阅读。'),
  ),
  source: v.pipe(
    v.string(),
    v.minLength(10),
    about('Manual and page, or how else the facts are known.', '说明书及页码，或其他依据。'),
  ),
  tested: v.pipe(
    v.picklist(['simulated', 'capture', 'hardware']),
    about('The best that this profile has been run against.', '此点表经过的最高程度的验证。'),
  ),
  addressBase: v.pipe(
    v.picklist([0, 1]),
    about('Number of the first register in `address`.', '`address` 中第一个寄存器的编号。'),
  ),
  wordOrder: v.pipe(
    v.picklist(['high-first', 'low-first']),
    about('Of 32-bit values: which register holds the high word.', '32 位数值中高字所在的寄存器。'),
  ),
  quirks: v.optional(
    v.pipe(
      v.strictObject({
        maxRegisters: v.optional(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(1),
            v.maxValue(125),
            about('Most registers in one read.', '一次读取的最多寄存器数。'),
          ),
          125,
        ),
        maxBits: v.optional(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(1),
            v.maxValue(2000),
            about('Most coils or discrete inputs in one read.', '一次读取的最多线圈或离散输入数。'),
          ),
          2000,
        ),
        groupSize: v.optional(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(1),
            v.maxValue(65_536),
            about(
              'No read goes from one group of so many registers into the next: 256 where the high byte of the address is a group.',
              '读取不得跨越此大小的寄存器组；地址高字节为组号时为 256。',
            ),
          ),
          65_536,
        ),
        mergeGap: v.optional(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(0),
            v.maxValue(125),
            about(
              'Unused registers (or bits) read along rather than asked around.',
              '可顺带读取的无用寄存器（或位）数。',
            ),
          ),
          8,
        ),
        gapMs: v.optional(
          v.pipe(
            v.number(),
            v.minValue(0),
            v.maxValue(1000),
            about('Least pause between an answer and the next request.', '应答与下一请求之间的最短间隔。'),
          ),
          0,
        ),
        byteCount: v.optional(
          v.pipe(
            v.picklist([8, 16]),
            about(
              'Bits of the byte count in a read reply; 16 is the dialect of one large family.',
              '读应答中字节数字段的位数，某大系列为 16。',
            ),
          ),
          8,
        ),
      }),
      about('Where its slaves depart from the standard.', '从站与标准不同之处。'),
    ),
    {},
  ),
  frames: v.optional(
    v.pipe(
      framesSchema,
      about(
        'The controller pushes frames by itself, not in Modbus: its line has `listen: true`, and carries no other framing.',
        '控制器以非 Modbus 帧主动发送数据：其总线须设 `listen: true`，且不得有其他帧格式。',
      ),
    ),
  ),
  faultCodes: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^[1-9]\d*$/, t('a fault number', '故障号'))),
        v.strictObject({
          fault: v.optional(
            v.pipe(
              v.nullable(v.picklist(SAID_FAULTS)),
              about(
                'Raised while it stands; null: Hoistway judges it itself.',
                '存在期间报出的故障；null：由本机自行判定。',
              ),
            ),
            null,
          ),
          en: v.pipe(v.string(), v.minLength(1), about('In English.', '英文。')),
          zh: v.pipe(v.string(), v.minLength(1), about('In Chinese.', '中文。')),
        }),
      ),
      about(
        "The controller's own fault numbers. One that is not listed is raised as controller-fault.",
        '控制器自身的故障号。未列出的按控制器故障报出。',
      ),
    ),
    {},
  ),
  fields: v.pipe(
    v.array(field),
    v.minLength(1, t('at least one field', '至少一个字段')),
    about('Where each signal is read.', '各信号的读取位置。'),
  ),
});

export type Profile = v.InferOutput<typeof profileSchema>;
export type ProfileField = Profile['fields'][number];
