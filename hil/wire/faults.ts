/** What goes wrong on a line, each kind from a seed: what was to be delivered, and what is. */

import { plus } from '../../src/clock.ts';
import { readFrame, replyFrame } from '../../src/sense/frame.ts';
import type { ReadRequest } from '../../src/sense/observation.ts';
import type { Random } from '../lift/random.ts';
import type { Delivery } from './uart.ts';

/** `silence` and `unplug` are done by whoever runs the line. */
export const LINE_FAULTS = [
  'drop',
  'flip',
  'split',
  'merge',
  'delay',
  'echo',
  'noise',
  'silence',
  'unplug',
  'two-masters',
] as const;
export type LineFault = (typeof LINE_FAULTS)[number];

/** One exchange on the line. */
export interface Passing {
  readonly request: Uint8Array;
  /** the request was whole on the line */
  readonly sentMs: number;
  /** none where the slave is silent */
  readonly reply: Delivery | null;
  readonly byteMs: number;
  /** the slowest answer of any slave, ms: a late one comes after the master's time-out and before this */
  readonly lateMs: { readonly from: number; readonly to: number };
  /** the words of a slave as another master would read them */
  words(request: ReadRequest): readonly number[];
  /** what the other master asks for: like ours, so that the replies look the same */
  readonly asked: ReadRequest;
}

export interface Spoilt {
  readonly deliveries: readonly Delivery[];
  /** the reply did not come as it was sent: with its own bytes, whole and in time */
  readonly damaged: boolean;
}

export function spoil(fault: LineFault | null, passing: Passing, random: Random): Spoilt {
  const { reply } = passing;
  const whole: Spoilt = { deliveries: reply ? [reply] : [], damaged: false };
  if (fault === null || reply === null) return whole;
  const { bytes, atMs } = reply;
  const damaged = (changed: Uint8Array): Spoilt => ({ deliveries: [{ bytes: changed, atMs }], damaged: true });
  switch (fault) {
    case 'drop': {
      const from = random.whole(0, bytes.length - 1);
      const to = from + random.whole(1, 3);
      return damaged(bytes.filter((_, at) => at < from || at >= to));
    }
    case 'flip':
      return damaged(flipped(bytes, random.whole(1, 4), random));
    case 'split': {
      const cut = random.whole(1, bytes.length - 1);
      const laterMs = random.between(0, 30);
      const first = { bytes: bytes.subarray(0, cut), atMs: atMs - (bytes.length - cut) * passing.byteMs };
      return { deliveries: [first, { bytes: bytes.subarray(cut), atMs: atMs + laterMs }], damaged: false };
    }
    case 'merge':
      return { deliveries: [{ bytes, atMs: atMs + random.between(10, 60) }], damaged: false };
    case 'delay':
      return {
        deliveries: [{ bytes, atMs: atMs + random.between(passing.lateMs.from, passing.lateMs.to) }],
        damaged: false,
      };
    case 'echo':
      return { deliveries: [{ bytes: passing.request, atMs: passing.sentMs }, reply], damaged: false };
    case 'noise':
      return noisy(passing, reply, random);
    case 'two-masters':
      return shared(passing, reply, random);
    default:
      return whole;
  }
}

function flipped(bytes: Uint8Array, bits: number, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let n = 0; n < bits; n++) {
    const at = random.whole(0, bytes.length - 1);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.whole(0, 7));
  }
  return changed;
}

/** Bytes that nobody sent: before the reply, after it, or amid it. */
function noisy({ sentMs }: Passing, { bytes, atMs }: Delivery, random: Random): Spoilt {
  const some = Uint8Array.from({ length: random.whole(1, 12) }, () => random.whole(0, 255));
  const place = random.whole(0, 2);
  if (place === 0)
    return {
      deliveries: [
        { bytes: some, atMs: sentMs },
        { bytes, atMs },
      ],
      damaged: false,
    };
  if (place === 1) return { deliveries: [{ bytes: Uint8Array.from([...bytes, ...some]), atMs }], damaged: false };
  const cut = random.whole(1, bytes.length - 1);
  const amid = Uint8Array.from([...bytes.subarray(0, cut), ...some, ...bytes.subarray(cut)]);
  return { deliveries: [{ bytes: amid, atMs }], damaged: true };
}

/** Another master asks the same slave for other registers, before our reply, in its place, or just after it. */
function shared({ asked, words, sentMs, byteMs }: Passing, { bytes, atMs }: Delivery, random: Random): Spoilt {
  const other = { ...asked, address: (asked.address + random.whole(1, 40)) % 1000 };
  const request = readFrame(other);
  const answer = replyFrame(other, words(other));
  const theirs = (fromMs: number): Delivery[] => [
    { bytes: request, atMs: fromMs + request.length * byteMs },
    { bytes: answer, atMs: plus(fromMs as never, (request.length + answer.length) * byteMs + 4) },
  ];
  const place = random.whole(0, 2);
  if (place === 0) return { deliveries: [...theirs(sentMs), { bytes, atMs: atMs + 40 }], damaged: false };
  if (place === 1) return { deliveries: theirs(sentMs), damaged: true };
  return { deliveries: [{ bytes, atMs }, ...theirs(atMs)], damaged: false };
}
