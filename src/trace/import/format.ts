/** Which tool a file comes from, by what is in it, and the reader for it. */

import { GatewayError } from '../../errors.ts';
import { t } from '../../language.ts';
import { foreignFile } from '../damage.ts';
import { INTERCEPTTY_LINE, readInterceptty } from './interceptty.ts';
import { JPNEVULATOR_HEADER, readJpnevulator } from './jpnevulator.ts';
import { linesOf } from './lines.ts';
import { modbusTcpPieces } from './modbus-tcp.ts';
import { isPcap, type PacketFile, readPcap, readPcapng } from './packets.ts';
import { type Format, importError, type Recording } from './recording.ts';
import { readSaleae, saleaeColumns } from './saleae.ts';
import { isSerial, serialPieces } from './serial-packets.ts';
import { readSigrok } from './sigrok.ts';
import { readSocat, SOCAT_HEADER } from './socat.ts';
import { carriesIp, segmentOf } from './tcp.ts';
import { readText } from './text.ts';
import { type UartSettings, uartBytes } from './uart.ts';

const LOOKED_AT_BYTES = 64 * 1024;

/** What a file alone does not tell. */
export interface ImportSettings {
  /** sigrok: how the wire was driven */
  readonly uart: UartSettings;
  /** sigrok: the wire, or the two wires of the two sides */
  readonly channels: readonly number[];
  readonly tcpPort: number;
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid` for what is no recording at all. */
export function formatOf(bytes: Uint8Array, file: string): Format {
  if (isPcap(bytes)) return 'pcap';
  if (bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a) return 'pcapng';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3) return 'sigrok';
  const start = bytes.subarray(0, LOOKED_AT_BYTES);
  const utf16 = start[0] === 0xff && start[1] === 0xfe;
  if (!utf16 && start.includes(0)) {
    throw importError(
      file,
      null,
      t('this is none of the formats that are read', '不是可读取的格式'),
      start[0] === 0x1f ? foreignFile(file, start).hint : t('see hoistway import --help', '见 hoistway import --help'),
    );
  }
  const lines = linesOf(start).map(({ text }) => text);
  const any = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  if (any(SOCAT_HEADER)) return 'socat';
  if (any(JPNEVULATOR_HEADER)) return 'jpnevulator';
  if (any(INTERCEPTTY_LINE)) return 'interceptty';
  return saleaeColumns(lines[0] ?? '') ? 'saleae' : 'text';
}

/** `file`: what errors call it. Throws GatewayError `capture-invalid` or `usage`. */
export function readRecording(bytes: Uint8Array, format: Format, settings: ImportSettings, file: string): Recording {
  switch (format) {
    case 'pcap':
      return fromPackets(readPcap(bytes, file), settings, file);
    case 'pcapng':
      return fromPackets(readPcapng(bytes, file), settings, file);
    case 'sigrok':
      return fromWires(bytes, settings, file);
    case 'socat':
      return readSocat(bytes, file);
    case 'interceptty':
      return readInterceptty(bytes, file);
    case 'jpnevulator':
      return readJpnevulator(bytes, file);
    case 'saleae':
      return readSaleae(bytes, file);
    case 'text':
      return readText(bytes, file);
  }
}

function fromPackets({ packets, notes }: PacketFile, { tcpPort }: ImportSettings, file: string): Recording {
  if (packets.some(isSerial)) {
    const serial = serialPieces(packets);
    return { pieces: serial.pieces, clock: 'wall', notes: [...notes, ...serial.notes] };
  }
  const segments = packets.flatMap((packet) => segmentOf(packet) ?? []);
  const tcp = modbusTcpPieces(segments, tcpPort);
  if (tcp.pieces.length > 0) return { pieces: tcp.pieces, clock: 'wall', notes: [...notes, ...tcp.notes] };
  const types = [...new Set(packets.map(({ linktype }) => linktype))].join(', ');
  const ip = packets.some(carriesIp);
  throw importError(
    file,
    null,
    ip
      ? t(
          `no Modbus TCP on port ${tcpPort} is in its ${packets.length} packets`,
          `其 ${packets.length} 个数据包中没有端口 ${tcpPort} 的 Modbus TCP`,
        )
      : t(
          `its ${packets.length} packets have link type ${types || '?'}`,
          `其 ${packets.length} 个数据包的链路类型为 ${types || '?'}`,
        ),
    ip
      ? t('name the port of the server with --tcp-port', '请用 --tcp-port 指定服务器端口')
      : t(
          'RTAC serial (250), bare RTU frames (147 to 162) and Modbus TCP over Ethernet or IP are read',
          '可读取 RTAC 串行 (250)、RTU 帧 (147 至 162) 以及以太网或 IP 上的 Modbus TCP',
        ),
  );
}

function fromWires(bytes: Uint8Array, { uart, channels }: ImportSettings, file: string): Recording {
  const session = readSigrok(bytes, file);
  if (channels.length === 0) {
    const names = session.channelNames.map((name, number) => `${number} ${name}`.trim()).join(', ');
    throw new GatewayError({
      code: 'usage',
      op: t('reading the wires of a recording', '读取录制文件的通道'),
      where: file,
      hint: t(
        `say which wire it is with --channel N, or --channel N,M for two, and how it was driven with --baud; there are: ${names}`,
        `请用 --channel N（两线为 N,M）指定通道，并用 --baud 指定波特率；通道有：${names}`,
      ),
    });
  }
  const wires = channels.map((channel) => uartBytes(session.channel(channel), uart));
  const errors = wires.flat().filter(({ error }) => error !== null).length;
  const pieces = wires
    .flatMap((wire, side) =>
      wire.map(({ value, endMs }) => ({
        ...{ line: '', atMs: endMs, bytes: Uint8Array.of(value) },
        side: wires.length === 2 ? ((side === 0 ? 0 : 1) as 0 | 1) : null,
      })),
    )
    .sort((a, b) => a.atMs - b.atMs);
  if (pieces.length === 0) {
    throw importError(
      file,
      null,
      t('no bytes were found on that wire', '该通道上没有字节'),
      t('try another --channel, another --baud, or --inverted', '请换 --channel、--baud，或加 --inverted'),
    );
  }
  const note = t(
    `${errors} of ${pieces.length} bytes have a parity or framing error: look at --baud, --parity and --inverted`,
    `${pieces.length} 个字节中有 ${errors} 个校验或帧错误：请检查 --baud、--parity、--inverted`,
  );
  return { pieces, clock: 'relative', notes: errors > 0 ? [note] : [] };
}
