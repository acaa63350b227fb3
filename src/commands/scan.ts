import { constants } from 'node:fs';
import { access, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TcpAsker } from '../../drivers/modbus/asker.ts';
import { openLine } from '../../drivers/modbus/open.ts';
import { scoutPort } from '../../drivers/serial/scout-port.ts';
import { systemClock } from '../clock.ts';
import { shippedProfiles } from '../config/profiles.ts';
import { BAUDS } from '../config/schema.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Progress, ScoutOptions } from '../scout/asking.ts';
import type { Slave } from '../scout/examine.ts';
import { probesOf } from '../scout/recognise.ts';
import { numbersOf, sweepOrder } from '../scout/settings.ts';
import { type FoundBus, siteStart } from '../scout/site-start.ts';
import { type Scouted, sweepLine } from '../scout/sweep.ts';
import { sweepUnits } from '../scout/sweep-tcp.ts';
import { progressText, reportLines } from '../scout/words.ts';
import { type Call, type Command, jsonOption, numberOf, showProgress } from './command.ts';

const BUDGET_S = 120;
const LAST_UNIT = 247;
const MOST_PROBES = 4;
/** A gateway that waits for its own slave needs about this. */
const TCP_TIMEOUT_MS = 1000;
const OTHERS_TALK = 3;

/** Finds out what is on a line, by listening and by reading. */
export const command: Command = {
  name: 'scan',
  usage: 'PORT [--budget SECONDS] [--units LIST] [--bauds LIST] [--out FILE] [--json]',
  summary: t(
    'finds settings, slaves and profiles on a serial port or at HOST:PORT; reads only, and stops where another master talks',
    '查找串口或 主机:端口 上的通信设置、从站和点表；只读，发现其他主站即停止',
  ),
  options: {
    budget: { type: 'string', help: t(`seconds, ${BUDGET_S} if left out`, `时限（秒），默认 ${BUDGET_S}`) },
    units: {
      type: 'string',
      help: t('slave addresses, 1-247 if left out: 1-16,20', '从站地址，默认 1-247，如 1-16,20'),
    },
    bauds: {
      type: 'string',
      help: t('bauds to try, with every framing: 9600,19200', '要试的波特率（各种校验和停止位），如 9600,19200'),
    },
    out: {
      type: 'string',
      help: t('saves the start of a site file; never over another', '保存站点文件雏形，不覆盖已有文件'),
    },
    json: jsonOption,
  },
  positionals: [1, 1],
  exits: {
    1: t('nobody answers, or the port cannot be used', '无应答，或端口不可用'),
    [OTHERS_TALK]: t('somebody else talks on this line: it may only be listened to', '线路上有其他设备通信，只可监听'),
  },
  async run(call) {
    const where = String(call.positionals[0]);
    const out = call.values.out === undefined ? null : String(call.values.out);
    if (out !== null) await mustBeFree(out);
    const tcp = tcpOf(where);
    const scouted = tcp ? await scanTcp(call, where, tcp) : await scanSerial(call, where);
    showProgress('');
    if (call.values.json) call.print(JSON.stringify({ port: where, ...scouted }));
    else for (const line of reportLines(scouted, where)) call.print(line);
    if (out !== null) await save(call, out, scouted, tcp ? { type: 'tcp', ...tcp } : await serialBus(where, scouted));
    if (scouted.end === 'master' || scouted.end === 'talker') return OTHERS_TALK;
    return scouted.slaves.length > 0 ? 0 : 1;
  },
};

/** HOST:PORT, where it is no path. */
export function tcpOf(where: string): { host: string; port: number } | null {
  const [, host, port] = /^([^/\s]+):(\d{1,5})$/.exec(where) ?? [];
  return host !== undefined && Number(port) > 0 && Number(port) < 65_536 ? { host, port: Number(port) } : null;
}

async function scanSerial(call: Call, path: string): Promise<Scouted> {
  const bauds = call.values.bauds === undefined ? null : listOf(call, 'bauds', BAUDS[0], BAUDS[BAUDS.length - 1] ?? 0);
  const unknown = bauds?.find((baud) => !(BAUDS as readonly number[]).includes(baud));
  if (unknown !== undefined) throw misused('bauds', String(unknown), BAUDS.join(', '));
  const settings = sweepOrder(bauds);
  const open = scoutPort(path, systemClock);
  return usable(path, () => sweepLine({ ...optionsOf(call), settings, open }));
}

async function scanTcp(call: Call, where: string, { host, port }: { host: string; port: number }): Promise<Scouted> {
  if (call.values.bauds !== undefined) throw misused('bauds', where, t('only for a serial port', '仅用于串口'));
  const bus = { id: 'scan', type: 'tcp', host, port, responseTimeoutMs: TCP_TIMEOUT_MS, lateReplyWindowMs: 0 } as const;
  const line = openLine(bus, { clock: systemClock, gapMsOf: () => 0, byteCountBitsOf: () => 8 });
  try {
    return await usable(where, () => sweepUnits(optionsOf(call), new TcpAsker(line, systemClock), line));
  } finally {
    await line.close();
  }
}

function optionsOf(call: Call): ScoutOptions {
  const profiles = shippedProfiles();
  return {
    clock: systemClock,
    units: call.values.units === undefined ? listFrom('1-247') : listOf(call, 'units', 1, LAST_UNIT),
    probes: probesOf(profiles, MOST_PROBES),
    profiles,
    budgetMs: 1000 * (call.values.budget === undefined ? BUDGET_S : numberOf(call, 'budget', { least: 1 })),
    signal: call.signal,
    onProgress: (progress: Progress) => showProgress(progressText(progress)),
  };
}

function listFrom(said: string): number[] {
  return numbersOf(said, 1, LAST_UNIT) ?? [];
}

function listOf({ values }: Call, option: string, low: number, high: number): number[] {
  const said = String(values[option]);
  const numbers = numbersOf(said, low, high);
  if (numbers) return numbers;
  throw misused(option, said, t(`numbers of ${low} to ${high}: 1-16,20`, `${low} 至 ${high} 的数字，如 1-16,20`));
}

function misused(option: string, where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t(`reading --${option}`, `读取 --${option}`), where, hint });
}

/** What becomes of a port while it is used is told as a failure of that port. */
async function usable(where: string, scan: () => Promise<Scouted>): Promise<Scouted> {
  try {
    return await scan();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const hint = t('look at the adapter, the cable and the address; then again', '请检查适配器、线缆和地址后重试');
    throw new GatewayError({ code: 'port-failed', op: t('scanning', '扫描'), where, hint, cause });
  }
}

async function mustBeFree(out: string): Promise<void> {
  const taken = await access(out, constants.F_OK).then(
    () => true,
    () => false,
  );
  if (taken) throw misused('out', out, t('it is there already: give another name', '文件已存在，请换一个名称'));
}

async function save(call: Call, out: string, scouted: Scouted, bus: FoundBus | null): Promise<void> {
  const slaves = slavesOf(scouted);
  if (!bus || slaves.length === 0) {
    call.remark(t(`${out} was not written: no slave was found`, `未写入 ${out}：没有发现从站`));
    return;
  }
  try {
    await writeFile(out, siteStart(bus, slaves), { flag: 'wx' });
  } catch (cause) {
    const hint = t('give --out a new file in a directory that can be written', '请为 --out 指定可写目录中的新文件');
    throw new GatewayError({ code: 'usage', op: t('writing the site file', '写入站点文件'), where: out, hint, cause });
  }
  call.remark(
    t(
      `next: fill in ${out}, then: hoistway check --site ${out}`,
      `下一步：填写 ${out}，再运行 hoistway check --site ${out}`,
    ),
  );
}

/** What is there by what was found, or by what another master asks. */
function slavesOf({ slaves, asks }: Scouted): Slave[] {
  const units = new Set(asks.flatMap(({ unit, request }) => (request ? [unit] : [])));
  for (const { unit } of slaves) units.delete(unit);
  return [...slaves, ...[...units].map((unit) => ({ unit, late: false, identity: [], profiles: [] }))];
}

async function serialBus(path: string, { settings, end }: Scouted): Promise<FoundBus | null> {
  return settings && { type: 'rtu', path: await stablePath(path), settings, listen: end === 'master' };
}

const BY_ID = '/dev/serial/by-id';

/** The name of the same port that stays when the adapter is plugged in elsewhere, where there is one. */
async function stablePath(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    for (const name of await readdir(BY_ID)) {
      if ((await realpath(join(BY_ID, name))) === real) return join(BY_ID, name);
    }
  } catch {
    // No udev, or the port has gone meanwhile: the name that was given stays.
  }
  return path;
}
