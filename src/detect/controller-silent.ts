import { held } from './held.ts';

/** The controller no longer answers. What its signals told is unknown meanwhile. Ends with the first reply. No gap: silence is its data. */
export const controllerSilent = held({
  fault: 'controller-silent',
  when: ({ link }) => link === 'silent' || link === 'waiting',
  limitMs: ({ limits }) => limits.controllerSilentLimitMs,
  gap: 'restart',
});
