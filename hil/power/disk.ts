/**
 * A disk under a page cache, told system calls. What was synced lasts. Of the rest any sector may have been written back at
 * any moment since, or not: whole writes, parts of them, in any order; and so may names of files, and their lengths.
 */

import { dirname } from 'node:path';
import type { Random } from '../lift/random.ts';
import type { Step } from './strace.ts';

const SECTOR_BYTES = 512;
const LONGEST_PATH = 4096;

/**
 * `ordered`, as ext4 promises by default: lengths and names change in order, and any sync makes earlier ones last.
 * `any`, as POSIX allows: each by itself, names only by a sync of their folder.
 */
export type Promises = 'ordered' | 'any';

type Change = { readonly at: number; readonly data: Buffer } | { readonly size: number };

/** Bytes that grow and shrink, with zeros where nothing was written. */
class Image {
  #bytes: Buffer;
  size: number;

  constructor(bytes: Buffer) {
    this.#bytes = Buffer.from(bytes);
    this.size = bytes.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.size);
  }

  resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(size, this.#bytes.length * 2));
      this.bytes.copy(grown);
      this.#bytes = grown;
    }
    if (size < this.size) this.#bytes.fill(0, size, this.size);
    this.size = size;
  }

  put(at: number, data: Buffer): void {
    if (at + data.length > this.size) this.resize(at + data.length);
    data.copy(this.#bytes, at);
  }

  change(change: Change): void {
    if ('size' in change) this.resize(change.size);
    else this.put(change.at, change.data);
  }
}

class Inode {
  readonly isFolder: boolean;
  readonly lasting: Image;
  pending: Change[] = [];
  /** sectors that a failed sync should have written: the cache takes them for clean, the disk may not have them */
  #doubtful = new Map<number, Buffer>();

  constructor(isFolder: boolean, bytes: Buffer = Buffer.alloc(0)) {
    this.isFolder = isFolder;
    this.lasting = new Image(bytes);
  }

  sync(): void {
    for (const change of this.pending) {
      this.lasting.change(change);
      if ('data' in change) for (const sector of sectorsOf(change)) this.#doubtful.delete(sector);
    }
    this.pending = [];
  }

  syncFailed(): void {
    const cache = new Image(this.lasting.bytes);
    for (const [sector, data] of this.#doubtful) cache.put(sector * SECTOR_BYTES, data);
    const touched = new Set<number>();
    for (const change of this.pending) {
      cache.change(change);
      if ('data' in change) for (const sector of sectorsOf(change)) touched.add(sector);
      else this.lasting.change(change);
    }
    for (const sector of touched) this.#doubtful.set(sector, Buffer.from(sectorAt(cache, sector)));
    this.pending = [];
  }

  /** What a cut leaves of it. */
  survivor(random: Random, promises: Promises): Buffer {
    const disk = new Image(this.lasting.bytes);
    const cache = new Image(this.lasting.bytes);
    for (const [sector, data] of this.#doubtful) {
      cache.put(sector * SECTOR_BYTES, data);
      if (random.chance(0.5)) disk.put(sector * SECTOR_BYTES, data);
    }
    const fate = fateOf(random);
    const until = promises === 'ordered' ? random.whole(0, this.pending.length) : this.pending.length;
    for (const change of this.pending.slice(0, until)) {
      cache.change(change);
      if ('size' in change) {
        if (promises === 'ordered' || random.chance(0.5)) disk.change(change);
        continue;
      }
      const isWrittenBack = fate();
      for (const sector of sectorsOf(change)) {
        if (isWrittenBack()) disk.put(sector * SECTOR_BYTES, sectorAt(cache, sector));
      }
    }
    if (promises === 'any' && disk.size < cache.size && random.chance(0.3)) disk.resize(cache.size);
    return disk.bytes;
  }
}

function sectorAt(image: Image, sector: number): Buffer {
  return image.bytes.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
}

function* sectorsOf({ at, data }: { at: number; data: Buffer }): Generator<number> {
  for (let sector = Math.floor(at / SECTOR_BYTES); sector * SECTOR_BYTES < at + data.length; sector++) yield sector;
}

/** By write: which of its sectors were written back. None of any, all of all, whole writes at random, or sectors at random. */
function fateOf(random: Random): () => () => boolean {
  const kind = random.pick(['none', 'all', 'writes', 'sectors', 'mixed'] as const);
  const all = () => true;
  const none = () => false;
  const some = () => random.chance(0.5);
  if (kind === 'none' || kind === 'all') return () => (kind === 'all' ? all : none);
  if (kind === 'sectors') return () => some;
  return () => (kind === 'mixed' && random.chance(0.3) ? some : random.chance(0.5) ? all : none);
}

interface NameChange {
  /** null: unlinked */
  readonly inode: Inode | null;
  readonly path: string;
  /** of a rename: gone with this change */
  readonly from: string | null;
  lasts: { [P in Promises]: boolean };
}

export class Disk {
  readonly #root: string;
  readonly #first: ReadonlyMap<string, Inode>;
  readonly #names: Map<string, Inode>;
  readonly #changes: NameChange[] = [];
  readonly #open = new Map<string, { inode: Inode; path: string }>();
  /** whether syncs of a file count: a disk that lies about some is what the oracle must see */
  readonly #keepsSync: (path: string) => boolean;

  /** `files`: by path, what is there at first. Only paths under `root` are followed. */
  constructor(root: string, files: ReadonlyMap<string, Buffer>, keepsSync: (path: string) => boolean = () => true) {
    this.#root = root;
    this.#keepsSync = keepsSync;
    const names = [...files].map(([path, bytes]) => [path, new Inode(false, bytes)] as const);
    const folders = new Set([root, ...[...files.keys()].map(dirname)]);
    this.#names = new Map([...names, ...[...folders].map((path) => [path, new Inode(true)] as const)]);
    this.#first = new Map(this.#names);
  }

  /** Takes in one step; true where it is about a followed file. Throws where it does to one what this disk does not know. */
  take(step: Step): boolean {
    const { args } = step.call;
    const wasOpen = this.#open.get(String(args[0]));
    this.#take(step, wasOpen);
    return wasOpen !== undefined || args.some((arg) => this.#isFollowed(arg));
  }

  #take({ at, call }: Step, file: { inode: Inode; path: string } | undefined): void {
    const { name, args, result } = call;
    if (name === 'pwrite64') {
      if (!file) return;
      const [, data, , offset] = args;
      if (at === 'begin') file.inode.pending.push({ at: Number(offset), data: data as Buffer });
      else if (result !== (data as Buffer).length) this.#undoWrite(file.inode, result ?? -1);
      return;
    }
    if (at === 'begin' || result === null) return;
    if (name === 'fsync' || name === 'fdatasync') {
      if (file && this.#keepsSync(file.path)) this.#sync(file, result === 0);
      return;
    }
    if (result < 0) return;
    switch (name) {
      case 'open':
      case 'openat':
        this.#opened(String(args[name === 'open' ? 0 : 1]), String(args[name === 'open' ? 1 : 2]), result);
        break;
      case 'close':
        this.#open.delete(String(args[0]));
        break;
      case 'ftruncate':
        file?.inode.pending.push({ size: Number(args[1]) });
        break;
      case 'mkdir':
        this.#rename(String(args[0]), null, new Inode(true));
        break;
      case 'unlink':
        this.#rename(String(args[0]), null, null);
        break;
      case 'rename':
        this.#rename(String(args[1]), String(args[0]), this.#names.get(String(args[0])) ?? null);
        break;
      case 'lseek':
        break;
      default:
        if (file || args.some((arg) => this.#isFollowed(arg))) {
          throw new Error(`${name} on ${file?.path ?? args.map(String).join(' ')}: this disk does not know it`);
        }
    }
  }

  /** The files as a cut at this moment may leave them. */
  cut(random: Random, promises: Promises): Map<string, Buffer> {
    const names = new Map(this.#first);
    const pending = this.#changes.filter(({ lasts }) => !lasts[promises]);
    const until = promises === 'ordered' ? random.whole(0, pending.length) : null;
    const kept = new Set(pending.filter((_, at) => (until === null ? random.chance(0.5) : at < until)));
    for (const change of this.#changes) {
      if (!change.lasts[promises] && !kept.has(change)) continue;
      if (change.from !== null && !names.delete(change.from)) continue;
      if (change.inode) names.set(change.path, change.inode);
      else names.delete(change.path);
    }
    const files = [...names].filter(([path, { isFolder }]) => !isFolder && names.has(dirname(path)));
    return new Map(files.map(([path, inode]) => [path, inode.survivor(random, promises)]));
  }

  #isFollowed(arg: Buffer | string): boolean {
    return arg instanceof Buffer && arg.length < LONGEST_PATH && this.#follows(arg.toString());
  }

  #follows(path: string): boolean {
    return path === this.#root || path.startsWith(`${this.#root}/`);
  }

  #opened(path: string, flags: string, descriptor: number): void {
    this.#open.delete(String(descriptor));
    if (!this.#follows(path)) return;
    let inode = this.#names.get(path);
    if (!inode) {
      inode = new Inode(flags.includes('O_DIRECTORY'));
      this.#rename(path, null, inode);
    }
    if (flags.includes('O_TRUNC')) inode.pending.push({ size: 0 });
    this.#open.set(String(descriptor), { inode, path });
  }

  #rename(path: string, from: string | null, inode: Inode | null): void {
    if (!this.#follows(path)) return;
    if (from !== null) this.#names.delete(from);
    if (inode) this.#names.set(path, inode);
    else this.#names.delete(path);
    this.#changes.push({ path, from, inode, lasts: { ordered: false, any: false } });
  }

  #sync({ inode, path }: { inode: Inode; path: string }, ok: boolean): void {
    if (!ok) {
      inode.syncFailed();
      return;
    }
    const changesLength =
      inode.isFolder || inode.pending.some((change) => 'size' in change || this.#grows(inode, change));
    inode.sync();
    for (const change of this.#changes) {
      if (inode.isFolder && dirname(change.path) === path) change.lasts.any = true;
      // A sync that has nothing to tell the journal does not write it.
      if (changesLength) change.lasts.ordered = true;
    }
  }

  #grows(inode: Inode, change: Change): boolean {
    return 'data' in change && change.at + change.data.length > inode.lasting.size;
  }

  /** The write that began last was not done, or not to its end. */
  #undoWrite(inode: Inode, done: number): void {
    const change = inode.pending.pop();
    if (change && 'data' in change && done > 0)
      inode.pending.push({ at: change.at, data: change.data.subarray(0, done) });
  }
}
