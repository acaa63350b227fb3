/**
 * The region to copy from: the least that one is made of, with a token from a file and paths of no city. Not in the table of
 * regions.ts. A copy says here whose text its paths, fields and numbers rest on, and what of them is to check.
 */

import type { Post, Region, Told } from './region.ts';
import { chinaTime, faultOf, isJson, statusOf } from './words.ts';

export const template: Region = {
  title: { en: 'Template', zh: '模板' },
  throttleMs: 60_000,
  heartbeatMs: 300_000,
  // `login` where the platform gives a token for a name and a password: regions/shanghai.ts
  access: { kind: 'token' },
  authorization: (token) => `Bearer ${token}`,
  // The list of seeds/faults.yaml that the platform asks for, or a list of its own beside the others there.
  codeOf: (_fault, { gb }) => (typeof gb === 'number' ? String(gb) : null),
  report(told) {
    if (told.body.type === 'totals') {
      const { place, body, wallMs } = told;
      const { trips, doorCycles, availability } = body;
      return {
        path: '/statistics',
        body: { lift: place.registrationNumber, time: chinaTime(wallMs), trips, doorCycles, availability },
      };
    }
    return alarm(told);
  },
  live: ({ place, snapshot, nowMs }) => ({
    path: '/state',
    body: { lift: place.registrationNumber, time: chinaTime(nowMs), ...statusOf(snapshot, place) },
  }),
  verdict: (body) =>
    isJson(body) && body.ok === true
      ? { kind: 'taken' }
      : { kind: 'later', reason: 'no ok in the answer', afterMs: null },
};

function alarm({ id, place, body, wallMs, agreed }: Told): Post | null {
  const fault = faultOf(body);
  if (fault === null) return null;
  const code = agreed.faultCodes[fault.fault] ?? template.codeOf(fault.fault, fault.codes, fault.snapshot);
  if (code === null) return null;
  const { phase, title } = fault;
  return {
    path: '/alarms',
    body: { id, lift: place.registrationNumber, time: chinaTime(wallMs), phase, code, name: title.zh },
  };
}
