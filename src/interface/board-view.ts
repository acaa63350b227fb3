/** The board as the page gets it: with the box's time, and with the state of the demo's switches where there are any. */

import type { WallMs } from '../clock.ts';
import type { Board, DemoControls } from './board.ts';

export interface BoardView extends Board {
  /** the box's own wall time: ages are reckoned against it, whatever the clock of the browser says */
  readonly nowWallMs: WallMs;
  /** null on a box that is no demo */
  readonly demo: DemoControls['state'] | null;
}
