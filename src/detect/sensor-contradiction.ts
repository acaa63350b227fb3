import { all, any, held, not } from './held.ts';

/**
 * Two sources of one fact disagree: the controller's door against the switch, or both ends of the door at once; the level
 * switches against the controller's door zone. While it stands, faults that rest on that sensor are withheld (the judge
 * hides the signal from them). Ends when they have agreed for 10 s. Gap: restarted; one side alone contradicts nobody.
 */
export const doorContradiction = held({
  fault: 'sensor-contradiction',
  subject: 'door',
  reads: ['controller', 'inputs', 'doorClosed', 'doorOpen', 'moving'],
  needs: [
    ['controller:doorClosed', 'input:doorClosed'],
    ['controller:doorOpen', 'input:doorOpen'],
    ['doorClosed', 'doorOpen'],
  ],
  when: ({ controller, inputs, doorClosed, doorOpen }) =>
    any(
      differ(controller.doorClosed, inputs.doorClosed),
      differ(controller.doorOpen, inputs.doorOpen),
      all(doorClosed.value, doorOpen.value) === true,
    ),
  detail: ({ controller, inputs }) => {
    if (differ(controller.doorClosed, inputs.doorClosed)) return { sensor: 'doorClosed', way: 'disagrees' };
    if (differ(controller.doorOpen, inputs.doorOpen)) return { sensor: 'doorOpen', way: 'disagrees' };
    return { sensor: 'doorOpen', way: 'both-ends' };
  },
  limitMs: ({ limits }) => limits.contradictionLimitMs,
  endsAfterMs: 10_000,
  // Each movement makes the two differ for a scan: that is none of a contradiction.
  bridgesMs: ({ limits }) => limits.contradictionLimitMs,
  gap: 'restart',
});

/** A car read this near to its landing has both switches on: they are on within 25 mm. */
const SURELY_LEVEL_MM = 15;

/**
 * Level means in the door zone: a level switch that is on where the controller is out of any zone is stuck on, or the zone
 * is wrong. Both off at rest where the position read is that of the landing: one is missing.
 */
export const levelContradiction = held({
  fault: 'sensor-contradiction',
  subject: 'level',
  reads: ['controller', 'inputs', 'doorClosed', 'doorOpen', 'moving'],
  needs: [
    ['input:levelUpper', 'input:levelLower', 'controller:doorZone'],
    ['input:levelUpper', 'input:levelLower', 'controller:positionMm', 'controller:landing'],
  ],
  when: ({ controller, inputs, moving }, { landingHeightsMm }) => {
    const { levelUpper, levelLower } = inputs;
    if (typeof levelUpper !== 'boolean' || typeof levelLower !== 'boolean') return null;
    const { doorZone, positionMm, landing } = controller;
    if (doorZone === false) return levelUpper || levelLower;
    if (typeof positionMm !== 'number' || typeof landing !== 'number') return false;
    const surelyLevel = Math.abs(positionMm - (landingHeightsMm[landing] ?? Number.NaN)) <= SURELY_LEVEL_MM;
    return all(not(moving.value), surelyLevel, !(levelUpper && levelLower));
  },
  detail: ({ controller, inputs }) => {
    const on = controller.doorZone === false;
    const sensor = (inputs.levelUpper === true) === on ? 'levelUpper' : 'levelLower';
    return { sensor, way: on ? 'stuck-on' : 'missing' };
  },
  limitMs: ({ limits }) => limits.contradictionLimitMs,
  endsAfterMs: 10_000,
  bridgesMs: ({ limits }) => limits.contradictionLimitMs,
  gap: 'restart',
});

function differ(a: boolean | null | undefined, b: boolean | null | undefined): boolean {
  return typeof a === 'boolean' && typeof b === 'boolean' && a !== b;
}
