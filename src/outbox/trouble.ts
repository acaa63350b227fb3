/** Why the store fails, in plain words. */

import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';

/** An error as it crosses from the worker: `code` is SQLite's, the system's, or one of ours. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

export class StoreError extends Error {
  readonly code: string;

  constructor({ code, message }: Failure) {
    super(message);
    this.name = 'StoreError';
    this.code = code;
  }
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}

/** The file is damaged, as against a disk that is full, read-only or slow. */
export function isDamage({ code }: Failure): boolean {
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

/** The disk is full, read-only or broken: it may be better later, and nothing in the settings is wrong. */
export function isOfDisk({ code }: Failure): boolean {
  return /^(SQLITE_(FULL|READONLY|IOERR)|ENOSPC|EROFS|EIO)/.test(code);
}

/** Codes whose message is in plain words already. */
const OURS = ['', 'SLOW', 'CLOSED', 'DROPPED', 'NO_THREAD', 'THREAD_ENDED'];

interface Words {
  readonly why: string;
  readonly hint: string;
}

function wordsOf({ code, message }: Failure): Words {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return {
      why: t('the disk is full', '磁盘已满'),
      hint: t('free space on the disk that holds the outbox', '请在存放待发队列的磁盘上释放空间'),
    };
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return {
      why: t('another process has the outbox open', '另一进程已打开此待发队列'),
      hint: t(
        'stop the other hoistway, or give this one another stateDir',
        '请停止另一个 hoistway，或改用别的 stateDir',
      ),
    };
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS') {
    return {
      why: t('the file system is read-only', '文件系统为只读'),
      hint: t(
        'look for disk errors (dmesg), then remount it writable',
        '请检查磁盘错误（dmesg），再以可写方式重新挂载',
      ),
    };
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return {
      why: `${t('the disk reports an error', '磁盘报错')} (${code})`,
      hint: t('look for disk errors (dmesg); the card may be worn out', '请检查磁盘错误（dmesg）；存储卡可能已损坏'),
    };
  }
  if (['SQLITE_CANTOPEN', 'ENOTDIR', 'EACCES', 'ENOENT', 'EEXIST', 'EPERM', 'EISDIR'].includes(code)) {
    return {
      why: `${t('the file cannot be opened', '文件无法打开')} (${message})`,
      hint: t('check that stateDir is a folder this user may write to', '请确认 stateDir 是当前用户可写的文件夹'),
    };
  }
  if (code === 'NEWER') {
    return {
      why: t('the file was written by a newer Hoistway', '文件由更新版本的 Hoistway 写入'),
      hint: t('install that version again, or move the file away', '请重新安装该版本，或将文件移走'),
    };
  }
  return {
    why: OURS.includes(code) ? message : `${message} (${code})`,
    hint: t('restart the gateway; if it comes back, send its log', '请重启网关；若再次出现，请提供日志'),
  };
}

export function whyOf(failure: Failure): string {
  return wordsOf(failure).why;
}

export function outboxError(op: string, where: string, failure: Failure): GatewayError {
  const { why, hint } = wordsOf(failure);
  return new GatewayError({
    code: 'outbox-failed',
    op,
    where,
    hint,
    cause: new StoreError({ ...failure, message: why }),
  });
}
