import { held } from './held.ts';

/** No reply from the controller for longer than the limit, counted from its last. Ends with the first reply. Silence is its data: there is no gap. */
export const controllerSilent = held({
  fault: 'controller-silent',
  reads: ['link'],
  needs: [['controller:any']],
  when: ({ link }) => link === 'silent' || link === 'waiting',
  sinceMs: ({ silentSinceMs }) => silentSinceMs,
  limitMs: ({ limits }) => limits.controllerSilentLimitMs,
  gap: 'restart',
});
