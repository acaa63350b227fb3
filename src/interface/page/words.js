/** Every word of the page, in English and Chinese, and how times and numbers are written. */

const WORDS = {
  other: ['中文', 'English'],
  otherLabel: ['用中文显示', 'Show in English'],
  boxTime: ['box time', '网关时间'],
  up: ['running', '已运行'],
  waitingForBox: ['Waiting for the box', '正在连接网关'],
  lost: ['The box does not answer. Trying again.', '网关无应答，正在重连。'],
  lastWord: ['Last word', '最后消息'],
  quiet: ['No open faults', '无故障'],
  oneFault: ['1 open fault', '1 个故障'],
  manyFaults: ['{n} open faults', '{n} 个故障'],
  blind: ['{n} lifts cannot be seen', '{n} 台电梯状态未知'],
  oneBlind: ['1 lift cannot be seen', '1 台电梯状态未知'],

  lifts: ['Lifts', '电梯'],
  rescue: ['Rescue label', '救援标识码'],
  registration: ['Registration', '注册代码'],
  unknown: ['unknown', '未知'],
  mode: ['Mode', '模式'],
  landing: ['landing', '层站'],
  carAt: ['Car at {place}, {motion}, {door}', '轿厢在 {place}，{motion}，{door}'],
  nowhere: ['an unknown place', '未知位置'],
  faults: ['Open faults', '当前故障'],
  since: ['since', '自'],
  began: ['{lift}: {fault}', '{lift}：{fault}'],
  over: ['{lift}: over: {fault}', '{lift}：已解除：{fault}'],

  'mode.stopped': ['out of service', '停止服务'],
  'mode.normal': ['normal', '正常'],
  'mode.inspection': ['inspection', '检修'],
  'mode.fire-recall': ['fire recall', '火灾召回'],
  'mode.firefighter': ['firefighter', '消防员'],
  'mode.emergency-power': ['emergency power', '应急电源'],
  'mode.earthquake': ['earthquake', '地震'],
  'mode.unknown': ['unknown', '未知'],
  'door.closed': ['door closed', '轿门关闭'],
  'door.open': ['door open', '轿门打开'],
  'door.moving': ['door not closed', '轿门未关闭'],
  'door.both': ['door contradictory', '轿门信号矛盾'],
  'door.unknown': ['door unknown', '轿门未知'],
  'zone.yes': ['in the door zone', '在门区'],
  'zone.no': ['outside door zone', '不在门区'],
  'zone.unknown': ['door zone unknown', '门区未知'],
  'passenger.yes': ['passenger in car', '轿厢有人'],
  'passenger.no': ['no passenger', '轿厢无人'],
  'passenger.unknown': ['passenger unknown', '有无乘客未知'],
  'chain.yes': ['safety chain closed', '安全回路接通'],
  'chain.no': ['safety chain open', '安全回路断开'],
  'chain.unknown': ['safety chain unknown', '安全回路未知'],
  'link.live': ['controller answers', '控制器应答'],
  'link.silent': ['controller silent', '控制器无应答'],
  'link.waiting': ['controller awaited', '等待控制器应答'],
  'link.none': ['sensors only', '仅用传感器'],
  'motion.up': ['going up', '上行'],
  'motion.down': ['going down', '下行'],
  'motion.run': ['moving', '运行'],
  'motion.rest': ['at rest', '静止'],
  'motion.unknown': ['motion unknown', '运行状态未知'],

  lines: ['Lines and slaves', '线路与从站'],
  noLines: ['No line in the site file: sensors only.', '站点文件无线路，仅用传感器。'],
  lineUp: ['up', '正常'],
  lineDown: ['down', '中断'],
  slave: ['slave', '从站'],
  reads: ['{ok} reads, {failed} failed', '读取 {ok} 次，失败 {failed} 次'],
  outbox: ['Outbox', '发件箱'],
  alarms: ['alarms waiting', '待发报警'],
  telemetry: ['telemetry waiting', '待发遥测'],
  full: [
    '{used} of {most}: room for about {hours} h without a network',
    '已用 {used}，上限 {most}，约可再断网 {hours} 小时',
  ],
  losses: ['{evicted} evicted, {poisoned} refused for good', '已淘汰 {evicted} 条，被拒收 {poisoned} 条'],
  uplink: ['Uplink', '上传'],
  maintainer: ['Maintainer: ', '维保单位：'],
  regional: ['Regional platform: ', '区域平台：'],
  'uplink.off': ['off', '未启用'],
  'uplink.waiting': ['waiting', '等待'],
  'uplink.connecting': ['connecting', '正在连接'],
  'uplink.online': ['online', '在线'],
  sent: ['{n} sent', '已发送 {n} 条'],
  recent: ['Recent events', '最近事件'],
  noEvents: ['Nothing yet.', '暂无事件。'],

  demo: ['Simulated lifts', '模拟电梯'],
  demoHint: ['Make something go wrong and watch.', '制造一个故障，看看会怎样。'],
  trap: ['Trap a passenger', '困住乘客'],
  hold: ['Hold the door', '挡住轿门'],
  cut: ['Cut the network', '切断网络'],
  isCut: ['cut', '已切断'],
  isWhole: ['connected', '已连接'],
  pull: ['Pull the serial line', '拔下串口线'],
  isPulled: ['pulled', '已拔下'],
  isPlugged: ['plugged in', '已插好'],
  asked: ['Done', '已执行'],
  refused: ['The box refused: {why}', '网关拒绝：{why}'],
};

let zh = remembered() ?? navigator.language.toLowerCase().startsWith('zh');

/** A private window may forbid storage: then the language is not remembered, and nothing else is lost. */
function remembered() {
  try {
    const kept = localStorage.getItem('hoistway-language');
    return kept === null ? null : kept === 'zh';
  } catch {
    return null;
  }
}

export const isChinese = () => zh;

export function switchLanguage() {
  zh = !zh;
  try {
    localStorage.setItem('hoistway-language', zh ? 'zh' : 'en');
  } catch {
    // as above
  }
}

/** The word in the language of the page, with {names} filled in. */
export function say(key, values = {}) {
  return WORDS[key][zh ? 1 : 0].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** One side of a text the box sends in both languages. */
export const pick = (text) => (zh ? text.zh : text.en);

const two = (number) => String(number).padStart(2, '0');

/** 14:03:22, with the day before it where it is not the day of `now`. */
export function timeOf(wallMs, nowMs) {
  const at = new Date(wallMs);
  const now = new Date(nowMs);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  if (at.toDateString() === now.toDateString()) return clock;
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}-`;
  return `${year}${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`;
}

/** 42 s, 3 min 05 s, 2 h 07 min, 3 d 4 h. */
export function spanOf(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [d, h, min] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60];
  const unit = zh ? { d: '天', h: '小时', min: '分', s: '秒' } : { d: ' d', h: ' h', min: ' min', s: ' s' };
  if (d > 0) return `${d}${unit.d} ${h}${unit.h}`;
  if (h > 0) return `${h}${unit.h} ${two(min)}${unit.min}`;
  if (min > 0) return `${min}${unit.min} ${two(s % 60)}${unit.s}`;
  return `${s}${unit.s}`;
}

/** 640 B, 12.5 KiB, 256 MiB. */
export function bytesOf(bytes) {
  const steps = ['B', 'KiB', 'MiB', 'GiB'];
  const step = Math.min(3, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 1024 ** step;
  return `${amount < 10 && step > 0 ? amount.toFixed(1) : Math.round(amount)} ${steps[step]}`;
}

export const countOf = (number) => number.toLocaleString(zh ? 'zh-CN' : 'en-GB');
