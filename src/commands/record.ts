import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { openInputs } from '../../drivers/gpio/open.ts';
import { sleep, systemClock, type WallMs } from '../clock.ts';
import { type LoadedSite, loadSite } from '../config/load.ts';
import { wiringsOf } from '../config/wiring.ts';
import { loadCatalogue, mutesOf } from '../detect/catalogue.ts';
import { GatewayError } from '../errors.ts';
import type { CaptureSink } from '../intake.ts';
import { t } from '../language.ts';
import { startMetronome } from '../metronome.ts';
import { Room } from '../room.ts';
import { startSensing } from '../sensing.ts';
import { Coalescer } from '../trace/coalesce.ts';
import { CaptureWriter } from '../trace/file.ts';
import { WallTrust } from '../wall.ts';
import { type Command, numberOf, siteOption } from './command.ts';
import { eventLine } from './event-line.ts';
import { untilStopped } from './run.ts';

/** Reads a site's lines and inputs as the service does, into a capture file; the events are shown meanwhile. */
export const command: Command = {
  name: 'record',
  usage: '--site FILE --out FILE.pcapng [--for SECONDS]',
  summary: t('reads the lines and inputs of a site into a capture file', '把站点总线和输入录成文件'),
  options: {
    site: siteOption,
    out: { type: 'string', help: t('the file to write; Wireshark opens it', '输出文件，可用 Wireshark 打开') },
    for: { type: 'string', help: t('seconds; until stopped where left out', '秒数；省略则直到停止') },
  },
  required: ['site', 'out'],
  positionals: [0, 0],
  exits: { 1: t('the site file or the output file cannot be used', '站点文件或输出文件不可用') },
  async run(call) {
    const loaded = await loadSite(String(call.values.site));
    const seconds = call.values.for === undefined ? null : numberOf(call, 'for', { least: 0.1 });
    const recording = await startRecording(loaded, String(call.values.out), call.remark);
    const over = seconds === null ? untilStopped(call) : sleep(systemClock, seconds * 1000, call.signal);
    await Promise.race([over, recording.failed]);
    await recording.stop();
    return 0;
  },
};

export async function startRecording(
  loaded: LoadedSite,
  out: string,
  remark: (line: string) => void,
): Promise<{ failed: Promise<void>; stop(): Promise<void> }> {
  const clock = startMetronome();
  const file = createWriteStream(out);
  await new Promise((resolve, reject) => {
    file.once('open', resolve);
    file.once('error', (cause) => {
      const hint = t('give --out a path that can be written', '请为 --out 指定可写路径');
      reject(unwritten(out, hint, cause));
    });
  });
  let broken: unknown = null;
  const failed = new Promise<void>((resolve) => {
    file.once('error', (cause) => {
      broken = cause;
      resolve();
    });
  });
  const writer = new CaptureWriter((bytes) => file.write(bytes), {
    wallAtZeroMs: (clock.wallMs() - clock.monoMs()) as WallMs,
    clockTrust: new WallTrust(clock).now(),
    box: loaded.site.box.id,
    comment: 'hoistway record',
    buses: loaded.site.buses.map(({ id }) => id),
  });
  const room = new Room(wiringsOf(loaded), mutesOf(loadCatalogue()), clock.monoMs(), (event) =>
    remark(eventLine(event)),
  );
  const coalescer = new Coalescer((item) => writer.add(item));
  coalescer.other({ kind: 'checkpoint', atMs: room.nowMs, state: room.snapshot() });
  const sink: CaptureSink = {
    chunk: (chunk) => coalescer.chunk(chunk),
    exchangeDone: (bus) => coalescer.exchangeDone(bus),
    edge: (edge) => coalescer.other({ kind: 'edge', edge }),
  };
  const sensing = startSensing({ loaded, clock, inputs: openInputs({ clock, remark }), room, sink, remark });
  return {
    failed,
    async stop() {
      await sensing.stop();
      if (broken)
        throw unwritten(out, t('free room, or give --out another disk', '请清理空间或更换 --out 磁盘'), broken);
      const endMs = clock.monoMs();
      room.advanceTo(endMs);
      coalescer.flush();
      coalescer.other({ kind: 'end', atMs: endMs });
      file.end();
      await finished(file);
      await clock.close();
    },
  };
}

function unwritten(where: string, hint: string, cause: unknown): GatewayError {
  return new GatewayError({ code: 'capture-invalid', op: t('writing a capture', '写入录波'), where, hint, cause });
}
