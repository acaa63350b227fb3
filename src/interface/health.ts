/** Whether the box does its work, for a monitor that asks by HTTP. */

import { t } from '../language.ts';
import type { Board } from './board.ts';

/** What is wrong, one line each; empty when the box is well. A lost network is no illness: the outbox is made for it. */
export function illsOf(board: Board): string[] {
  const ills: string[] = [];
  if (board.outbox.trouble !== null) ills.push(`${t('outbox', '发件箱')}: ${board.outbox.trouble}`);
  if (board.buses.length > 0 && board.buses.every(({ up }) => !up)) {
    for (const { id, why } of board.buses) ills.push(`${t('line', '线路')} ${id}: ${why}`);
  }
  return ills;
}
