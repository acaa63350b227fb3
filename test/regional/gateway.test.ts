/** The whole gateway: from the alarm button to the platform, with no broker at all. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../src/clock.ts';
import { parseSite } from '../../src/config/load.ts';
import { startGateway } from '../../src/gateway.ts';
import type { InputLines } from '../../src/ports.ts';
import { SITE } from '../config/site.ts';
import { until } from '../uplink/live.ts';
import { endAll, startPlatform } from './real-platform.ts';
import { PASSWORD } from './rig.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-regional-gateway-'));
test.after(() => rmSync(dir, { recursive: true }));
test.after.each(endAll);

const INPUTS = `    inputs: { alarmButton: { chip: c, offset: 4, settleMs: 0 } }
    limits: { alarmPressLimitMs: 0 }
`;

function siteOf(url: string) {
  writeFileSync(join(dir, 'password'), PASSWORD);
  const platform = `regionalPlatform: { region: chongqing, url: '${url}', username: box, passwordFile: password }\n`;
  const result = parseSite(`${SITE}${INPUTS}${platform}page: null\n`, join(dir, 'site.yaml'));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.loaded;
}

test('an alarm button that is pressed reaches the platform, and the state of the lift with it', async () => {
  const platform = await startPlatform();
  const quiet = () => undefined;
  let press: (on: boolean) => void = quiet;
  const inputs: InputLines = {
    watch(_line, tell) {
      press = (on) => tell({ on, atMs: systemClock.monoMs() });
      press(false);
      return () => undefined;
    },
    close: () => Promise.resolve(),
  };
  const gateway = await startGateway({
    ...{ loaded: siteOf(platform.url), stateDir: dir, clock: systemClock, inputs },
    service: { watchdogMs: null, ready: quiet, status: quiet, alive: quiet, stopping: quiet },
    remark: quiet,
  });
  try {
    assert.is(gateway.board().uplink.state, 'off', 'there is no broker');
    await until(() => platform.of('/running-info/').length > 0, 'the state of the lift');
    assert.is(platform.of('/running-info/')[0]?.path, '/api/govern/push/running-info/3010000001', 'by its number');
    press(true);
    const faults = () => platform.taken.flatMap(({ body }) => (body.faults ?? []) as { sourceFaultTypeCode: string }[]);
    await until(() => faults().some((fault) => fault.sourceFaultTypeCode === '90'), 'the alarm button');
    await until(() => (gateway.board().regionalPlatform?.sent ?? 0) > 0, 'the page counts it');
    assert.is(gateway.board().regionalPlatform?.state, 'online', 'and says that the platform takes what is sent');
  } finally {
    await gateway.stop();
  }
});

test.run();
