import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { formatOf, type ImportSettings, readRecording } from '../trace/import/format.ts';
import { type Imported, imported } from '../trace/import/imported.ts';
import { MODBUS_PORT } from '../trace/import/modbus-tcp.ts';
import { FORMATS, type Format } from '../trace/import/recording.ts';
import type { UartSettings } from '../trace/import/uart.ts';
import { type Call, type Command, jsonOption, numberOf } from './command.ts';

/** A day of a busy line; more is cut first. */
const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
const PARITIES = ['none', 'even', 'odd'] as const;
const DEFAULT_BAUD = 9600;

export const command: Command = {
  name: 'import',
  usage: 'FILE --out CAPTURE.pcapng [--bus ID] [--format NAME] [--line NAME]',
  summary: t(
    'makes a capture of what another tool recorded: pcap, socat, Saleae, sigrok, text and others',
    '把其他工具的录制文件（pcap、socat、Saleae、sigrok、文本等）转为捕获文件',
  ),
  options: {
    out: { type: 'string', help: t('the capture to write', '输出的捕获文件') },
    bus: {
      type: 'string',
      help: t('id of the bus in the site file, line-1 where left out', '站点文件中的总线，默认 line-1'),
    },
    format: {
      type: 'string',
      help: `${FORMATS.join(', ')}${t('; told by the content where left out', '；省略则自动识别')}`,
    },
    line: { type: 'string', help: t('one of several interfaces or servers in the file', '文件中有多条线路时选其一') },
    baud: {
      type: 'string',
      help: t('of a wire (sigrok), or of a text without times', '通道（sigrok）或无时间文本的波特率'),
    },
    parity: { type: 'string', help: t('of a wire: none, even or odd', '通道的校验：none、even 或 odd') },
    inverted: { type: 'boolean', help: t('of a wire: RS-232 levels', '通道为 RS-232 电平') },
    channel: { type: 'string', help: t('the wire, or the two of the two sides: 2 or 0,1', '通道号，双线为 0,1') },
    'tcp-port': { type: 'string', help: t('of the servers, 502 where left out', '服务器端口，默认 502') },
    json: jsonOption,
  },
  required: ['out'],
  positionals: [1, 1],
  exits: { 1: t('the file cannot be read, or the capture not written', '文件无法读取，或捕获文件无法写入') },
  async run(call) {
    const [path = ''] = call.positionals;
    const out = String(call.values.out);
    const settings = settingsOf(call);
    const named = formatNamed(call);
    if (resolve(out) === resolve(path)) {
      throw usage('out', out, t('another file than the one that is read', '不能与输入文件相同'));
    }
    const bytes = await bytesOf(path);
    const format = named ?? formatOf(bytes, path);
    const recording = readRecording(bytes, format, settings, path);
    const { bus = 'line-1', line } = call.values;
    const result = imported(recording, {
      bus: String(bus),
      only: line === undefined ? null : String(line),
      baud: settings.uart.baud,
      format,
      file: path,
    });
    await write(out, result.capture);
    if (call.values.json) call.print(JSON.stringify(reportOf(result, format, path, out)));
    else tell(call, result, format, path, out);
    return 0;
  },
};

function settingsOf(call: Call): ImportSettings {
  const { values } = call;
  const baud = values.baud === undefined ? DEFAULT_BAUD : numberOf(call, 'baud', { whole: true, least: 50 });
  const parity = PARITIES.find((one) => one === (values.parity ?? 'none'));
  if (!parity) throw usage('parity', String(values.parity), PARITIES.join(', '));
  const uart: UartSettings = { baud, parity, inverted: values.inverted === true };
  const channels =
    values.channel === undefined
      ? []
      : String(values.channel)
          .split(',')
          .map((one) => one.trim());
  if (channels.length > 2 || !channels.every((one) => /^\d+$/.test(one))) {
    throw usage(
      'channel',
      String(values.channel),
      t('a number, or two with a comma between: 0,1', '一个通道号，或以逗号分隔的两个：0,1'),
    );
  }
  const tcpPort =
    values['tcp-port'] === undefined ? MODBUS_PORT : numberOf(call, 'tcp-port', { whole: true, least: 1 });
  return { uart, channels: channels.map(Number), tcpPort };
}

function formatNamed({ values }: Call): Format | null {
  if (values.format === undefined) return null;
  const format = FORMATS.find((one) => one === values.format);
  if (!format) throw usage('format', String(values.format), FORMATS.join(', '));
  return format;
}

function usage(option: string, where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t(`reading --${option}`, `读取 --${option}`), where, hint });
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const op = t('opening a recording', '打开录制文件');
  try {
    const { size } = await stat(path);
    if (size <= FILE_LIMIT_BYTES) return await readFile(path);
  } catch (cause) {
    const hint = t('give the path of a recording', '请给出录制文件的路径');
    throw new GatewayError({ code: 'capture-invalid', op, where: path, hint, cause });
  }
  throw new GatewayError({
    code: 'capture-invalid',
    op,
    where: path,
    hint: t(
      'cut it into parts of 64 MiB or less (editcap -c, split)',
      '请切成不超过 64 MiB 的部分（editcap -c、split）',
    ),
    cause: t('it is too large', '文件过大'),
  });
}

async function write(out: string, capture: Uint8Array): Promise<void> {
  try {
    await writeFile(out, capture);
  } catch (cause) {
    throw new GatewayError({
      code: 'capture-invalid',
      op: t('writing a capture', '写入捕获文件'),
      where: out,
      hint: t('give --out a path that can be written', '请为 --out 指定可写路径'),
      cause,
    });
  }
}

function reportOf({ lines, spanMs, notes }: Imported, format: Format, file: string, out: string): unknown {
  const told = lines.map(({ bus, name, chunks, counts }) => ({ bus, name, chunks: chunks.length, ...counts }));
  return { file, format, out, spanMs, lines: told, notes };
}

function tell(call: Call, { lines, spanMs, notes }: Imported, format: Format, file: string, out: string): void {
  const seconds = (spanMs / 1000).toFixed(1);
  call.print(t(`${file}: ${format}, ${seconds} s`, `${file}：${format}，${seconds} 秒`));
  for (const { bus, name, chunks, counts } of lines) {
    const { bytes, frames, requests, pairs, noise } = counts;
    call.print(
      t(
        `  bus ${bus}${name && ` (${name})`}: ${chunks.length} chunks, ${bytes} bytes; ${frames} frames, ${requests} requests of which ${pairs} answered, ${noise} bytes of no frame`,
        `  总线 ${bus}${name && `（${name}）`}：${chunks.length} 块，${bytes} 字节；${frames} 帧，${requests} 个请求，${pairs} 个有应答，${noise} 字节不成帧`,
      ),
    );
  }
  for (const note of notes) call.remark(`  ${note}`);
  if (lines.every(({ counts }) => counts.frames === 0)) {
    call.remark(t('  no frame of Modbus RTU is in it', '  其中没有 Modbus RTU 帧'));
  }
  call.print(
    t(
      `${out} written; next: hoistway replay ${out} --site FILE`,
      `已写入 ${out}；下一步：hoistway replay ${out} --site 站点文件`,
    ),
  );
}
