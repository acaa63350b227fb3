/** The folder of frozen captures. Bounded; written by one chain of file operations that neither blocks nor throws. */

import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';

const DONE = '.pcapng';
/** While it is written. What a power cut leaves can be read, and becomes a capture at the next start. */
const PART = '.part';
/** What may wait for a disk that hangs; past it the file ends where it is. */
const WAITING_LIMIT_BYTES = 16 * 1024 * 1024;

export interface ShelfOptions {
  readonly dir: string;
  /** most that all captures together may take, the open one included; the oldest go first */
  readonly maxBytes: number;
  /** one line for a person */
  onTrouble(why: string): void;
}

export class Shelf {
  /** one file's share of the whole: room is made for it before it is opened */
  readonly fileLimitBytes: number;
  readonly #options: ShelfOptions;
  /** Written by this process, oldest first: the wall clock may be off, so their dates say little. */
  readonly #own: string[] = [];
  #chain: Promise<void>;

  constructor(options: ShelfOptions) {
    this.#options = options;
    this.fileLimitBytes = Math.floor(options.maxBytes / 4);
    this.#chain = this.#takeUp().catch((error) => this.trouble(options.dir, error));
  }

  /** Begins `<dir>/<name>.part`, which is `<dir>/<name>.pcapng` once finished. */
  create(name: string): ShelfFile {
    this.#own.push(name + DONE);
    this.run(() => this.#makeRoom());
    return new ShelfFile(this, join(this.#options.dir, name));
  }

  /** After all that was asked before. Errors are told. */
  run(step: () => Promise<void>): void {
    this.#chain = this.#chain.then(step).catch((error) => this.trouble(this.#options.dir, error));
  }

  trouble(where: string, cause: unknown): void {
    this.#options.onTrouble(`${t('a capture cannot be kept', '捕获文件无法保存')}: ${where}: ${reasonOf(cause)}`);
  }

  /** Resolves when all that was asked is done. */
  settled(): Promise<void> {
    return this.#chain;
  }

  async #takeUp(): Promise<void> {
    const { dir } = this.#options;
    await mkdir(dir, { recursive: true });
    for (const name of await readdir(dir)) {
      if (name.endsWith(PART)) await rename(join(dir, name), join(dir, name.slice(0, -PART.length) + DONE));
    }
  }

  async #makeRoom(): Promise<void> {
    const { dir, maxBytes } = this.#options;
    const names = (await readdir(dir)).filter((name) => name.endsWith(DONE));
    const files = await Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(join(dir, name));
        return { name, size, mtimeMs, rank: this.#own.indexOf(name) };
      }),
    );
    files.sort((a, b) => a.rank - b.rank || a.mtimeMs - b.mtimeMs);
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files) {
      if (bytes <= maxBytes - this.fileLimitBytes) break;
      await unlink(join(dir, name));
      bytes -= size;
      if (this.#own.includes(name)) this.#own.splice(this.#own.indexOf(name), 1);
    }
  }
}

export class ShelfFile {
  /** An error was told, and nothing more is written. */
  failed = false;
  /** handed in so far */
  bytes = 0;
  readonly #shelf: Shelf;
  readonly #path: string;
  #handle: FileHandle | null = null;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  /** `path`: without its ending */
  constructor(shelf: Shelf, path: string) {
    this.#shelf = shelf;
    this.#path = path;
    this.#run(async () => {
      this.#handle = await open(path + PART, 'w');
    });
  }

  /** The bytes must not change afterwards. */
  append(bytes: Uint8Array): void {
    if (this.failed) return;
    this.bytes += bytes.length;
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > WAITING_LIMIT_BYTES) {
      this.#fail(t('the disk does not keep up; the capture ends here', '磁盘跟不上，捕获到此为止'));
      return;
    }
    this.#waiting.push(bytes);
    if (this.#waiting.length === 1) this.#run(() => this.#write());
  }

  /** What was handed in so far is to survive a power cut. */
  sync(): void {
    this.#run(async () => this.#handle?.datasync());
  }

  /** Gives the file its final name. After an error too: what was written can be read. */
  finish(): void {
    this.sync();
    this.#shelf.run(async () => {
      if (!this.#handle) return;
      await this.#handle.close();
      await rename(this.#path + PART, this.#path + DONE);
    });
  }

  async #write(): Promise<void> {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const part of parts) await this.#handle?.writeFile(part);
  }

  #run(step: () => Promise<void>): void {
    this.#shelf.run(async () => {
      if (this.failed) return;
      await step().catch((error) => this.#fail(error));
    });
  }

  #fail(cause: unknown): void {
    this.failed = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#shelf.trouble(this.#path, cause);
  }
}
