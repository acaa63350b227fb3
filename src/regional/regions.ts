/** The regions. A new one is a file in regions/, a row here, and a test of its samples: README.md. */

import type { Region } from './region.ts';
import { chongqing } from './regions/chongqing.ts';
import { platform } from './regions/platform.ts';
import { shanghai } from './regions/shanghai.ts';

export const REGIONS = { chongqing, platform, shanghai } as const satisfies { readonly [name: string]: Region };
export type RegionName = keyof typeof REGIONS;
export const REGION_NAMES = Object.keys(REGIONS) as RegionName[];
