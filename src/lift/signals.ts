/** What can be known of a lift. One row per signal; profiles, inputs, the page and OPC UA all take their names from here. */

import type { MonoMs } from '../clock.ts';

/** Service modes of the GB/T 24476-2017 family, in its numbering order. */
export const SERVICE_MODES = [
  'stopped',
  'normal',
  'inspection',
  'fire-recall',
  'firefighter',
  'emergency-power',
  'earthquake',
  'unknown',
] as const;
export type ServiceMode = (typeof SERVICE_MODES)[number];

export const DIRECTIONS = ['none', 'up', 'down'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** The type of each signal's value. Units end the name. Landings count from 0 at the lowest of the site file. */
export interface SignalValues {
  mode: ServiceMode;
  moving: boolean;
  direction: Direction;
  speedMmPerS: number;
  positionMm: number;
  landing: number;
  doorZone: boolean;
  levelUpper: boolean;
  levelLower: boolean;
  baseLanding: boolean;
  endLimit: boolean;
  doorClosed: boolean;
  doorOpen: boolean;
  passenger: boolean;
  alarmButton: boolean;
  endOfAlarm: boolean;
  inspection: boolean;
  machineRoomDoorOpen: boolean;
  safetyChainClosed: boolean;
  brakeReleased: boolean;
  callWaiting: boolean;
  callHere: boolean;
  mainsPresent: boolean;
  overload: boolean;
  faultCode: number;
  loadPercent: number;
}
export type SignalName = keyof SignalValues;

export interface SignalRow {
  kind: 'flag' | 'number' | 'mode' | 'direction';
  en: string;
  zh: string;
  /** may be wired to a volt-free input */
  input: boolean;
}

export const SIGNALS: { readonly [K in SignalName]: SignalRow } = {
  mode: { kind: 'mode', en: 'service mode', zh: '服务模式', input: false },
  moving: { kind: 'flag', en: 'car moving', zh: '轿厢运行', input: false },
  direction: { kind: 'direction', en: 'direction of travel', zh: '运行方向', input: false },
  speedMmPerS: { kind: 'number', en: 'car speed, mm/s, up positive', zh: '轿厢速度 mm/s（上为正）', input: false },
  positionMm: { kind: 'number', en: 'car floor above the lowest landing, mm', zh: '轿厢位置 mm', input: false },
  landing: { kind: 'number', en: 'landing, counted from 0 at the lowest', zh: '层站（最低为 0）', input: false },
  doorZone: { kind: 'flag', en: 'car in the unlocking zone', zh: '开锁区域', input: true },
  levelUpper: { kind: 'flag', en: 'upper level switch', zh: '上平层开关', input: true },
  levelLower: { kind: 'flag', en: 'lower level switch', zh: '下平层开关', input: true },
  baseLanding: { kind: 'flag', en: 'base landing switch', zh: '基站开关', input: true },
  endLimit: { kind: 'flag', en: 'end limit switch acted', zh: '限位开关动作', input: true },
  doorClosed: { kind: 'flag', en: 'car door proven closed', zh: '轿门关闭到位', input: true },
  doorOpen: { kind: 'flag', en: 'car door fully open', zh: '轿门开启到位', input: true },
  passenger: { kind: 'flag', en: 'passenger in the car', zh: '轿厢内有人', input: true },
  alarmButton: { kind: 'flag', en: 'alarm button pressed', zh: '报警按钮', input: true },
  endOfAlarm: { kind: 'flag', en: 'end of alarm, at the installation', zh: '报警复位（现场）', input: true },
  inspection: { kind: 'flag', en: 'inspection switch on', zh: '检修开关', input: true },
  machineRoomDoorOpen: { kind: 'flag', en: 'machine-room door open', zh: '机房门打开', input: true },
  safetyChainClosed: { kind: 'flag', en: 'safety chain closed', zh: '安全回路接通', input: true },
  brakeReleased: { kind: 'flag', en: 'brake released', zh: '制动器松闸', input: true },
  callWaiting: { kind: 'flag', en: 'a call or start command waits', zh: '有待应答的呼梯或启动指令', input: false },
  callHere: { kind: 'flag', en: 'a call at the landing where the car stands', zh: '轿厢所在层有呼梯', input: false },
  mainsPresent: { kind: 'flag', en: 'mains present', zh: '市电正常', input: true },
  overload: { kind: 'flag', en: 'car overloaded', zh: '超载', input: false },
  faultCode: { kind: 'number', en: "controller's own fault number, 0 none", zh: '控制器故障号（0 无）', input: false },
  loadPercent: { kind: 'number', en: 'car load, % of rated', zh: '载荷 %', input: false },
};

export const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[];
export const INPUT_SIGNALS = SIGNAL_NAMES.filter((name) => SIGNALS[name].input);

/** Where a value comes from. `derived`: worked out from level edges. `none`: nothing tells, or the sources disagree. */
export type Source = 'controller' | 'input' | 'derived' | 'none';

/** One signal as it is known now. `value` is null while nobody can say: never heard, gone stale, or contradicted. */
export interface Reading<T> {
  readonly value: T | null;
  /** since when the value (or its absence) has stood */
  readonly sinceMs: MonoMs;
  readonly source: Source;
}
export type Readings = { readonly [K in SignalName]: Reading<SignalValues[K]> };
export type PartialValues = { readonly [K in SignalName]?: SignalValues[K] | null };
/** Numbers that change at every scan of a running car, and that no other source can contradict. */
export const MEASURED = ['speedMmPerS', 'positionMm', 'loadPercent'] as const satisfies readonly SignalName[];

/** A side says it of itself: it is not only measured. */
export function isSaid(signal: SignalName): boolean {
  return !(MEASURED as readonly SignalName[]).includes(signal);
}

/** What one side says of itself, without what is measured: that is in the readings alone. */
export type SideValues = {
  readonly [K in Exclude<SignalName, (typeof MEASURED)[number]>]?: SignalValues[K] | null | undefined;
};
