import { BOX_FAULTS, needOf } from '../box/faults.ts';
import { lineBusyShare } from '../config/line-time.ts';
import { type LoadedSite, loadSite } from '../config/load.ts';
import { type Problem, problemLines, SiteInvalid } from '../config/problems.ts';
import type { Site, SiteBus, SiteLift, SiteUplink } from '../config/schema.ts';
import { knownOf, sourcesOf } from '../config/sources.ts';
import { loadCatalogue } from '../detect/catalogue.ts';
import { type Coverage, coverageOf } from '../detect/coverage.ts';
import { keyOf } from '../detect/judge.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { formText } from '../sense/wire-time.ts';
import { type Call, type Command, jsonOption, siteOption } from './command.ts';

/** Tells whether a site file can be used, what it comes to, and if not, every line that is wrong. Opens no port. */
export const command: Command = {
  name: 'check',
  usage: '--site FILE [--json]',
  summary: t(
    'tells what is wrong in a site file, line by line, or what it comes to',
    '逐行检查站点文件，或列出其内容摘要',
  ),
  options: { site: siteOption, json: jsonOption },
  required: ['site'],
  positionals: [0, 0],
  exits: { 1: t('the site file cannot be used; every problem was printed', '站点文件不可用，已列出所有问题') },
  async run(call) {
    const file = String(call.values.site);
    try {
      const loaded = await loadSite(file);
      if (call.values.json) call.print(JSON.stringify(reportOf(loaded)));
      else printSummary(loaded, call);
      return 0;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const problems = error instanceof SiteInvalid ? error.problems : [];
      if (call.values.json) {
        const { code, message, hint } = error;
        const reason = error instanceof SiteInvalid ? {} : { message, hint };
        call.print(JSON.stringify({ ok: false, file, code, ...reason, problems }));
      } else if (error instanceof SiteInvalid) {
        printProblems(problems, call);
      } else {
        throw error;
      }
      return 1;
    }
  },
};

function printProblems(problems: readonly Problem[], call: Call): void {
  for (const line of problemLines(problems)) call.print(line);
  const count = problems.length;
  call.print(t(`${count} ${count === 1 ? 'problem' : 'problems'}`, `共 ${count} 处问题`));
}

function printSummary(loaded: LoadedSite, call: Call): void {
  const { site, profiles, warnings, path } = loaded;
  const landings = site.lifts.reduce((sum, lift) => sum + lift.landings.length, 0);
  call.print(
    t(
      `${path}: sound. Box ${site.box.id}: ${counted(site.lifts.length, 'lift')}, ${counted(landings, 'landing')}, ${counted(site.buses.length, 'bus', 'buses')}.`,
      `${path}：有效。设备 ${site.box.id}：${site.lifts.length} 台电梯，${landings} 个层站，${site.buses.length} 条总线。`,
    ),
  );
  call.print(`  ${boxLine(site)}`);
  for (const bus of site.buses) call.print(`  ${busLine(bus, loaded)}`);
  for (const lift of site.lifts) {
    for (const line of liftLines(lift, profiles)) call.print(`  ${line}`);
  }
  const uplink = site.uplink
    ? `${brokersOf(site.uplink)} (MQTT ${site.uplink.protocol})`
    : t('none: everything stays on the box', '无：数据只留在本机');
  call.print(`  ${t('uplink', '上传')} ${uplink}`);
  for (const line of problemLines(warnings)) call.print(`${t('warning', '提醒')}: ${line}`);
}

/** In the order they are asked; what follows a `?` may be a secret. */
function brokersOf({ url, alternatives }: SiteUplink): string {
  return [url, ...alternatives].map((each) => each.replace(/\?.*/, '?…')).join(t(', then ', '，其次 '));
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Which faults of the box itself can be told, and which settings the others miss. */
function boxFaultsOf({ box, uplink }: Site) {
  const given = new Set(Object.keys(box.inputs).map((name) => `box.inputs.${name}`));
  if (uplink) given.add('uplink');
  if (box.thermometer) given.add('box.thermometer');
  return BOX_FAULTS.map((fault) => {
    const need = needOf(fault);
    return { fault, missing: need === null || given.has(need) ? null : need };
  });
}

function boxLine(site: Site): string {
  const rows = boxFaultsOf(site);
  const can = rows.flatMap(({ fault, missing }) => (missing ? [] : [t(fault, loadCatalogue()[fault].title.zh)]));
  const lacks = rows.flatMap(({ missing }) => missing ?? []);
  const told = `${t('of itself', '自身可判定')} (${can.length}/${rows.length}): ${can.join(', ')}`;
  return lacks.length > 0 ? `${told}; ${t('missing', '缺少')} ${lacks.join(', ')}` : told;
}

function busLine(bus: SiteBus, { site, profiles }: LoadedSite): string {
  const name = `${t('bus', '总线')} ${bus.id}: `;
  if (bus.type === 'tcp') return `${name}Modbus TCP ${bus.host}:${bus.port}`;
  const busy = Math.round(lineBusyShare(site, profiles, bus) * 100);
  return `${name}${bus.path}, ${formText(bus)}, ${t(`reads take ${busy} % of its time`, `读取占用 ${busy} % 时间`)}`;
}

function liftLines(lift: SiteLift, profiles: LoadedSite['profiles']): string[] {
  const { controller, landings } = lift;
  const sources = sourcesOf(lift, profiles.get(controller?.profile ?? ''));
  const from =
    controller &&
    t(
      `controller (${controller.profile}, unit ${controller.unit} on ${controller.bus})`,
      `控制器（${controller.profile}，${controller.bus} 从站 ${controller.unit}）`,
    );
  const markings = `${landings[0]?.marking}…${landings.at(-1)?.marking}`;
  const rows: [string | undefined, readonly string[]][] = [
    [from, sources.controller],
    [t('inputs', '输入'), sources.inputs],
    [t('from the level switches', '由平层开关推得'), sources.derived],
    [t('told by nothing', '无来源'), sources.nowhere],
  ];
  return [
    t(
      `lift ${lift.id}: ${lift.registrationNumber}, rescue label ${lift.rescueLabelNumber}, ${landings.length} landings ${markings}`,
      `电梯 ${lift.id}：${lift.registrationNumber}，救援标识码 ${lift.rescueLabelNumber}，${landings.length} 个层站 ${markings}`,
    ),
    ...rows.flatMap(([title, names]) => (title && names.length > 0 ? [`  ${title}: ${names.join(', ')}`] : [])),
    ...coverageLines(coverageOf(knownOf(lift, sources))),
  ];
}

/** The stable name, or for who reads Chinese the title. */
function nameOf(row: Coverage): string {
  return t(keyOf(row), `${loadCatalogue()[row.fault].title.zh}${row.subject ? `（${row.subject}）` : ''}`);
}

/** What can be told with this wiring in one line, and a line for each that cannot, with what is missing. */
function coverageLines(rows: readonly Coverage[]): string[] {
  const can = rows.filter(({ missing }) => missing.length === 0);
  const cannot = rows.filter(({ missing }) => missing.length > 0);
  const lines = [`  ${t('can detect', '可判定')} (${can.length}/${rows.length}): ${can.map(nameOf).join(', ')}`];
  for (const row of cannot) {
    const ways = row.missing.map((all) => all.join(' + ')).join(t(', or ', '，或 '));
    lines.push(`  ${t('cannot detect', '不能判定')} ${nameOf(row)}: ${t('missing', '缺少')} ${ways}`);
  }
  return lines;
}

function signalsAndFaults(lift: SiteLift, profiles: LoadedSite['profiles']) {
  const signals = sourcesOf(lift, profiles.get(lift.controller?.profile ?? ''));
  return { signals, faults: coverageOf(knownOf(lift, signals)) };
}

/** What `--json` prints of a sound site. */
function reportOf({ site, profiles, path, warnings }: LoadedSite): unknown {
  return {
    ok: true,
    file: path,
    box: site.box.id,
    boxFaults: boxFaultsOf(site),
    buses: site.buses.map((bus) => ({ id: bus.id, type: bus.type, busyShare: lineBusyShare(site, profiles, bus) })),
    lifts: site.lifts.map((lift) => ({
      id: lift.id,
      landings: lift.landings.length,
      ...signalsAndFaults(lift, profiles),
    })),
    warnings,
  };
}
