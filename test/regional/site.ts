/** A site with two lifts and a regional platform. */

import * as v from 'valibot';
import { type Site, type SiteRegionalPlatform, siteSchema } from '../../src/config/schema.ts';

const landings = [
  { marking: 'B1', heightMm: -3000 },
  { marking: '1', heightMm: 0 },
  { marking: '2', heightMm: 3000 },
];
const lift = {
  ...{ id: 'a', registrationNumber: '3110-1234', rescueLabelNumber: '12345' },
  ...{ address: '1 Example Road, entrance 2', ratedSpeedMmPerS: 1750, landings },
};
const other = { ...lift, id: 'b', registrationNumber: '3110-1235', rescueLabelNumber: '12346' };

type PlatformInput = Partial<v.InferInput<typeof siteSchema>['regionalPlatform'] & object>;

export function site(platform: PlatformInput = {}): Site & { regionalPlatform: SiteRegionalPlatform } {
  const regionalPlatform = {
    ...{ region: 'chongqing' as const, url: 'http://platform.test', username: 'box', passwordFile: '/nowhere' },
    ...platform,
  };
  const made = v.parse(siteSchema, { version: 1, box: { id: 'box-1' }, lifts: [lift, other], regionalPlatform });
  if (!made.regionalPlatform) throw new Error('it was given');
  return { ...made, regionalPlatform: made.regionalPlatform };
}

export const { lifts } = site();
