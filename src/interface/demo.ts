/** The four buttons of the demo. A box that is no demo has none of these paths. */

import * as v from 'valibot';
import type { Board, DemoControls } from './board.ts';
import type { Refusal } from './refusal.ts';

const ofLift = v.strictObject({ lift: v.string() });
const cut = v.strictObject({ cut: v.boolean() });
const pulled = v.strictObject({ pulled: v.boolean() });

export const DEMO_PATHS: ReadonlySet<string> = new Set([
  '/demo/trap',
  '/demo/hold-door',
  '/demo/network',
  '/demo/line',
]);

/** Presses the button at `path` with what was sent. Null when done, or why not. */
export function press(path: string, sent: unknown, controls: DemoControls, board: Board): Refusal | null {
  if (path === '/demo/network' && v.is(cut, sent)) controls.cutNetwork(sent.cut);
  else if (path === '/demo/line' && v.is(pulled, sent)) controls.pullSerialLine(sent.pulled);
  else if (!v.is(ofLift, sent)) return { status: 400, text: WANTED };
  else if (!board.lifts.some(({ id }) => id === sent.lift)) return { status: 404, text: `No lift ${sent.lift}.` };
  else if (path === '/demo/trap') controls.trap(sent.lift);
  else if (path === '/demo/hold-door') controls.holdDoor(sent.lift);
  else return { status: 400, text: WANTED };
  return null;
}

const WANTED = 'Send {"lift": "..."} to trap and hold-door, {"cut": true} to network, {"pulled": true} to line.';
