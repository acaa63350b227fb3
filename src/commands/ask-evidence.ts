/** Brings a capture from a box, piece by piece, into a file; goes on where it stopped, after a lost session or in another call. */

import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { sleep, systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Answer } from '../requests/answer.ts';
import { type Asker, SessionEnded, Silence } from '../requests/asker.ts';
import { PIECE_LIMIT_BYTES, PIECES_LIMIT } from '../requests/order.ts';
import type { EvidenceOf } from '../requests/sources.ts';
import { backoffMs } from '../uplink/backoff.ts';
import { type Call, showProgress } from './command.ts';

/** The box may be on its way back: it is asked so often without a word of it. */
const MOST_SILENCES = 8;
const BACKOFF = { retryFirstMs: 1000, retryMaxMs: 30_000 };

export interface Fetching {
  open(): Promise<Asker>;
  readonly of: EvidenceOf;
  readonly pieceBytes: number;
  /** the capture's own name, here, where left out */
  readonly out: string | undefined;
  readonly call: Call;
}

export interface Fetched {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Until the file is whole, the box refuses, or the person ends the command. Rejects where the first session cannot be had. */
export async function fetchEvidence(fetching: Fetching): Promise<Fetched | { readonly answer: Answer }> {
  const { open, call } = fetching;
  let asker = await open();
  const onAbort = () => asker.close();
  call.signal.addEventListener('abort', onAbort);
  let [attempt, silences] = [0, 0];
  for (;;) {
    try {
      return await fetchOver(asker, fetching, () => {
        [attempt, silences] = [0, 0];
      });
    } catch (error) {
      const silent = error instanceof Silence && ++silences <= MOST_SILENCES;
      if (call.signal.aborted || !(silent || error instanceof SessionEnded)) throw error;
      call.remark(error.message);
    } finally {
      asker.close();
    }
    for (let again = true; again; attempt++) {
      await sleep(systemClock, backoffMs(attempt, BACKOFF, Math.random()), call.signal);
      if (call.signal.aborted) throw new SessionEnded({ kind: 'lost', detail: t('interrupted', '已中断') });
      asker = await open().catch(() => asker);
      again = asker.isOver;
    }
  }
}

async function fetchOver(asker: Asker, fetching: Fetching, onPiece: () => void): Promise<Fetched | { answer: Answer }> {
  const { of, pieceBytes, out, call } = fetching;
  // Where the name is not known yet, one piece tells it, and so where an earlier call stopped.
  let offset = out === undefined ? 0 : sizeOf(`${out}.part`);
  for (let pieces = out === undefined ? 1 : PIECES_LIMIT; ; pieces = PIECES_LIMIT) {
    const ask = { ...of, offset, pieces, pieceBytes };
    const answer = await asker.ask('evidence', ask, (piece) => {
      const { capture, bytes } = piece;
      if (!piece.ok || capture === undefined || bytes === undefined) return;
      keep(`${fileOf(out, capture)}.part`, piece);
      onPiece();
      showProgress(`${sizeOf(`${fileOf(out, capture)}.part`)} / ${bytes}`);
    });
    const { ok, capture, bytes, sha256 } = answer;
    if (!ok || capture === undefined || bytes === undefined || sha256 === undefined) return { answer };
    const file = fileOf(out, capture);
    offset = sizeOf(`${file}.part`);
    if (offset < bytes) continue;
    finish(file, sha256);
    call.remark(t('whole', '完整'));
    return { file, bytes, sha256 };
  }
}

function fileOf(out: string | undefined, capture: string): string {
  // The name comes from afar: it must not lead out of this folder.
  return out ?? `${capture.replace(/[^a-zA-Z0-9_-]+/g, '_')}.pcapng`;
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** A piece that is there already, or that would leave a hole, is not written: the next request asks from the end of the file. */
function keep(part: string, { offset, data }: Answer): void {
  if (data === undefined || offset !== sizeOf(part)) return;
  appendFileSync(part, inflateSync(Buffer.from(data, 'base64'), { maxOutputLength: PIECE_LIMIT_BYTES }));
}

function finish(file: string, sha256: string): void {
  const part = `${file}.part`;
  const found = createHash('sha256').update(readFileSync(part)).digest('hex');
  if (found === sha256) {
    renameSync(part, file);
    return;
  }
  rmSync(part);
  const hint = t(
    'ask again; what had come was another file, and is removed',
    '请重试；已收到的内容属于另一文件，已删除',
  );
  throw new GatewayError({
    code: 'uplink-failed',
    op: t('bring a capture', '获取捕获文件'),
    where: file,
    hint,
    cause: found,
  });
}
