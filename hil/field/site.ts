/** The site of the field run, and the lift behind its serial line. */

import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Injection } from '../lift/faults.ts';
import type { Certificates } from '../wire/certificates.ts';

export interface FieldSite {
  readonly baud: number;
  readonly parity: 'none' | 'even';
  readonly port: string;
  readonly brokerUrl: string;
  readonly certs: Certificates | undefined;
  readonly dir: string;
}

/** Short limits, so that ten minutes hold many faults; trips of a few seconds. */
export function fieldSite({ baud, parity, port, brokerUrl, certs, dir }: FieldSite): string {
  return stringify({
    version: 1,
    box: { id: 'field-box', stateDir: join(dir, 'state') },
    buses: [{ id: 'line-1', type: 'rtu', path: port, baud, parity, responseTimeoutMs: 200, lateReplyWindowMs: 400 }],
    lifts: [
      {
        id: 'lift-a',
        registrationNumber: '31105000002026000077',
        rescueLabelNumber: '10077',
        address: 'Field run, line 1',
        ratedSpeedMmPerS: 2500,
        landings: ['B1', '1', '2', '3', '5', '6'].map((marking, at) => ({ marking, heightMm: at * 3500 })),
        controller: { profile: 'generic', bus: 'line-1', unit: 1, scanIntervalMs: 100 },
        limits: {
          entrapmentAtLandingLimitMs: 12_000,
          entrapmentOffLevelLimitMs: 8000,
          stoppedOutsideDoorZoneLimitMs: 8000,
          doorHeldOpenLimitMs: 20_000,
          controllerSilentLimitMs: 5000,
        },
      },
    ],
    uplink: {
      url: brokerUrl,
      retryMaxMs: 2000,
      ...(certs ? { caFile: certs.ca, certFile: certs.client.cert, keyFile: certs.client.key } : {}),
    },
    page: null,
  });
}

/** Five kinds of fault, in turn for as long as the run lasts. */
export const FIELD_FAULTS: readonly Injection[] = [
  { kind: 'entrapment-off-level', heldMs: 14_000, alarmAfterMs: null },
  { kind: 'safety-chain-open', running: true, heldMs: 6000 },
  { kind: 'door-held-open', heldMs: 26_000 },
  { kind: 'door-open-while-running', stops: true, heldMs: 6000 },
  { kind: 'moving-with-door-open', heldMs: 6000 },
];
