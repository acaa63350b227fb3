/** The flight recorder: the near past is always at hand, and a fault freezes it, and what follows, into a file. */

import { type MonoMs, plus } from '../clock.ts';
import { reasonOf } from '../errors.ts';
import { t } from '../language.ts';
import type { Edge, LineChunk } from '../sense/observation.ts';
import type { CaptureHead, CaptureItem } from './capture.ts';
import { Coalescer, JOIN_LIMIT_BYTES } from './coalesce.ts';
import { CaptureEncoder } from './file.ts';
import { Ring, Segment } from './ring.ts';
import { Shelf, type ShelfFile } from './shelf.ts';

const RING_LIMIT_BYTES = 8 * 1024 * 1024;
/** A file holds the ring and what follows, so the ring takes half of a file at most. */
const RING_SHARE_OF_FILE = 1 / 2;

export interface RecorderOptions {
  /** made where it is missing */
  readonly dir: string;
  /** how much of the past a file holds */
  readonly keepMs: number;
  /** how long a file goes on after the freeze */
  readonly afterMs: number;
  /** most that the files may take; the oldest go first */
  readonly maxBytes: number;
  /** The buses must stay the same. */
  head(): CaptureHead;
  /** The state of judgement, as plain data; asked for within chunk, exchangeDone, edge, tick and close. */
  checkpoint(): unknown;
  /** one line for a person */
  onTrouble(why: string): void;
}

interface OpenFile {
  readonly name: string;
  readonly file: ShelfFile;
  endMs: MonoMs;
}

/** Tell it of each observation before judgement sees it: a checkpoint then fits between two of them. */
export class FlightRecorder {
  readonly #options: RecorderOptions;
  readonly #buses: readonly string[];
  readonly #shelf: Shelf;
  readonly #ring: Ring;
  readonly #coalescer = new Coalescer((item) => this.#add(item));
  /** By bus, what was sent and heard since the last request that is not answered yet. */
  readonly #openExchanges = new Map<string, LineChunk[]>();
  #open: OpenFile | null = null;
  #nowMs = 0 as MonoMs;
  #closed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#buses = options.head().buses;
    this.#shelf = new Shelf(options);
    const ringBytes = Math.min(RING_LIMIT_BYTES, this.#shelf.fileLimitBytes * RING_SHARE_OF_FILE);
    this.#ring = new Ring(options.keepMs, ringBytes);
  }

  /** Parts of the past that were given up early because they took too much memory. */
  get droppedSegments(): number {
    return this.#ring.dropped;
  }

  chunk(chunk: LineChunk): void {
    if (this.#closed) return;
    this.#timeIs(chunk.atMs);
    this.#coalescer.chunk(chunk);
  }

  exchangeDone(bus: string): void {
    if (this.#closed) return;
    this.#coalescer.exchangeDone(bus);
    this.#openExchanges.delete(bus);
  }

  edge(edge: Edge): void {
    if (this.#closed) return;
    this.#timeIs(edge.atMs);
    this.#coalescer.other({ kind: 'edge', edge });
  }

  /** Call it now and then, outside judgement, so that files end on time on a quiet box. */
  tick(atMs: MonoMs): void {
    if (this.#closed) return;
    this.#timeIs(atMs);
    if (!this.#ring.newest) this.#rotate();
  }

  /**
   * Writes the past to `<dir>/<name>.pcapng` and goes on for `afterMs`. While a file is open, that one is extended.
   * Returns the name of the file that holds this moment, without its ending. May be called amid judgement.
   * `name`: not used before, and fit for a file name.
   */
  freeze(name: string, atMs: MonoMs): string {
    if (atMs > this.#nowMs) this.#nowMs = atMs;
    const endMs = plus(atMs, this.#options.afterMs);
    if (this.#open && !this.#open.file.failed) {
      if (endMs > this.#open.endMs) this.#open.endMs = endMs;
      return this.#open.name;
    }
    if (this.#closed) return name;
    this.#open?.file.finish();
    const file = this.#shelf.create(name);
    file.append(this.#encoder().header());
    for (const bytes of this.#ring.contents()) file.append(bytes);
    file.sync();
    this.#open = { name, file, endMs };
    return name;
  }

  /** Ends the open file and resolves when all is on disk. */
  async close(): Promise<void> {
    if (!this.#closed) this.#end(this.#nowMs);
    this.#closed = true;
    await this.#shelf.settled();
  }

  #timeIs(atMs: MonoMs): void {
    if (atMs > this.#nowMs) this.#nowMs = atMs;
    if (!this.#open) return;
    const { file, name, endMs } = this.#open;
    if (this.#nowMs >= endMs) this.#end(endMs);
    else if (file.bytes >= this.#shelf.fileLimitBytes) {
      this.#end(this.#nowMs);
      this.#options.onTrouble(
        t(
          `the capture ${name} ends early: it has a quarter of the room that captures may take`,
          `捕获文件 ${name} 提前结束：已占捕获空间的四分之一`,
        ),
      );
    }
  }

  #end(endMs: MonoMs): void {
    const open = this.#open;
    if (!open) return;
    this.#coalescer.flush();
    open.file.append(this.#encoder().item({ kind: 'end', atMs: endMs }));
    open.file.finish();
    this.#open = null;
  }

  #add(item: CaptureItem): void {
    if (this.#ring.wantsSegment(this.#nowMs)) this.#rotate();
    const bytes = this.#ring.newest?.add(item);
    if (bytes) this.#open?.file.append(bytes);
    if (item.kind === 'chunk') this.#noteOpenExchange(item.chunk);
  }

  #rotate(): void {
    const inFlight = [...this.#openExchanges.values()]
      .flat()
      .sort((a, b) => a.atMs - b.atMs)
      .map((chunk): CaptureItem => ({ kind: 'chunk', chunk }));
    const segment = this.#segment(inFlight);
    // A file that was begun before anything was known gets its checkpoint now.
    if (!this.#ring.newest) this.#open?.file.append(segment.prefix);
    this.#ring.begin(segment);
  }

  #segment(inFlight: readonly CaptureItem[]): Segment {
    try {
      const checkpoint = { kind: 'checkpoint', atMs: this.#nowMs, state: this.#options.checkpoint() } as const;
      return new Segment(this.#nowMs, this.#encoder(), [checkpoint, ...inFlight]);
    } catch (error) {
      const what = t('a capture begins without the state of judgement', '捕获缺少判断状态');
      this.#options.onTrouble(`${what}: ${reasonOf(error)}`);
      return new Segment(this.#nowMs, this.#encoder(), inFlight);
    }
  }

  #noteOpenExchange(chunk: LineChunk): void {
    if (chunk.dir === 'tx') {
      this.#openExchanges.set(chunk.bus, [chunk]);
      return;
    }
    // Where we only listen, the request is heard, not sent.
    const open = this.#openExchanges.get(chunk.bus) ?? [];
    this.#openExchanges.set(chunk.bus, open);
    open.push(chunk);
    const heard = () => open.slice(2).reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (heard() >= JOIN_LIMIT_BYTES) open.splice(1, 1);
  }

  /** With the wall clock as it stands now. */
  #encoder(): CaptureEncoder {
    return new CaptureEncoder({ ...this.#options.head(), buses: this.#buses });
  }
}
