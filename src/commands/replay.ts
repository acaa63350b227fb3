import { readFile } from 'node:fs/promises';
import { sleep, systemClock } from '../clock.ts';
import { loadSite } from '../config/load.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { Replay, timeOf } from '../replay.ts';
import { parseCapture } from '../trace/file.ts';
import { type Call, type Command, jsonOption, siteOption } from './command.ts';
import { eventLine } from './event-line.ts';
import { respond } from './respond.ts';

/** A capture through the same decoder and detectors, in virtual time. */
export const command: Command = {
  name: 'replay',
  usage: 'CAPTURE --site FILE [--json] [--speed N] | CAPTURE --respond --port PATH [--bus ID] [--baud N]',
  summary: t('runs a capture through the detectors and prints the events', '回放录波并输出事件'),
  options: {
    site: siteOption,
    json: jsonOption,
    speed: { type: 'string', help: t('1 is real time; as fast as it goes where left out', '1 为实时；省略则全速') },
    respond: {
      type: 'boolean',
      help: t('serve the slaves of the capture on a serial port instead', '改为在串口上模拟录波中的从站'),
    },
    port: { type: 'string', help: t('of --respond', '--respond 所用串口') },
    bus: {
      type: 'string',
      help: t('of --respond: the line of the capture, the first where left out', '--respond 所用总线，默认第一条'),
    },
    baud: { type: 'string', help: t('of --respond, 9600 where left out', '--respond 的波特率，默认 9600') },
  },
  positionals: [1, 1],
  exits: {
    1: t(
      'the capture or the site file cannot be used, or the capture ends amid a block',
      '录波或站点文件不可用，或录波不完整',
    ),
  },
  async run(call) {
    const [path = ''] = call.positionals;
    if (call.values.respond) return respond(call, parseCapture(await bytesOf(path), path));
    const speed = speedOf(call);
    if (call.values.site === undefined) throw siteMissing();
    const loaded = await loadSite(String(call.values.site));
    const capture = parseCapture(await bytesOf(path), path);
    const print = call.values.json ? JSON.stringify : eventLine;
    const startMs = capture.items[0] ? timeOf(capture.items[0]) : (0 as ReturnType<typeof timeOf>);
    const replay = new Replay(loaded, mutesOf(loadCatalogue()), startMs, (event) => call.print(print(event)));
    const liveMs = systemClock.monoMs();
    for (const item of capture.items) {
      if (call.signal.aborted) break;
      const waitMs = (timeOf(item) - startMs) / speed - (systemClock.monoMs() - liveMs);
      if (waitMs > 0) await sleep(systemClock, waitMs, call.signal);
      replay.feed(item);
    }
    if (capture.truncated === null) return 0;
    call.remark(capture.truncated);
    return 1;
  },
};

function siteMissing(): GatewayError {
  return new GatewayError({
    code: 'usage',
    op: t('reading --site', '读取 --site'),
    where: t('nothing', '空'),
    hint: t('name the site file, or serve the capture with --respond', '请指定站点文件，或用 --respond 模拟从站'),
  });
}

function speedOf({ values }: Call): number {
  if (values.speed === undefined) return Number.POSITIVE_INFINITY;
  const speed = Number(values.speed);
  if (speed > 0) return speed;
  throw new GatewayError({
    code: 'usage',
    op: t('reading --speed', '读取 --speed'),
    where: String(values.speed),
    hint: t('a number above 0: 1 is real time, 10 ten times as fast', '应为大于 0 的数：1 为实时，10 为十倍速'),
  });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new GatewayError({
      code: 'capture-invalid',
      op: t('opening a capture', '打开录波'),
      where: path,
      hint: t('give the path of a .pcapng file that hoistway made', '请给出 hoistway 生成的 .pcapng 文件路径'),
      cause,
    });
  }
}
