import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openInputs } from '../../drivers/gpio/open.ts';
import { serviceManager } from '../../drivers/systemd/notify.ts';
import { openOneWire } from '../../drivers/thermometer/one-wire.ts';
import { loadSite } from '../config/load.ts';
import { problemLines } from '../config/problems.ts';
import type { Site } from '../config/schema.ts';
import { GatewayError } from '../errors.ts';
import { startGateway } from '../gateway.ts';
import { t } from '../language.ts';
import { startMetronome } from '../metronome.ts';
import { type Call, type Command, siteOption } from './command.ts';

/** The service: reads, judges, keeps and sends, until it is told to stop. */
export const command: Command = {
  name: 'run',
  usage: '--site FILE',
  summary: t(
    'watches the lifts of a site file until stopped; what systemd runs',
    '按站点文件持续监测电梯（systemd 服务）',
  ),
  options: { site: siteOption },
  required: ['site'],
  positionals: [0, 0],
  exits: { 1: t('the site file, the outbox or the page port cannot be used', '站点文件、存储或网页端口不可用') },
  async run(call) {
    const loaded = await loadSite(String(call.values.site));
    for (const line of problemLines(loaded.warnings)) call.remark(line);
    const stateDir = await stateDirOf(loaded.site);
    const clock = startMetronome();
    const inputs = openInputs({ clock, remark: call.remark });
    const oneWire = loaded.site.box.thermometer?.oneWire;
    const thermometer =
      oneWire === undefined ? undefined : openOneWire({ clock, device: oneWire, remark: call.remark });
    const gateway = await startGateway({
      loaded,
      stateDir,
      clock,
      inputs,
      service: serviceManager(),
      thermometer,
      remark: call.remark,
    });
    call.remark(
      `${loaded.site.box.id}: ${t('watching', '正在监测')} ${loaded.site.lifts.map(({ id }) => id).join(', ')}` +
        (gateway.pageUrl ? `; ${gateway.pageUrl}` : ''),
    );
    await untilStopped(call);
    await gateway.stop();
    await thermometer?.close();
    return 0;
  },
};

export function untilStopped({ signal }: Call): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** The site file's, or systemd's, or ./state. Made if it is not there. */
async function stateDirOf(site: Site): Promise<string> {
  const dir = site.box.stateDir ?? process.env.STATE_DIRECTORY ?? join(process.cwd(), 'state');
  try {
    await mkdir(dir, { recursive: true, mode: 0o750 });
  } catch (cause) {
    throw new GatewayError({
      code: 'outbox-failed',
      op: t('making the state directory', '创建数据目录'),
      where: dir,
      hint: t(
        'set box.stateDir in the site file to a directory that can be written',
        '请在站点文件 box.stateDir 设置可写目录',
      ),
      cause,
    });
  }
  return dir;
}
