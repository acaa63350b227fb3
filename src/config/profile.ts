/** A controller profile: which register tells which signal, how its words are read, and where that is known from. */

import * as v from 'valibot';
import { DIRECTIONS, SERVICE_MODES, SIGNAL_NAMES } from '../lift/signals.ts';
import { TABLES } from '../sense/observation.ts';

const about = v.description;

const field = v.strictObject({
  signal: v.pipe(v.picklist(SIGNAL_NAMES), about('What it tells.')),
  table: v.pipe(v.picklist(TABLES), about('Where it is: coil (1), discrete (2), holding (3), input (4).')),
  address: v.pipe(
    v.number(),
    v.integer('a whole number'),
    v.minValue(0),
    v.maxValue(65_536),
    about('As the manual writes it; addressBase says whether the first one is 0 or 1.'),
  ),
  type: v.optional(
    v.pipe(
      v.picklist(['bit', 'uint16', 'int16', 'uint32', 'int32', 'float32']),
      about('bit: one bit of a coil, or of a register with `bit`.'),
    ),
    'uint16',
  ),
  bit: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15), about('Bit of the register, 0 lowest.')),
  ),
  bits: v.optional(
    v.pipe(
      v.strictTuple([
        v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
        v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
      ]),
      about('First and last bit of a number packed in the register, inclusive.'),
    ),
  ),
  invert: v.optional(v.pipe(v.boolean(), about('The bit is 0 when the signal is true.')), false),
  scale: v.optional(
    v.pipe(v.number(), about('Multiplied with the raw number, to give the unit in the name of the signal.')),
    1,
  ),
  offset: v.optional(v.pipe(v.number(), about('Added after scaling.')), 0),
  values: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^\d+$/, 'a raw number')),
        v.union([v.picklist(SERVICE_MODES), v.picklist(DIRECTIONS), v.boolean()]),
      ),
      about('Raw number to value; a number that is not listed is unknown.'),
    ),
  ),
  group: v.optional(v.pipe(v.picklist(['fast', 'slow']), about('How often it is read.')), 'fast'),
});

export const profileSchema = v.strictObject({
  profile: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/), about('Its name: that of the file.')),
  title: v.strictObject({ en: v.string(), zh: v.string() }),
  source: v.pipe(v.string(), v.minLength(10), about('Manual and page, or how else the facts are known.')),
  tested: v.pipe(
    v.picklist(['simulated', 'capture', 'hardware']),
    about('The best that this profile has been run against.'),
  ),
  addressBase: v.pipe(v.picklist([0, 1]), about('Number of the first register in `address`.')),
  wordOrder: v.pipe(
    v.picklist(['high-first', 'low-first']),
    about('Of 32-bit values: which register holds the high word.'),
  ),
  quirks: v.optional(
    v.strictObject({
      maxRegisters: v.optional(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(125), about('Most registers in one read.')),
        125,
      ),
      mergeGap: v.optional(
        v.pipe(
          v.number(),
          v.integer(),
          v.minValue(0),
          v.maxValue(125),
          about('Unused registers read along rather than asked around.'),
        ),
        8,
      ),
      gapMs: v.optional(
        v.pipe(
          v.number(),
          v.minValue(0),
          v.maxValue(1000),
          about('Least pause between an answer and the next request.'),
        ),
        0,
      ),
      byteCount: v.optional(
        v.pipe(
          v.picklist([8, 16]),
          about('Bits of the byte count in a read reply; 16 is the dialect of one large family.'),
        ),
        8,
      ),
    }),
    {},
  ),
  fields: v.pipe(v.array(field), v.minLength(1)),
});

export type Profile = v.InferOutput<typeof profileSchema>;
export type ProfileField = Profile['fields'][number];
