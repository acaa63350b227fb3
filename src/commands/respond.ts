/** `hoistway replay CAPTURE --respond --port PATH`: the slaves of a capture on a serial port, as a bench for any master. */

import { openSerial, type SerialSettings } from '../../drivers/serial/port.ts';
import { sleep, systemClock } from '../clock.ts';
import { BAUDS } from '../config/schema.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Capture } from '../trace/file.ts';
import { type Answer, type Divergence, Responder } from '../trace/responder.ts';
import { type Call, numberOf } from './command.ts';
import { untilStopped } from './run.ts';

/** Serves until it is stopped. 0: every request came as the capture has it. */
export async function respond(call: Call, { head, items }: Capture): Promise<number> {
  const bus = String(call.values.bus ?? head.buses[0] ?? '');
  const responder = new Responder(items, bus);
  if (responder.requests === 0) {
    throw new GatewayError({
      code: 'capture-invalid',
      op: t('serving the slaves of a capture', '模拟录波中的从站'),
      where: `${t('line', '总线')} ${bus}`,
      hint: t(`name another with --bus: ${head.buses.join(', ')}`, `请用 --bus 指定：${head.buses.join(', ')}`),
      cause: t('nobody asks anything on it', '其上没有请求'),
    });
  }
  let told = false;
  let sending = Promise.resolve();
  const settings = settingsOf(call);
  const failed = new Promise<string>((lost) => {
    const port = openSerial(
      settings,
      {
        opened: () =>
          call.remark(
            t(
              `serving ${responder.requests} requests of ${bus} on ${settings.path}`,
              `在 ${settings.path} 上应答 ${bus} 的 ${responder.requests} 个请求`,
            ),
          ),
        lost,
        chunk(chunk) {
          for (const answer of responder.chunk(chunk)) sending = sending.then(() => send(answer));
          if (!responder.divergence || told) return;
          told = true;
          call.print(lineOf(responder.divergence));
        },
      },
      { clock: systemClock, bus },
    );
    const send = async ({ reply, delayMs }: Answer) => {
      await sleep(systemClock, delayMs, call.signal);
      if (!call.signal.aborted) port.write(reply);
    };
    void untilStopped(call)
      .then(() => port.close())
      .then(() => lost(''));
  });
  const why = await failed;
  if (why !== '') {
    throw new GatewayError({
      code: 'capture-invalid',
      op: t('serving the slaves of a capture', '模拟录波中的从站'),
      where: settings.path,
      hint: t('look at --port: is it there, and free?', '请检查 --port 是否存在且未被占用'),
      cause: why,
    });
  }
  const { heard, answered, unknown } = responder.counts;
  call.remark(
    t(
      `${heard} requests heard, ${answered} answered, ${unknown} of which the capture knows nothing`,
      `收到 ${heard} 个请求，应答 ${answered} 个，录波中没有的 ${unknown} 个`,
    ),
  );
  return responder.divergence ? 1 : 0;
}

function settingsOf(call: Call): SerialSettings {
  const path = String(call.values.port ?? '');
  if (path === '') {
    throw new GatewayError({
      code: 'usage',
      op: t('reading --port', '读取 --port'),
      where: '--respond',
      hint: t('name the serial port to serve on: --port PATH', '请指定串口：--port 路径'),
    });
  }
  const said = call.values.baud === undefined ? 9600 : numberOf(call, 'baud', { whole: true });
  const baud = BAUDS.find((one) => one === said);
  if (baud === undefined) {
    throw new GatewayError({
      code: 'usage',
      op: t('reading --baud', '读取 --baud'),
      where: String(said),
      hint: BAUDS.join(', '),
    });
  }
  return { path, baud, parity: 'none', stopBits: 1 };
}

function lineOf({ place, heard, due, found }: Divergence): string {
  const there =
    found === null
      ? t('the capture does not hold it: not answered', '录波中没有，未应答')
      : t(`it is request ${found} there`, `录波中为第 ${found} 个请求`);
  return t(
    `first divergence, where request ${place} (${due}) was due: heard ${heard}; ${there}`,
    `首次偏离，应为第 ${place} 个请求 (${due})：收到 ${heard}；${there}`,
  );
}
