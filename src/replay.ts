/** A capture run through the same reader, senses and detectors that made the live verdicts, in virtual time. */

import type { MonoMs } from './clock.ts';
import type { LoadedSite } from './config/load.ts';
import { listenerOf, quirksOf, wiringsOf } from './config/wiring.ts';
import type { Mutes } from './detect/judge.ts';
import { GatewayError } from './errors.ts';
import { t } from './language.ts';
import type { LiftEvent } from './lift/events.ts';
import { Room } from './room.ts';
import type { Exchange, LineChunk } from './sense/observation.ts';
import { RtuReader, type RtuSettings } from './sense/rtu.ts';
import type { ListeningReader } from './sense/tap.ts';
import type { CaptureItem } from './trace/capture.ts';

/** the exchanges that a chunk completes */
type Reader = (chunk: LineChunk) => readonly Exchange[];

const NONE: readonly Exchange[] = [];

function readBy(settings: RtuSettings): Reader {
  const reader = new RtuReader(settings);
  return (chunk) => {
    const reply = reader.chunk(chunk);
    return reply?.kind === 'values' ? [reply.exchange] : NONE;
  };
}

function heardBy(reader: ListeningReader): Reader {
  return (chunk) => reader.chunk(chunk).flatMap((heard) => (heard.kind === 'values' ? [heard.exchange] : []));
}

export class Replay {
  readonly room: Room;
  readonly #readers = new Map<string, Reader>();
  readonly #loaded: LoadedSite;

  constructor(loaded: LoadedSite, mutes: Mutes, startMs: MonoMs, onEvent: (event: LiftEvent) => void) {
    this.#loaded = loaded;
    this.room = new Room(wiringsOf(loaded), mutes, startMs, onEvent);
  }

  feed(item: CaptureItem): void {
    switch (item.kind) {
      case 'chunk': {
        for (const exchange of this.#readerOf(item.chunk.bus)(item.chunk)) this.room.observe(exchange);
        return;
      }
      case 'edge':
        this.room.observe(item.edge);
        return;
      case 'checkpoint':
        this.#restore(item.state);
        return;
      case 'end':
        this.room.advanceTo(item.atMs);
        return;
    }
  }

  #readerOf(bus: string): Reader {
    const known = this.#readers.get(bus);
    if (known) return known;
    const settings = this.#loaded.site.buses.find(({ id }) => id === bus);
    if (!settings) {
      throw new GatewayError({
        code: 'capture-invalid',
        op: t('replaying a capture', '回放录波'),
        where: `${t('line', '总线')} ${bus}`,
        hint: t(
          `the capture has a line that ${this.#loaded.path} has not; replay it with the site file it was made with`,
          `录波中有站点文件 ${this.#loaded.path} 没有的总线；请使用录制时的站点文件`,
        ),
      });
    }
    const { byteCountBitsOf } = quirksOf(this.#loaded, bus);
    const { responseTimeoutMs } = settings;
    const listened = settings.type === 'rtu' && settings.listen;
    const reader = listened
      ? heardBy(listenerOf(this.#loaded, settings))
      : readBy({ bus, responseTimeoutMs, byteCountBitsOf });
    this.#readers.set(bus, reader);
    return reader;
  }

  #restore(state: unknown): void {
    try {
      this.room.restore(state);
    } catch (cause) {
      throw new GatewayError({
        code: 'capture-invalid',
        op: t('taking up the checkpoint of a capture', '恢复录波检查点'),
        where: t('its first mark', '首个标记'),
        hint: t('replay it with the version and site file that made it', '请使用录制时的版本和站点文件回放'),
        cause,
      });
    }
  }
}

export function timeOf(item: CaptureItem): MonoMs {
  if (item.kind === 'chunk') return item.chunk.atMs;
  return item.kind === 'edge' ? item.edge.atMs : item.atMs;
}
