/** Cases of controllers and lines: silent, late, noisy, wrong, restarted; of several lifts; and of people at work. */

import { pair } from './pair.ts';
import { type Story, story, trapped } from './story.ts';
import type { Case } from './table.ts';

const VISIT: Story = { ...story(3132, 160), livedMs: 6_921_000 };

export const LINE_CASES: readonly Case[] = [
  ...pair(
    'position-lost',
    'position-lost',
    ['The controller counts a landing too many', story(19, 75, { atMs: 2000, inject: { kind: 'position-lost' } })],
    [
      'The controller tells the landing 1.7 s after it stopped',
      story(19, 45, { atMs: 2000, ride: [1, 4] }, { atMs: 19_500, says: { landing: 3 }, forMs: 4400 }),
    ],
  ),
  ...pair(
    'position-lost-restart',
    'position-lost',
    [
      'The controller restarts amid a run and names the lowest landing until it has been at its base again',
      story(
        81,
        90,
        { atMs: 2000, ride: [1, 6] },
        { atMs: 18_000, silentMs: 3000 },
        { atMs: 21_000, says: { landing: 0, positionMm: 0 }, forMs: 53_000 },
        { atMs: 40_000, ride: [6, 1] },
      ),
    ],
    [
      'It names the right one 1.5 s after it stopped',
      story(
        81,
        60,
        { atMs: 2000, ride: [1, 6] },
        { atMs: 18_000, silentMs: 3000 },
        { atMs: 21_000, says: { landing: 0, positionMm: 0 }, forMs: 8250 },
      ),
    ],
  ),
  ...pair(
    'position-lost-no-landing',
    'position-lost',
    [
      'The controller names a landing that this lift does not have, for 5 s',
      story(82, 20, { atMs: 5000, says: { landing: 12 }, forMs: 5000 }),
    ],
    ['For 1.5 s', story(82, 20, { atMs: 5000, says: { landing: 12 }, forMs: 1500 })],
  ),
  ...pair(
    'controller-silent',
    'controller-silent',
    [
      'The controller says nothing for 20 s',
      story(
        23,
        50,
        { atMs: 2000, ride: [1, 3] },
        { atMs: 22_000, inject: { kind: 'controller-silent', heldMs: 20_000 } },
      ),
    ],
    [
      'Nothing for 8 s of 10 s',
      story(
        23,
        45,
        { atMs: 2000, ride: [1, 3] },
        { atMs: 22_000, inject: { kind: 'controller-silent', heldMs: 8000 } },
      ),
    ],
  ),
  ...pair(
    'silent-amid-entrapment',
    'entrapment',
    [
      'The controller is silent for 20 s amid the 60 s: they go on, and entrapment is in time',
      story(24, 105, { atMs: 2000, inject: trapped(66_000) }, { atMs: 40_000, silentMs: 20_000 }),
    ],
    ['Let out after 50 s', story(24, 90, { atMs: 2000, inject: trapped(50_000) }, { atMs: 40_000, silentMs: 20_000 })],
  ),
  ...pair(
    'silent-all-the-time',
    'entrapment',
    [
      'The controller has not answered since the box started: the contacts tell the entrapment',
      story(83, 120, { atMs: 0, silentMs: 130_000 }, { atMs: 2000, inject: trapped(80_000) }),
    ],
    ['Let out after 50 s', story(83, 100, { atMs: 0, silentMs: 130_000 }, { atMs: 2000, inject: trapped(50_000) })],
  ),
  ...pair(
    'silent-alarm-button',
    'entrapment',
    [
      'The alarm button in a stopped car, while the controller is silent: at once',
      story(83, 80, { atMs: 20_000, silentMs: 40_000 }, { atMs: 2000, inject: trapped(40_000, 25_000) }),
    ],
    [
      'Pressed at a landing with the door open, while the controller is silent',
      story(
        83,
        40,
        { atMs: 2000, ride: [1, 4] },
        { atMs: 4000, silentMs: 9000 },
        { atMs: 5500, input: 'alarmButton', shows: true, forMs: 3000 },
      ),
    ],
  ),
  ...pair(
    'silent-past-door-held-open',
    'door-held-open',
    [
      'The limit passes in the dark: raised when the controller is back and the door still open',
      story(
        25,
        160,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 136_000 } },
        { atMs: 115_000, silentMs: 16_000 },
      ),
    ],
    [
      'The door has closed in the dark, before the limit',
      story(
        25,
        135,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 104_000 } },
        { atMs: 115_000, silentMs: 9000 },
      ),
    ],
  ),
  ...pair(
    'silent-long-past-door-held-open',
    'door-held-open',
    [
      'The controller is silent for 40 s: the door may have closed and opened again meanwhile, so the limit begins anew',
      story(
        115,
        230,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 205_000 } },
        { atMs: 40_000, silentMs: 40_000 },
      ),
    ],
    [
      'Closed 114 s after the controller is back',
      story(
        115,
        210,
        { atMs: 2000, inject: { kind: 'door-held-open', heldMs: 182_000 } },
        { atMs: 40_000, silentMs: 40_000 },
      ),
    ],
  ),
  ...pair(
    'mains-cut-entrapment',
    'entrapment',
    [
      'Mains go amid the 60 s and take the controller with them for 30 s: entrapment is in time',
      story(
        84,
        105,
        { atMs: 2000, inject: trapped(66_000) },
        { atMs: 32_000, input: 'mainsPresent', shows: false, forMs: 30_000 },
        { atMs: 32_000, silentMs: 30_000 },
      ),
    ],
    [
      'Mains are back in time to let the passenger out after 50 s',
      story(
        84,
        90,
        { atMs: 2000, inject: trapped(50_000) },
        { atMs: 32_000, input: 'mainsPresent', shows: false, forMs: 30_000 },
        { atMs: 32_000, silentMs: 30_000 },
      ),
    ],
  ),
  ...pair(
    'mains-cut-stops-the-car',
    'entrapment',
    [
      'Mains go on the run, and the controller is dark 1.5 s after the car has stopped: it stands since its last word',
      story(
        84,
        105,
        { atMs: 2000, inject: trapped(66_000) },
        { atMs: 20_000, input: 'mainsPresent', shows: false, forMs: 40_000 },
        { atMs: 20_000, silentMs: 40_000 },
      ),
    ],
    [
      'Mains are back in time to let the passenger out after 50 s',
      story(
        84,
        90,
        { atMs: 2000, inject: trapped(50_000) },
        { atMs: 20_000, input: 'mainsPresent', shows: false, forMs: 40_000 },
        { atMs: 20_000, silentMs: 40_000 },
      ),
    ],
  ),
  ...pair(
    'late-replies',
    'controller-silent',
    [
      'A slave answers after the time-out for 16 s: late replies are no answer',
      story(30, 45, { atMs: 2000, ride: [1, 3] }, { atMs: 13_000, answersAfterMs: 320, forMs: 16_000 }),
    ],
    [
      'For 6 s: no late reply is taken for the answer to a later request',
      story(30, 45, { atMs: 2000, ride: [1, 3] }, { atMs: 13_000, answersAfterMs: 320, forMs: 6000 }),
    ],
  ),
  ...pair(
    'late-replies-amid-entrapment',
    'entrapment',
    [
      'Replies come after the time-out for 8 s amid the 60 s',
      story(85, 100, { atMs: 2000, inject: trapped(66_000) }, { atMs: 45_000, answersAfterMs: 320, forMs: 8000 }),
    ],
    [
      'Let out after 50 s',
      story(85, 90, { atMs: 2000, inject: trapped(50_000) }, { atMs: 45_000, answersAfterMs: 320, forMs: 8000 }),
    ],
  ),
  ...pair(
    'overruns-amid-entrapment',
    'entrapment',
    [
      'A slow slave: every other turn of the scan is left out for 20 s amid the 60 s',
      story(86, 100, { atMs: 2000, inject: trapped(66_000) }, { atMs: 40_000, answersAfterMs: 230, forMs: 20_000 }),
    ],
    [
      'Let out after 50 s',
      story(86, 90, { atMs: 2000, inject: trapped(50_000) }, { atMs: 40_000, answersAfterMs: 230, forMs: 20_000 }),
    ],
  ),
  ...pair(
    'noise-on-the-line',
    'controller-silent',
    [
      'Every reply of 15 s has a bit turned over: none passes',
      story(87, 45, { atMs: 2000, ride: [1, 3] }, { atMs: 12_000, noise: 'within', forMs: 15_000 }),
    ],
    [
      'Bytes of nobody before every reply: each is found behind them',
      story(87, 45, { atMs: 2000, ride: [1, 3] }, { atMs: 12_000, noise: 'before', forMs: 15_000 }),
    ],
  ),
  ...pair(
    'two-lifts-one-dies',
    'controller-silent',
    [
      'Two controllers on one line: one dies, the other is read on',
      story(
        29,
        50,
        { atMs: 2000, lift: 'west', ride: [0, 3] },
        { atMs: 12_000, lift: 'west', silentMs: 60_000 },
        { atMs: 14_000, lift: 'east', ride: [0, 4] },
      ),
    ],
    [
      'It is back after 8 s of 10 s',
      story(
        29,
        45,
        { atMs: 2000, lift: 'west', ride: [0, 3] },
        { atMs: 12_000, lift: 'west', silentMs: 8000 },
        { atMs: 14_000, lift: 'east', ride: [0, 4] },
      ),
    ],
  ),
  ...pair(
    'two-lifts-one-entrapment',
    'entrapment',
    [
      'Two controllers on one line: somebody is trapped in one lift while the other serves',
      story(
        88,
        100,
        { atMs: 2000, lift: 'west', inject: trapped(66_000) },
        { atMs: 30_000, lift: 'east', ride: [0, 4] },
        { atMs: 60_000, lift: 'east', ride: [4, 1] },
      ),
    ],
    [
      'Let out after 50 s',
      story(
        88,
        90,
        { atMs: 2000, lift: 'west', inject: trapped(50_000) },
        { atMs: 30_000, lift: 'east', ride: [0, 4] },
        { atMs: 60_000, lift: 'east', ride: [4, 1] },
      ),
    ],
  ),
  ...pair(
    'technician-at-work',
    'stopped-outside-door-zone',
    [
      'A technician works on the lift and leaves it in normal mode',
      { ...VISIT, steps: [{ atMs: 0, says: { mode: 'normal' }, forMs: 160_000 }] },
    ],
    ['The same work in inspection mode: nothing is raised', VISIT],
  ),
  {
    name: 'checkpoint-amid-entrapment',
    fault: 'entrapment',
    shows: 'Begins with a checkpoint amid the 60 s, as the capture of a flight recorder may',
    story: { ...story(1, 92, { atMs: 2000, inject: trapped(66_000) }), checkpointMs: 50_000 },
    twin: 'entrapment-off-level-quiet',
  },
];
