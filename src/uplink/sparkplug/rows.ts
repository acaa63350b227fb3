/**
 * Which metric carries what of a record: a row for each. METRICS.md is made from it (`npm run docs`). A metric is called as the
 * property is in JSON, behind the type of its record: `trip/distanceMm`. Units end a name, as everywhere.
 */

import { MEASURED, SIGNAL_NAMES, SIGNALS, type SignalName, type SignalRow } from '../../lift/signals.ts';
import type { KnownType } from '../messages.ts';
import type { Datatype } from './payload.ts';

/** Of a record: its metric behind the type (`codes/gb`), which is its property as well (`codes.gb`). */
export interface Row {
  readonly name: string;
  readonly datatype: Datatype;
  readonly zh: string;
}

type Cells = readonly [name: string, datatype: Datatype, zh: string];

const rows = (...cells: readonly Cells[]): readonly Row[] =>
  cells.map(([name, datatype, zh]) => ({ name, datatype, zh }));

/** Names a record, and stands first of its metrics. In a birth they are null: a birth is no record. */
export const RECORD_ROWS = rows(
  ['boot', 'String', '记录所属的启动'],
  ['seq', 'Int64', '记录序号'],
  ['atMs', 'Int64', '单调时刻'],
  ['clockTrust', 'String', '时钟可信度'],
);

/** What a birth of a lift says of it, from the site file; records do not repeat it. */
export const LIFT_ROWS = rows(
  ['registrationNumber', 'String', '电梯注册代码'],
  ['rescueLabelNumber', 'String', '救援标识牌编号'],
  ['address', 'String', '地址'],
);

/** Any record of another type, and those of a lift that the site file does not have any more: as its JSON text. */
export const OTHER_ROWS = rows(['json', 'String', '其他记录（JSON）']);

const CATALOGUE_ROWS: readonly Cells[] = [
  ['severity', 'String', '严重程度'],
  ['title/en', 'String', '名称（英文）'],
  ['title/zh', 'String', '名称（中文）'],
];

const SNAPSHOT_TYPES: { readonly [K in SignalRow['kind']]: Datatype } = {
  flag: 'Boolean',
  number: 'Int64',
  mode: 'String',
  direction: 'String',
};

const isMeasured = (name: SignalName) => (MEASURED as readonly SignalName[]).includes(name);

const SNAPSHOT_ROWS: readonly Cells[] = [
  ...SIGNAL_NAMES.map((name): Cells => {
    const { kind, zh } = SIGNALS[name];
    return [`snapshot/${name}`, isMeasured(name) ? 'Double' : SNAPSHOT_TYPES[kind], zh];
  }),
  ['snapshot/atLevel', 'Boolean', '平层'],
];

/** Of alarms: the disk of the box does not take it, and it is told from memory. */
const UNSTORED: Cells = ['unstored', 'Boolean', '未能保存，仅在内存中'];

/** By the type of the record. Lists go as text with commas, tables (`digest/of`) as JSON text. */
export const TYPE_ROWS: { readonly [T in KnownType]: readonly Row[] } = {
  fault: rows(
    ['phase', 'String', '开始或结束'],
    ['id', 'String', '故障标识'],
    ['fault', 'String', '故障'],
    ['subject', 'String', '对象'],
    ['sensor', 'String', '传感器'],
    ['way', 'String', '异常方式'],
    ['beganMs', 'Int64', '开始时刻'],
    ...CATALOGUE_ROWS,
    ['codes/gb', 'Int32', 'GB/T 24476 代码'],
    ['codes/bacnet', 'Int32', 'BACnet 代码'],
    ['codes/gb38656', 'Int32', 'GB/T 38656 代码'],
    ['codes/chongqing', 'Int32', '重庆代码'],
    ['codes/shanghai', 'Int32', '上海代码'],
    ['codes/platform', 'String', '地方平台代码'],
    ['capture', 'String', '录波文件'],
    UNSTORED,
    ...SNAPSHOT_ROWS,
  ),
  mode: rows(
    ['mode', 'String', '服务模式'],
    ['was', 'String', '此前的服务模式'],
    ['mutes', 'String', '此模式下不报的故障'],
    UNSTORED,
  ),
  trip: rows(
    ['startMs', 'Int64', '启动时刻'],
    ['from', 'Int32', '出发层'],
    ['to', 'Int32', '到达层'],
    ['direction', 'String', '运行方向'],
    ['distanceMm', 'Int32', '运行距离'],
    ['topSpeedMmPerS', 'Double', '最高速度'],
    ['passenger', 'Boolean', '轿厢内有人'],
    ['levelErrorMm', 'Int32', '平层误差'],
  ),
  'door-cycle': rows(
    ['startMs', 'Int64', '开门时刻'],
    ['landing', 'Int32', '层站'],
    ['openingMs', 'Int32', '开门用时'],
    ['closingMs', 'Int32', '关门用时'],
    ['reversals', 'Int32', '重开门次数'],
    ['relevels', 'Int32', '再平层次数'],
  ),
  rescue: rows(
    ['id', 'String', '困人标识'],
    ['raisedMs', 'Int64', '报出时刻'],
    ['acknowledgedAfterMs', 'Int64', '平台确认用时'],
    ['technicianAfterMs', 'Int64', '人员到场用时'],
    ['technicianBy', 'String', '到场判定依据'],
    ['doorsOpenAfterMs', 'Int64', '开门用时'],
    ['passengerOutAfterMs', 'Int64', '乘客离开用时'],
    ['backInServiceAfterMs', 'Int64', '恢复运行用时'],
    UNSTORED,
  ),
  condition: rows(
    ['phase', 'String', '开始或结束'],
    ['id', 'String', '状态标识'],
    ['condition', 'String', '状态'],
    ['subject', 'String', '对象'],
    ['landing', 'Int32', '层站'],
    ['beganMs', 'Int64', '开始时刻'],
    ['normal', 'Double', '正常值'],
    ['now', 'Double', '当前值'],
    ['unit', 'String', '单位'],
    ['changePercent', 'Double', '变化'],
    ['samples', 'Int32', '样本数'],
    ['title/en', 'String', '名称（英文）'],
    ['title/zh', 'String', '名称（中文）'],
    ['next/en', 'String', '处理建议（英文）'],
    ['next/zh', 'String', '处理建议（中文）'],
    UNSTORED,
  ),
  totals: rows(
    ['trips', 'Int64', '运行次数'],
    ['doorCycles', 'Int64', '开关门次数'],
    ['relevels', 'Int64', '再平层次数'],
    ['ropeBends', 'Int64', '钢丝绳弯曲次数'],
    ['runningMs', 'Int64', '运行时间'],
    ['distanceMm', 'Int64', '运行距离'],
    ['watchedMs', 'Int64', '监测时间'],
    ['availability', 'Double', '可用率'],
    ['meanTimeBetweenFaultsMs', 'Int64', '平均无故障时间'],
  ),
  digest: rows(
    ['fromMs', 'Int64', '最早记录的时刻'],
    ['of', 'String', '各类记录的条数'],
    ['distanceMm', 'Int64', '运行距离'],
    ['runningMs', 'Int64', '运行时间'],
  ),
  'alarm-test': rows(['working', 'Boolean', '报警装置正常'], UNSTORED),
  'box-fault': rows(
    ['phase', 'String', '开始或结束'],
    ['id', 'String', '故障标识'],
    ['fault', 'String', '网关故障'],
    ['beganMs', 'Int64', '开始时刻'],
    ...CATALOGUE_ROWS,
    ['codes/gb', 'Int32', 'GB/T 24476 代码'],
    ['codes/bacnet', 'Int32', 'BACnet 代码'],
    ['codes/gb38656', 'Int32', 'GB/T 38656 代码'],
    ['codes/chongqing', 'Int32', '重庆代码'],
    ['codes/shanghai', 'Int32', '上海代码'],
    ['codes/platform', 'String', '地方平台代码'],
    UNSTORED,
  ),
  gap: rows(
    ['gapBoot', 'String', '缺失记录所属的启动'],
    ['firstSeq', 'Int64', '缺失的首个序号'],
    ['lastSeq', 'Int64', '缺失的末个序号'],
    ['count', 'Int64', '缺失的记录数'],
  ),
};

const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['MmPerS', 'mm/s'],
  ['Mm', 'mm'],
  ['Ms', 'ms'],
  ['Percent', '%'],
];

/** The unit that a name ends in, or null. */
export function unitOf(name: string): string | null {
  return UNITS.find(([ending]) => name.endsWith(ending))?.[1] ?? null;
}
