/** The `frames` section of a profile: how the frames look that a controller pushes by itself, in a framing that is not Modbus. */

import * as v from 'valibot';
import { about } from './about.ts';

/** No frame is longer, bytes. */
export const MOST_FRAME_BYTES = 512;

const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));
const offset = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MOST_FRAME_BYTES - 1));
const ORDERS = ['high-first', 'low-first'] as const;

export const framesSchema = v.strictObject({
  start: v.optional(
    v.pipe(
      v.array(byte),
      v.maxLength(8),
      about(
        'The bytes that every frame begins with. Without them `bytes` and a check are needed, and a frame is believed only as the third of a row without a byte between them.',
        '每帧的起始字节。没有起始字节时须给出 `bytes` 和校验，且连续第三帧（中间无其他字节）起才采信。',
      ),
    ),
    [],
  ),
  bytes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(2),
      v.maxValue(MOST_FRAME_BYTES),
      about(
        'Bytes of a whole frame where all are of one length; else `length`.',
        '定长帧的总字节数；变长时用 `length`。',
      ),
    ),
  ),
  length: v.optional(
    v.pipe(
      v.strictObject({
        offset: v.pipe(
          offset,
          about('Its first byte, counted from 0 at the start of the frame.', '长度字段的首字节，从帧首起由 0 计。'),
        ),
        width: v.optional(v.pipe(v.picklist([1, 2]), about('Its bytes.', '长度字段的字节数。')), 1),
        order: v.optional(
          v.pipe(v.picklist(ORDERS), about('Which of two bytes comes first.', '两字节时的先后。')),
          'high-first',
        ),
        counts: v.pipe(
          v.picklist(['payload', 'frame']),
          about('The bytes it counts: the payload alone, or the whole frame.', '所计字节：仅载荷，或整帧。'),
        ),
      }),
      about('Where a frame says how long it is.', '帧内的长度字段。'),
    ),
  ),
  maxBytes: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(2),
      v.maxValue(MOST_FRAME_BYTES),
      about('A frame that says it is longer is none.', '声称超过此长度的不算帧。'),
    ),
    128,
  ),
  unitOffset: v.optional(
    v.pipe(
      offset,
      about(
        'The byte with the number of the sender, which is then the `unit` of a lift. Without it the line carries one lift.',
        '发送方编号所在字节，即电梯的 `unit`。没有时该总线只接一台电梯。',
      ),
    ),
  ),
  type: v.optional(
    v.pipe(
      v.strictObject({
        offset: v.pipe(offset, about('The byte that tells kinds of frames apart.', '区分帧类型的字节。')),
        value: v.pipe(
          byte,
          about('What it is in the frames that are meant; others are none.', '所需帧的取值，其余不算帧。'),
        ),
      }),
      about('Which of several kinds of frames is read.', '读取哪一种帧。'),
    ),
  ),
  payloadOffset: v.pipe(
    offset,
    about(
      'First byte of the payload, which goes on to the check. The `address` of a field counts the bytes of the payload: table `input` is the byte there, table `holding` the 16-bit number that begins there.',
      '载荷的首字节，载荷直至校验为止。字段的 `address` 按载荷的字节计：`input` 表为该字节，`holding` 表为从该字节起的 16 位数。',
    ),
  ),
  order: v.optional(
    v.pipe(
      v.picklist(ORDERS),
      about('Of the 16-bit numbers in the payload: which byte comes first.', '载荷中 16 位数的字节先后。'),
    ),
    'high-first',
  ),
  check: v.pipe(
    v.picklist(['xor', 'sum8', 'sum8-negated', 'crc16-modbus', 'crc16-ccitt', 'none']),
    about(
      'How a frame is checked. xor, and the sum of the bytes modulo 256 or what makes it 0 (negated), are one byte; crc16-modbus (reflected 0x8005, from 0xFFFF) and crc16-ccitt (0x1021, from 0xFFFF, not reflected) are two; none needs `start`, `bytes` and `end`.',
      '校验方式。xor、字节和模 256（sum8）及其补数（sum8-negated）为一字节；crc16-modbus（0x8005 反射，初值 0xFFFF）和 crc16-ccitt（0x1021 不反射，初值 0xFFFF）为两字节；none 须给出 `start`、`bytes` 和 `end`。',
    ),
  ),
  checkFrom: v.optional(
    v.pipe(
      offset,
      about(
        'The first byte that the check covers; the last is the one before it.',
        '校验覆盖的首字节，末字节为校验之前一字节。',
      ),
    ),
    0,
  ),
  checkOrder: v.optional(
    v.pipe(v.picklist(ORDERS), about('Which byte of a two-byte check comes first.', '两字节校验的先后。')),
    'low-first',
  ),
  end: v.optional(
    v.pipe(
      v.array(byte),
      v.maxLength(4),
      about('The bytes after the check, that every frame ends with.', '校验之后的结束字节。'),
    ),
    [],
  ),
  combine: v.optional(
    v.pipe(
      v.picklist(['last', 'or']),
      about(
        'last: a frame tells what is in it. or: two parties take turns with frames that look alike, and what is told is the bits that are set in either of the last two, no more than a second apart.',
        'last：各帧独立。or：双方轮流发送外形相同的帧，取最近两帧（相隔不超过一秒）按位或的结果。',
      ),
    ),
    'last',
  ),
});

export type Frames = v.InferOutput<typeof framesSchema>;
