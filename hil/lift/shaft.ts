/**
 * The switches along the shaft. Each landing has a vane 100 mm long, its middle at the level. On the car two level
 * switches stand 50 mm apart, one 25 mm above its middle and one 25 mm below. With `d` the height of the car over the
 * level: the upper switch is on for -75 <= d < +25, the lower for -25 <= d < +75, both (level) for -25 <= d < +25. Going
 * up, the upper switch meets the vane first and leaves it first; going down, the lower one does.
 */

import type { LiftFacts } from '../../src/lift/state.ts';

export const DOOR_ZONE_MM = 200;
export const LEVEL_MM = 25;
export const END_LIMIT_MM = 80;

export type ShaftFlag = 'doorZone' | 'levelUpper' | 'levelLower' | 'baseLanding' | 'endLimit';

/** A height at which something changes: a flag, or the nearest landing. `above`: what holds at that height and over. */
export type Mark =
  | { readonly mm: number; readonly flag: ShaftFlag; readonly above: boolean }
  | { readonly mm: number; readonly flag: null; readonly above: number; readonly below: number };

export class Shaft {
  readonly heightsMm: readonly number[];
  /** rising */
  readonly marks: readonly Mark[];

  constructor({ landingHeightsMm: heights, baseLanding }: LiftFacts) {
    this.heightsMm = heights;
    const base = heights.slice(baseLanding, baseLanding + 1);
    const bottom = heights[0] ?? 0;
    const top = heights.at(-1) ?? 0;
    this.marks = [
      ...stretches('doorZone', heights, -DOOR_ZONE_MM, DOOR_ZONE_MM),
      ...stretches('levelUpper', heights, -75, LEVEL_MM),
      ...stretches('levelLower', heights, -LEVEL_MM, 75),
      ...stretches('baseLanding', base, -50, 50),
      { mm: bottom - END_LIMIT_MM, flag: 'endLimit' as const, above: false },
      { mm: top + END_LIMIT_MM, flag: 'endLimit' as const, above: true },
      ...heights.slice(1).map((height, i) => {
        return { mm: (height + (heights[i] ?? 0)) / 2, flag: null, above: i + 1, below: i };
      }),
    ].sort((a, b) => a.mm - b.mm);
  }

  get topLanding(): number {
    return this.heightsMm.length - 1;
  }

  heightMm(landing: number): number {
    return this.heightsMm[landing] ?? 0;
  }

  nearestLanding(positionMm: number): number {
    const above = this.marks.findLast((mark) => mark.flag === null && mark.mm <= positionMm);
    return above?.flag === null ? above.above : 0;
  }

  /** Height over the level of the nearest landing. */
  offLevelMm(positionMm: number): number {
    return positionMm - this.heightMm(this.nearestLanding(positionMm));
  }

  inDoorZone(positionMm: number, marginMm = 0): boolean {
    return this.heightsMm.some((height) => Math.abs(positionMm - height) <= DOOR_ZONE_MM + marginMm);
  }
}

/** A flag's changes where it is on around each height; stretches that touch are one. */
function stretches(flag: ShaftFlag, heights: readonly number[], fromMm: number, toMm: number): Mark[] {
  return heights.flatMap((height, i) => {
    const before = heights[i - 1];
    const after = heights[i + 1];
    const marks: Mark[] = [];
    if (before === undefined || before + toMm < height + fromMm) marks.push({ mm: height + fromMm, flag, above: true });
    if (after === undefined || height + toMm < after + fromMm) marks.push({ mm: height + toMm, flag, above: false });
    return marks;
  });
}
