import { type LoadedSite, loadSite } from '../config/load.ts';
import type { SiteBus } from '../config/schema.ts';
import { quirksOf, slavesOf } from '../config/wiring.ts';
import { t } from '../language.ts';
import type { Slave } from '../loop.ts';
import { type Field, fieldsOf, fieldsWithin } from '../sense/decode.ts';
import { registersOf } from '../sense/observation.ts';
import { bytesOf, formText, readMs, silenceMs } from '../sense/wire-time.ts';
import { type Call, type Command, jsonOption, siteOption } from './command.ts';

/** What the box will ask, read by read, and what the line can carry. Opens no port. */
export const command: Command = {
  name: 'plan',
  usage: '--site FILE [--json]',
  summary: t(
    'shows every read of the lines, its bytes and milliseconds, and what the line can carry',
    '列出各总线的每次读取、字节数、耗时及总线极限',
  ),
  options: { site: siteOption, json: jsonOption },
  required: ['site'],
  positionals: [0, 0],
  exits: { 1: t('the site file cannot be used', '站点文件不可用') },
  async run(call) {
    const loaded = await loadSite(String(call.values.site));
    const plans = loaded.site.buses.map((bus) => planOf(loaded, bus));
    if (call.values.json) call.print(JSON.stringify(plans));
    else for (const plan of plans) printPlan(plan, call);
    return 0;
  },
};

interface ReadPlan {
  readonly lift: string;
  readonly unit: number;
  readonly group: string;
  readonly registers: string;
  readonly signals: readonly string[];
  readonly intervalMs: number;
  /** of request and reply */
  readonly bytes: number;
  /** on a serial line: both frames and the silence that ends each; null on TCP, and where another master asks */
  readonly lineMs: number | null;
}

interface LinePlan {
  readonly bus: string;
  readonly form: string;
  readonly listen: boolean;
  readonly reads: readonly ReadPlan[];
  /** all fast reads once, as fast as the line can carry them, ms; what the slaves take to answer comes on top */
  readonly fastCycleMs: number | null;
  readonly silenceMs: number | null;
  /** of the line's time, 1 = all */
  readonly busyShare: number | null;
}

function planOf(loaded: LoadedSite, bus: SiteBus): LinePlan {
  const serial = bus.type === 'rtu' && !bus.listen ? bus : null;
  const { byteCountBitsOf, gapMsOf } = quirksOf(loaded, bus.id);
  const reads = slavesOf(loaded, bus).flatMap((slave) =>
    slave.reads.map((read): ReadPlan => {
      const quirks = { byteCount: byteCountBitsOf(slave.unit), gapMs: gapMsOf(slave.unit) };
      return {
        ...{ lift: slave.lift, unit: slave.unit, group: read.group },
        registers: registersOf(read),
        signals: fieldsWithin(fieldsOfSlave(loaded, bus, slave), read).map(({ field }) => field.signal),
        intervalMs: slave.intervalMs[read.group],
        bytes: bytesOf(read, quirks.byteCount),
        lineMs: serial ? readMs(serial, read, quirks) : null,
      };
    }),
  );
  const sum = (list: readonly ReadPlan[], of: (read: ReadPlan) => number) =>
    serial ? list.reduce((all, read) => all + of(read), 0) : null;
  return {
    ...{ bus: bus.id, form: formOf(bus), listen: bus.type === 'rtu' && bus.listen, reads },
    fastCycleMs: sum(
      reads.filter(({ group }) => group === 'fast'),
      ({ lineMs }) => lineMs ?? 0,
    ),
    silenceMs: serial ? silenceMs(serial) : null,
    busyShare: sum(reads, ({ lineMs, intervalMs }) => (lineMs ?? 0) / intervalMs),
  };
}

function fieldsOfSlave({ site, profiles }: LoadedSite, bus: SiteBus, { unit }: Slave): readonly Field[] {
  const lift = site.lifts.find(({ controller }) => controller?.bus === bus.id && controller.unit === unit);
  const profile = profiles.get(lift?.controller?.profile ?? '');
  return profile ? fieldsOf(profile) : [];
}

function formOf(bus: SiteBus): string {
  if (bus.type === 'tcp') return `Modbus TCP ${bus.host}:${bus.port}`;
  return `${bus.path}, ${formText(bus)}`;
}

function printPlan(plan: LinePlan, { print }: Call): void {
  const { bus, form, listen, reads, fastCycleMs, busyShare } = plan;
  print(`${t('bus', '总线')} ${bus}: ${form}`);
  if (listen && reads.length === 0) print(t('  only listened to: nothing is asked here', '  只监听：此处不询问'));
  else if (listen)
    print(t('  another master asks here; what it must ask for, at least:', '  由其他主站轮询，至少须读取：'));
  for (const read of reads) {
    const time = read.lineMs === null ? '' : `, ${read.lineMs.toFixed(1)} ms`;
    const every = t(`every ${read.intervalMs} ms`, `每 ${read.intervalMs} 毫秒`);
    const group = read.group === 'fast' ? t('fast', '快') : t('slow', '慢');
    print(
      `  ${read.lift} ${t('unit', '站号')} ${read.unit} ${read.registers} (${group}, ${every}): ${read.bytes} ${t('bytes', '字节')}${time}`,
    );
    if (read.signals.length > 0) print(`    ${read.signals.join(', ')}`);
  }
  if (fastCycleMs === null || busyShare === null) return;
  const [cycle, share] = [fastCycleMs.toFixed(1), Math.round(busyShare * 100)];
  print(
    t(
      `  all fast reads once: ${cycle} ms on the line, and what the slaves take to answer; reads take ${share} % of its time`,
      `  全部快速读取一轮：总线上 ${cycle} 毫秒，另加从站应答时间；读取占用总线 ${share} % 时间`,
    ),
  );
  if (fastCycleMs > 0) {
    const most = (1000 / fastCycleMs).toFixed(1);
    print(t(`  its limit: ${most} cycles a second`, `  极限：每秒 ${most} 轮`));
  }
}
