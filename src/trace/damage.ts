/** What is told of a file that cannot be read as a capture: where, what, and what to do. */

import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';

/** `offset`: of the block at fault. `wholePackets`: what can still be read before it. */
export function captureError(file: string, offset: number, what: string, wholePackets: number): GatewayError {
  const hint =
    wholePackets > 0
      ? t(
          `the ${wholePackets} packets before it are whole: \`head -c ${offset} FILE > part.pcapng\` keeps them for a replay`,
          `其前 ${wholePackets} 个数据包完整：可用 \`head -c ${offset} 文件 > part.pcapng\` 截取后回放`,
        )
      : t('take the file from the box again, or another capture', '请从设备重新取文件，或换一个捕获文件');
  return invalid(`${file}, ${t('byte', '字节')} ${offset}`, what, hint);
}

const OTHERS: readonly { magic: readonly number[]; what: string; hint: string }[] = [
  {
    magic: [0x1f, 0x8b],
    what: t('this is a gzip file', '这是 gzip 压缩文件'),
    hint: t('unpack it first: gunzip FILE', '请先解压：gunzip 文件'),
  },
  {
    magic: [0x50, 0x4b, 3, 4],
    what: t('this is a zip archive or a sigrok session (.sr)', '这是 zip 压缩包或 sigrok 会话 (.sr)'),
    hint: t(
      'unpack a capture first; a session becomes one by `hoistway import FILE --out CAPTURE.pcapng`',
      '压缩包请先解压；会话可用 `hoistway import 文件 --out 捕获.pcapng` 转换',
    ),
  },
  {
    magic: [0, 0, 0, 0],
    what: t('the file holds only zeros: power was cut before it was written', '文件全为零：写入前断电'),
    hint: t('take another capture', '请换一个捕获文件'),
  },
  ...[
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0x4d, 0x3c, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
  ].map((magic) => ({
    magic,
    what: t('this is a pcap file, not a pcapng file', '这是 pcap 文件，不是 pcapng 文件'),
    hint: t(
      'make a capture of it: `hoistway import FILE --out CAPTURE.pcapng`',
      '请先转换：`hoistway import 文件 --out 捕获.pcapng`',
    ),
  })),
];

/** A file that does not begin as pcapng does. `start`: its first bytes, as many as are at hand. */
export function foreignFile(file: string, start: Uint8Array): GatewayError {
  const other = OTHERS.find(({ magic }) => magic.every((byte, at) => start[at] === byte));
  const what = other?.what ?? t('this is not a pcapng file', '这不是 pcapng 文件');
  const hint =
    other?.hint ??
    t(
      'give a capture made by `hoistway record` or the box, or make one of what another tool recorded: `hoistway import`',
      '请给出 `hoistway record` 或设备写出的捕获文件；其他工具的录制请先用 `hoistway import` 转换',
    );
  return invalid(`${file}, ${t('byte', '字节')} 0`, what, hint);
}

function invalid(where: string, what: string, hint: string): GatewayError {
  return new GatewayError({
    code: 'capture-invalid',
    op: t('reading a capture', '读取捕获文件'),
    where,
    hint,
    cause: what,
  });
}
