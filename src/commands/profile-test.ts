import { join } from 'node:path';
import * as v from 'valibot';
import { openLine } from '../../drivers/modbus/open.ts';
import { sleep, systemClock } from '../clock.ts';
import { pathOf } from '../config/explain.ts';
import { loadSite } from '../config/load.ts';
import { nearest } from '../config/nearest.ts';
import { problemLines } from '../config/problems.ts';
import type { Profile } from '../config/profile.ts';
import { readProfile } from '../config/profiles.ts';
import { type SiteBus, siteSchema } from '../config/schema.ts';
import { expectedOf, partAt, partOf } from '../config/shape.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { ModbusLine } from '../ports.ts';
import { type Call, numberOf } from './command.ts';
import { probe } from './profile-probe.ts';
import { summaryLines, tableLines } from './profile-table.ts';

interface Target {
  readonly profile: Profile;
  readonly bus: SiteBus;
  readonly unit: number;
}

const OPENS_WITHIN_MS = 5000;

/** Reads each field of a profile once from the controller and shows the words in every way they may be meant. */
export async function testProfile(call: Call): Promise<number> {
  const { profile, bus, unit } = call.values.site === undefined ? ofCall(call) : await ofSite(call);
  const { quirks } = profile;
  const line = openLine(bus, {
    clock: systemClock,
    byteCountBitsOf: () => quirks.byteCount,
    gapMsOf: () => quirks.gapMs,
  });
  try {
    await opened(line, call.signal);
    if (!line.state.up) {
      call.remark(`${bus.type === 'rtu' ? bus.path : `${bus.host}:${bus.port}`}: ${line.state.why}`);
      return 1;
    }
    const { lateReplyWindowMs } = bus;
    const probes = await probe({ line, clock: systemClock, profile, unit, lateReplyWindowMs, signal: call.signal });
    if (call.values.json) call.print(JSON.stringify(probes));
    else for (const each of [...tableLines(probes), ...summaryLines(probes)]) call.print(each);
    const whole = probes.length === 2 * profile.fields.length;
    return whole && probes.every(({ own, words }) => !own || words !== null) ? 0 : 1;
  } finally {
    await line.close();
  }
}

async function opened(line: ModbusLine, signal: AbortSignal): Promise<void> {
  const untilMs = systemClock.monoMs() + OPENS_WITHIN_MS;
  while (!line.state.up && !signal.aborted && systemClock.monoMs() < untilMs) await sleep(systemClock, 20, signal);
}

async function ofSite(call: Call): Promise<Target> {
  const { site, profiles } = await loadSite(String(call.values.site));
  const id = call.values.lift;
  const lifts = site.lifts.filter(({ controller }) => controller !== undefined).map((lift) => lift.id);
  const { controller } = site.lifts.find((lift) => lift.id === id) ?? {};
  const profile = profiles.get(controller?.profile ?? '');
  const bus = site.buses.find((each) => each.id === controller?.bus);
  if (bus?.type === 'rtu' && bus.listen) {
    throw usage(
      `--lift ${String(id)}`,
      t(
        `a line that may be asked: another master polls ${bus.id}, and here it is only listened to`,
        `可询问的总线：${bus.id} 已有其他主站，此处只监听`,
      ),
    );
  }
  if (controller && profile && bus) return { profile, bus, unit: controller.unit };
  const like = nearest(String(id ?? ''), lifts);
  const guess = like === undefined ? '' : t(`; did you mean ${like}?`, `；是否应为 ${like}？`);
  throw usage(
    `--lift ${String(id ?? '')}`,
    t(`a lift with a controller: ${lifts.join(', ')}${guess}`, `有控制器的电梯：${lifts.join(', ')}${guess}`),
  );
}

function ofCall(call: Call): Target {
  const { port, profile: name, baud, parity } = call.values;
  if (typeof port !== 'string' || typeof name !== 'string' || call.values.unit === undefined) {
    const hint = '--site FILE --lift ID, --profile NAME --port PATH|HOST:PORT --unit N';
    throw usage('profile test', t(`one of ${hint}`, `以下之一：${hint}`));
  }
  const [, host, number] = /^([^/\\]+):(\d+)$/.exec(port) ?? [];
  const line = host === undefined ? { type: 'rtu', path: port } : { type: 'tcp', host, port: Number(number) };
  const serial = {
    ...(baud !== undefined && { baud: numberOf(call, 'baud') }),
    ...(parity !== undefined && { parity }),
    ...(call.values['stop-bits'] !== undefined && { stopBits: numberOf(call, 'stop-bits') }),
  };
  const said = { buses: [{ id: 'line', ...line, ...(host === undefined && serial) }] };
  const buses = v.safeParse(siteSchema.entries.buses, said.buses);
  const [bus] = buses.success ? buses.output : [];
  if (!bus)
    throw usage(port, (buses.issues ?? []).map((issue) => expectedAt(['buses', ...pathOf(issue)], said)).join('; '));
  const unit = numberOf(call, 'unit', { whole: true, least: 1 });
  if (unit > 247) throw usage(`--unit ${unit}`, t('1 to 247', '1 至 247'));
  const profile = profileNamed(name);
  // Whoever sends on a line of pushed frames may stop the lift.
  if (profile.frames) {
    throw usage(
      `--profile ${name}`,
      t(
        'a profile that may be asked: controllers of this one push frames',
        '可询问的点表：此类控制器主动发送帧，不可询问',
      ),
    );
  }
  return { profile, bus, unit };
}

/** `baud: one of 1200, …` */
function expectedAt(path: readonly (string | number)[], site: unknown): string {
  const part = partAt(partOf(siteSchema), path, site);
  return `${String(path.at(-1))}: ${part ? expectedOf(part) : ''}`;
}

/** By its name, or a path from here. */
function profileNamed(name: string): Profile {
  const outcome = readProfile(name, join('.', 'site.yaml'));
  if (outcome.kind === 'read') return outcome.profile;
  if (outcome.kind === 'missing') {
    const guess =
      outcome.nearest === undefined ? '' : t(`; did you mean ${outcome.nearest}?`, `；是否应为 ${outcome.nearest}？`);
    throw usage(outcome.said, `${outcome.expected}${guess}`);
  }
  throw new GatewayError({
    code: 'profile-invalid',
    op: t('reading a controller profile', '读取控制器配置'),
    where: name,
    hint: t('correct these lines', '请更正这些行'),
    cause: ['', ...problemLines(outcome.problems)].join('\n'),
  });
}

function usage(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('reading the command', '读取命令'), where, hint });
}
