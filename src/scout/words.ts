/** What was found, in words: how sure, why, and what to do next. Pure. */

import { t } from '../language.ts';
import { SIGNALS } from '../lift/signals.ts';
import { formText } from '../sense/wire-time.ts';
import { MOST_EXAMINED, type Progress } from './asking.ts';
import type { MasterAsk } from './ear.ts';
import type { Slave } from './examine.ts';
import type { Reason, Recognised, Sureness } from './recognise.ts';
import { settingsDoubt } from './settings.ts';
import type { Scouted } from './sweep.ts';

const and = () => t('; ', '；');

export function progressText({ doing, settings, unit, found, leftMs }: Progress): string {
  const at = settings ? `${formText(settings)} ` : '';
  const what = {
    listen: t('listening', '监听'),
    ask: t(`asking unit ${unit}`, `询问站号 ${unit}`),
    examine: t(`looking at unit ${unit}`, `识别站号 ${unit}`),
  }[doing];
  const seconds = Math.round(leftMs / 1000);
  return `${at}${what} · ${t(`${found} found`, `已发现 ${found}`)} · ${t(`at most ${seconds} s left`, `最多剩余 ${seconds} 秒`)}`;
}

/** The whole report, a line each. `where`: port or address. */
export function reportLines(scouted: Scouted, where: string): string[] {
  return [...foundLines(scouted, where), ...endLines(scouted, where)];
}

function foundLines({ slaves, settings, answering }: Scouted, where: string): string[] {
  if (slaves.length === 0) return [];
  const doubt = settings && settingsDoubt(settings);
  const at = settings ? ` ${formText(settings)}${doubt ? t(` (${doubt})`, `（${doubt}）`) : ''}` : '';
  const count = t(`${answering} ${answering === 1 ? 'slave answers' : 'slaves answer'}`, `${answering} 个从站应答`);
  const more =
    answering > MOST_EXAMINED
      ? [
          t(
            `more than ${MOST_EXAMINED} answer: perhaps one device or gateway that answers for every address`,
            `应答超过 ${MOST_EXAMINED} 个：可能是同一设备或网关对所有站号作答`,
          ),
        ]
      : [];
  return [
    `${where}${at}: ${count}`,
    ...more,
    ...slaves.flatMap((slave) => slaveLines(slave, settings !== null)).map((line) => `  ${line}`),
  ];
}

/** `asked`: it was asked who it is. */
function slaveLines({ unit, late, identity, profiles }: Slave, asked: boolean): string[] {
  const name = t(`unit ${unit}`, `站号 ${unit}`);
  const said = identity.map(([, text]) => text).join(', ');
  const facts = [
    ...(said === '' ? [] : [t(`says it is ${said}`, `自报标识 ${said}`)]),
    ...(said === '' && asked ? [t('does not say who it is', '未提供设备标识')] : []),
    ...(late
      ? [t('answers late: give the bus a responseTimeoutMs of 1000', '应答较慢：请将 responseTimeoutMs 设为 1000')]
      : []),
  ];
  const head = facts.length > 0 ? `${name}: ${facts.join(and())}` : name;
  const [best, ...others] = profiles;
  if (!best) {
    return [
      head,
      t(
        '  no profile fits its registers; with its manual, copy seeds/controllers/generic.yaml',
        '  没有点表与其寄存器相符；请按其说明书复制并修改 seeds/controllers/generic.yaml',
      ),
    ];
  }
  return [head, `  ${profileText(best)}`, ...others.map((each) => `  ${profileText(each)}`)];
}

export function profileText({ profile, sure, reasons }: Recognised): string {
  return `${profile}, ${surenessText(sure)}: ${reasons.map(reasonText).filter(Boolean).join(and())}`;
}

export function surenessText(sure: Sureness): string {
  return { certain: t('certain', '确定'), likely: t('likely', '很可能'), possible: t('possible', '可能') }[sure];
}

export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case 'reads': {
      const { answered, planned } = reason;
      if (planned === 1) return t('its one read is answered', '点表仅有的 1 次读取有应答');
      return answered === planned
        ? t(`all ${planned} of its reads are answered`, `点表的 ${planned} 次读取均有应答`)
        : t(`${answered} of its ${planned} reads are answered`, `点表的 ${planned} 次读取中 ${answered} 次有应答`);
    }
    case 'telling': {
      const { fields } = reason;
      return fields === 0
        ? t('what they hold is zero and tells little', '所读数值为零，说明不了什么')
        : t(
            `${fields} ${fields === 1 ? 'field holds' : 'fields hold'} what a lift's would`,
            `${fields} 个字段的数值符合电梯的取值`,
          );
    }
    case 'implausible': {
      const { signal, value } = reason;
      const said = value === null ? t('a number that the profile does not list', '点表未列出的数值') : String(value);
      return t(`but "${SIGNALS[signal].en}" would be ${said}`, `但“${SIGNALS[signal].zh}”会是 ${said}`);
    }
    case 'byte-count':
      return t('its byte count has 16 bits, as in this family', '字节数字段为 16 位，与该系列一致');
    case 'refuses-others':
      return t('it refuses registers that it has not', '对不存在的寄存器回应异常');
    case 'named':
      return t(`it calls itself ${reason.word}`, `自报名称含 ${reason.word}`);
    case 'rival':
      return t(`but ${reason.profile} fits as well`, `但 ${reason.profile} 同样相符`);
  }
}

function endLines(scouted: Scouted, where: string): string[] {
  const { end, slaves } = scouted;
  switch (end) {
    case 'master':
      return masterLines(scouted, where);
    case 'talker':
      return [
        `${where}: ${t('something talks on this line that was not understood at any setting', '线路上有设备在通信，但各种设置下都无法解读')}${and()}${sentText(scouted)}`,
        t(
          'next: another baud (--bauds), A and B changed over, no bias or termination, or no Modbus RTU at all',
          '下一步：换波特率（--bauds），检查 A/B 是否接反、有无偏置和终端电阻，或并非 Modbus RTU',
        ),
      ];
    case 'budget':
    case 'stopped': {
      const why =
        end === 'budget'
          ? t('the time was over before all was asked (--budget SECONDS)', '时间用尽，未能全部询问（--budget 秒数）')
          : t('stopped before all was asked', '已停止，未能全部询问');
      return [...(slaves.length === 0 ? nothingLines(scouted, where) : []), why];
    }
    case 'whole':
      return slaves.length === 0 ? nothingLines(scouted, where) : [];
  }
}

function nothingLines({ settingsAsked, requestsSent, unclear }: Scouted, where: string): string[] {
  const places = settingsAsked === 0 ? '' : t(` at ${settingsAsked} settings`, `，${settingsAsked} 种设置`);
  const unclearText = unclear
    .slice(0, 4)
    .map(({ settings, unit }) => t(`unit ${unit} at ${formText(settings)}`, `站号 ${unit}（${formText(settings)}）`))
    .join(', ');
  return [
    t(
      `${where}: nobody answered ${requestsSent} requests${places}`,
      `${where}：${requestsSent} 次询问均无应答${places}`,
    ),
    ...(unclear.length > 0
      ? [
          t(
            `something came back garbled: ${unclearText}: look at the wiring, or try other --bauds`,
            `收到无法解读的应答：${unclearText}：请检查接线，或换 --bauds`,
          ),
        ]
      : []),
    t(
      'next: A and B changed over? the monitoring port? Modbus switched on in the controller? other --bauds or --units?',
      '下一步：A/B 是否接反？是否为监控口？控制器是否启用 Modbus？换 --bauds 或 --units 再试',
    ),
  ];
}

function sentText({ requestsSent }: Scouted): string {
  return requestsSent === 0
    ? t('nothing was sent', '未发送任何数据')
    : t(
        `${requestsSent} requests had been sent before it was heard, none since`,
        `听到之前已发送 ${requestsSent} 次询问，此后未再发送`,
      );
}

function masterLines(scouted: Scouted, where: string): string[] {
  const at = scouted.settings ? ` ${formText(scouted.settings)}` : '';
  return [
    `${where}${at}: ${t('another master asks on this line', '线路上已有其他主站在询问')}${and()}${sentText(scouted)}`,
    ...scouted.asks.slice(0, 16).map((ask) => `  ${askText(ask)}`),
    t(
      "next: do not ask here as well, for two masters spoil each other's replies; it can be listened to instead: listen: true at its bus in the site file (--out writes it)",
      '下一步：不要再作为第二个主站询问，否则双方应答都会被破坏；可改为只监听：站点文件中该总线设 listen: true（--out 会写入）',
    ),
  ];
}

function askText({ unit, functionCode, request, times }: MasterAsk): string {
  const name = t(`unit ${unit}`, `站号 ${unit}`);
  const often = t(`${times} times`, `${times} 次`);
  if (!request) return `${name}: ${t(`function ${functionCode}`, `功能码 ${functionCode}`)}, ${often}`;
  const { table, address, count } = request;
  const range = count === 1 ? `${address}` : `${address}…${address + count - 1}`;
  return `${name}: ${table} ${range}, ${often}`;
}
