/** The box's own judgement of itself: what was found, whether it is well, and what the person does next. Pure. */

import type { Board, SlaveBoard, UplinkBoard } from '../interface/board.ts';
import type { Pair } from './reasons.ts';
import type { BoxFacts } from './sources.ts';

export interface Check {
  readonly name: string;
  readonly pass: boolean;
  readonly found: string;
  /** where it is not well */
  readonly hint?: Pair;
}

/** How long the lines are looked at. */
export const LOOK_MS = 2000;
const SLOW_DISK_MS = 1000;
const LEAST_DISK_BYTES = 100 * 2 ** 20;
const LEAST_MEMORY_BYTES = 50 * 2 ** 20;

/** `before` and `after`: the board at two moments, `LOOK_MS` apart. */
export function selfTest(facts: BoxFacts, before: Board, after: Board): readonly Check[] {
  return [
    ...diskChecks(facts),
    clockCheck(facts),
    ...after.buses.flatMap((bus) => busChecks(bus, before)),
    ...facts.inputs.map(inputCheck),
    memoryCheck(facts),
    uplinkCheck('uplink', after.uplink),
    ...(after.maintainerUplink ? [uplinkCheck('maintainer uplink', after.maintainerUplink)] : []),
    { name: 'versions', pass: true, found: wordsOf(facts.versions) },
  ];
}

function check(name: string, pass: boolean, found: string, en: string, zh: string): Check {
  return { name, pass, found, ...(pass ? {} : { hint: { en, zh } }) };
}

function diskChecks({ disk, freeDiskBytes, outbox }: BoxFacts): Check[] {
  const wrote = 'wroteInMs' in disk ? disk.wroteInMs : null;
  const found = 'why' in disk ? disk.why : `${Math.round(disk.wroteInMs)} ms to write and sync`;
  const trouble = outbox ? outbox.trouble : 'it does not answer';
  return [
    check(
      'disk',
      wrote !== null && wrote <= SLOW_DISK_MS,
      found,
      'is the disk worn, full or read-only? replace it',
      '磁盘是否磨损、写满或只读？请更换',
    ),
    check(
      'outbox',
      trouble === null,
      trouble ?? 'it answers, and stores',
      'records wait in memory: see to the disk at once',
      '记录暂存内存：请立即处理磁盘',
    ),
    check(
      'disk room',
      freeDiskBytes === null || freeDiskBytes >= LEAST_DISK_BYTES,
      megabytes(freeDiskBytes),
      'something else fills the disk: make room',
      '磁盘被其他数据占用：请清理',
    ),
  ];
}

function clockCheck({ clockTrust, wallMs }: BoxFacts): Check {
  const found = `${clockTrust}, ${new Date(wallMs).toISOString()}`;
  return check(
    'clock',
    clockTrust === 'ntp',
    found,
    'no time server reaches the box: see to NTP',
    '未连到时间服务器：请检查 NTP',
  );
}

function busChecks(bus: Board['buses'][number], before: Board): Check[] {
  const was = before.buses.find(({ id }) => id === bus.id)?.slaves ?? [];
  return [
    check(`line ${bus.id}`, bus.up, bus.up ? 'open' : bus.why, 'is the adapter plugged in?', '适配器是否插好？'),
    ...bus.slaves.map((slave) => slaveCheck(bus.id, slave, was)),
  ];
}

function slaveCheck(bus: string, { unit, lift, ok, failed, lastError }: SlaveBoard, was: readonly SlaveBoard[]): Check {
  const fresh = ok - (was.find((one) => one.unit === unit)?.ok ?? 0);
  const found = lastError ?? `${fresh} reads in ${LOOK_MS / 1000} s, ${failed} failed since the start`;
  return check(
    `unit ${unit} on ${bus} (${lift})`,
    lastError === null && ok > 0,
    found,
    'is it powered, and are A and B wired?',
    '是否通电，A、B 线是否接好？',
  );
}

function inputCheck({ lift, input, known }: BoxFacts['inputs'][number]): Check {
  const found = known ? 'known' : 'not known';
  return check(
    `input ${input} (${lift})`,
    known,
    found,
    'the GPIO line or the module does not tell it',
    'GPIO 或模块未给出该信号',
  );
}

function memoryCheck({ freeMemoryBytes, processBytes }: BoxFacts): Check {
  const found = `${megabytes(freeMemoryBytes)} free, ${megabytes(processBytes)} used by the gateway`;
  return check(
    'memory',
    freeMemoryBytes >= LEAST_MEMORY_BYTES,
    found,
    'what else runs on the box?',
    '本机还运行了什么？',
  );
}

function uplinkCheck(name: string, { state, why, sent }: UplinkBoard): Check {
  return check(name, state === 'online', `${why.en}; ${sent} sent`, why.en, why.zh);
}

function megabytes(bytes: number | null): string {
  return bytes === null ? 'not known' : `${Math.round(bytes / 2 ** 20)} MiB`;
}

function wordsOf(versions: BoxFacts['versions']): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}
