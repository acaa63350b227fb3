/** Runs a command under strace, and reads what it did to files: each call when it began and when it was done, in their order. */

import { spawn } from 'node:child_process';
import { childEnv } from './places.ts';

/** A system call; buffers and paths are decoded, other arguments stand as strace writes them. */
export interface Call {
  readonly name: string;
  readonly args: readonly (Buffer | string)[];
  /** of a step that begins it: not known yet */
  readonly result: number | null;
}

export interface Step {
  readonly at: 'begin' | 'end';
  readonly call: Call;
}

/** All calls that change files or make such changes last, also those that nothing here is known to use. */
const CALLS = [
  ...[
    'open',
    'openat',
    'creat',
    'close',
    'dup',
    'dup2',
    'dup3',
    'lseek',
    'write',
    'writev',
    'pwrite64',
    'pwritev',
    'pwritev2',
  ],
  ...[
    'truncate',
    'ftruncate',
    'fallocate',
    'copy_file_range',
    'sendfile',
    'splice',
    'fsync',
    'fdatasync',
    'sync_file_range',
  ],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat'],
  ...['mkdir', 'mkdirat', 'rmdir', 'mmap'],
];
const LONGEST_BUFFER = 1 << 24;
const LIMIT_MS = 300_000;

/** Writes the trace of `command` to `file`; `faults` are strace's inject expressions. Rejects where the command fails. */
export function traced(command: readonly string[], file: string, faults: readonly string[] = []): Promise<void> {
  const words = ['-f', '-qq', '-xx', '-s', String(LONGEST_BUFFER), '-o', file, '--seccomp-bpf', '-e', 'signal=none'];
  const injected = faults.flatMap((fault) => ['-e', `inject=${fault}`]);
  const run = spawn('strace', [...words, '-e', `trace=?${CALLS.join(',?')}`, ...injected, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: childEnv(),
    timeout: LIMIT_MS,
  });
  let wrong = '';
  run.stderr.on('data', (bytes: Buffer) => {
    wrong += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    run.on('error', reject);
    run.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`strace ${command.join(' ')}: ${code} ${wrong}`)),
    );
  });
}

const LINE = /^(\d+) +(.*)$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/;
const UNFINISHED = / <unfinished \.\.\.>$/;
const WHOLE = /^(\w+)\((.*)\) += (-?\d+|\?)/;

export function* stepsOf(trace: string): Generator<Step> {
  const unfinished = new Map<string, string>();
  for (const line of trace.split('\n')) {
    const [, thread = '', text = ''] = LINE.exec(line) ?? [];
    if (!text || /^(\+\+\+|---)/.test(text)) continue;
    if (UNFINISHED.test(text)) {
      const begun = text.replace(UNFINISHED, '');
      unfinished.set(thread, begun);
      yield { at: 'begin', call: callOf(`${begun}) = ?`) };
      continue;
    }
    const [, , rest] = RESUMED.exec(text) ?? [];
    const whole = callOf(rest === undefined ? text : `${unfinished.get(thread)}${rest}`);
    if (rest === undefined) yield { at: 'begin', call: { ...whole, result: null } };
    yield { at: 'end', call: whole };
  }
}

function callOf(text: string): Call {
  const [, name = '', args = '', result = ''] = WHOLE.exec(text) ?? [];
  if (!name) throw new Error(`not a line of strace: ${text.slice(0, 200)}`);
  return { name, args: args.split(', ').map(argOf), result: result === '?' ? null : Number(result) };
}

function argOf(text: string): Buffer | string {
  if (!text.startsWith('"')) return text;
  if (!text.endsWith('"')) throw new Error('a buffer longer than strace was told to write');
  return Buffer.from(text.slice(1, -1).replaceAll('\\x', ''), 'hex');
}
