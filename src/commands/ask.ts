/** `hoistway ask`: asks a box from afar, and prints what it answers. Makes the key for it, too. */

import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { systemClock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { Asker, type AskerParts, SessionEnded } from '../requests/asker.ts';
import { LIVE_LIMIT_MINUTES } from '../requests/order.ts';
import { newKey, publicLineOf } from '../requests/sign.ts';
import { mqttClient } from '../uplink/mqtt-client.ts';
import { fetchEvidence } from './ask-evidence.ts';
import { checkLine, liveLines, refusalLine } from './ask-lines.ts';
import { brokerFields, brokerOptionsOf, misused, speaksOnlyOlder, textOf } from './broker-options.ts';
import { type Call, type Command, jsonOption, numberOf } from './command.ts';

/** Between two pieces; then the rest is asked for anew. */
const EVIDENCE_SILENCE_MS = 15_000;

export const command: Command = {
  name: 'ask',
  usage: '--broker URL --box ID --sign-with FILE WHAT | --new-key FILE',
  summary: t(
    'asks a box over MQTT, read-only: live, resend, evidence, self-test, doctor',
    '经 MQTT 向网关提问（只读）：live、resend、evidence、self-test、doctor',
  ),
  options: {
    box: { type: 'string', help: t('id of the box', '设备编号') },
    'sign-with': {
      type: 'string',
      help: t('your private key; the box has its public line', '你的私钥；网关存有其公钥行'),
    },
    'new-key': {
      type: 'string',
      help: t('makes such a key and prints the line for the box', '生成密钥，并显示供网关使用的公钥行'),
    },
    'key-name': {
      type: 'string',
      help: t('name of the key at the box; the name of its file where left out', '密钥在网关上的名称，默认为文件名'),
    },
    'topic-prefix': {
      type: 'string',
      help: t('topicPrefix of the box, hoistway/v1 where left out', '网关的 topicPrefix，默认 hoistway/v1'),
    },
    minutes: {
      type: 'string',
      help: t(
        `live: for so long, 1 to ${LIVE_LIMIT_MINUTES}; 1 where left out`,
        `live：时长 1 至 ${LIVE_LIMIT_MINUTES} 分钟，默认 1`,
      ),
    },
    boot: { type: 'string', help: t('resend: boot of the records', 'resend：记录的 boot') },
    from: { type: 'string', help: t('resend: first seq', 'resend：起始 seq') },
    to: { type: 'string', help: t('resend: last seq', 'resend：终止 seq') },
    event: { type: 'string', help: t('evidence: id of the fault', 'evidence：故障 id') },
    capture: {
      type: 'string',
      help: t('evidence: or the name that its record gives', 'evidence：或记录中的 capture 名'),
    },
    out: {
      type: 'string',
      help: t('evidence: the file to write; begun before, it is gone on with', 'evidence：输出文件；可续传'),
    },
    'piece-bytes': {
      type: 'string',
      help: t(
        'evidence: size of a piece, 256 to 32768; 16384 where left out',
        'evidence：分片大小 256 至 32768 字节，默认 16384',
      ),
    },
    json: jsonOption,
    ...brokerFields,
  },
  positionals: [0, 1],
  exits: { 1: t('refused, no answer, or a check failed', '被拒绝、无应答或自检未通过') },
  async run(call) {
    const made = textOf(call, 'new-key');
    if (made !== undefined) return makeKey(made, call);
    const parts = await partsOf(call);
    const [what = ''] = call.positionals;
    if (what === 'evidence') return evidence(parts, call);
    const asker = await opened(parts);
    const onAbort = () => asker.close();
    call.signal.addEventListener('abort', onAbort);
    try {
      return await ask(asker, what, call);
    } catch (cause) {
      if (call.signal.aborted) return 0;
      throw unanswered(parts, cause);
    } finally {
      asker.close();
    }
  },
};

async function makeKey(file: string, call: Call): Promise<number> {
  const name = nameOf(call, file) ?? hostname();
  const { privatePem, publicLine } = newKey(name);
  try {
    await writeFile(file, privatePem, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const hint = t('a file that is not there yet, in a folder that can be written', '请指定可写目录中尚不存在的文件');
    throw new GatewayError({ code: 'usage', op: t('write the key', '写入密钥'), where: file, hint, cause });
  }
  call.remark(
    t(
      `${file}: keep it to yourself. The line for publicKeysFile of the box:`,
      `${file}：请妥善保管。写入网关 publicKeysFile 的一行：`,
    ),
  );
  call.print(publicLine);
  return 0;
}

function nameOf(call: Call, file: string): string | undefined {
  const name = textOf(call, 'key-name') ?? basename(file).replace(/\.[a-z]+$/, '');
  return name.replace(/[^a-zA-Z0-9._@-]+/g, '-') || undefined;
}

async function partsOf(call: Call): Promise<AskerParts> {
  const broker = brokerOptionsOf(call, 'ask');
  const [box, file] = [textOf(call, 'box'), textOf(call, 'sign-with')];
  if (box === undefined) throw misused('--box', t('give --box ID', '请给出 --box 设备编号'));
  if (file === undefined)
    throw misused(
      '--sign-with',
      t('give --sign-with FILE, made by --new-key', '请给出 --sign-with 文件，由 --new-key 生成'),
    );
  const keyName = nameOf(call, file) ?? '';
  try {
    const privatePem = await readFile(file, 'utf8');
    publicLineOf(privatePem, keyName);
    const topicPrefix = textOf(call, 'topic-prefix') ?? 'hoistway/v1';
    return { client: mqttClient, broker, clock: systemClock, box, topicPrefix, keyName, privatePem };
  } catch (cause) {
    const hint = t('a key that --new-key made', '应为 --new-key 生成的密钥');
    throw new GatewayError({ code: 'usage', op: t('read the key', '读取密钥'), where: file, hint, cause });
  }
}

/** As MQTT 5, and where the broker speaks only the older one, as that. */
async function opened(parts: AskerParts): Promise<Asker> {
  try {
    return await Asker.open(parts);
  } catch (cause) {
    const older = cause instanceof SessionEnded && speaksOnlyOlder(cause.end) && parts.broker.protocol === '5';
    if (!older) throw unanswered(parts, cause);
    return opened({ ...parts, broker: { ...parts.broker, protocol: '3.1.1' } });
  }
}

function unanswered({ box, broker }: AskerParts, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const hint = t(
    'is the box online, and has it uplink.requests in its site file?',
    '网关是否在线，站点文件是否有 uplink.requests？',
  );
  return new GatewayError({
    code: 'uplink-failed',
    op: t(`ask ${box}`, `询问 ${box}`),
    where: new URL(broker.url).host,
    hint,
    cause,
  });
}

async function ask(asker: Asker, what: string, call: Call): Promise<number> {
  switch (what) {
    case 'live':
      return live(asker, call);
    case 'resend': {
      const boot = textOf(call, 'boot') ?? '';
      const seq = { whole: true, least: 1 };
      const range = { boot, firstSeq: numberOf(call, 'from', seq), lastSeq: numberOf(call, 'to', seq) };
      const answer = await asker.ask('resend', range);
      if (!answer.ok) return refused(answer, call);
      const gone = (answer.missing ?? []).map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
      if (call.values.json) call.print(JSON.stringify(answer));
      else {
        call.print(t(`${answer.sent} records were sent again`, `已重发 ${answer.sent} 条记录`));
        const forgotten = t(
          'not in the outbox any more: acknowledged, given up or set aside',
          '已不在待发队列：已确认、已放弃或已搁置',
        );
        if (gone.length > 0) call.print(`${forgotten}: ${gone.join(', ')}`);
      }
      return 0;
    }
    case 'self-test': {
      const answer = await asker.ask('self-test', {});
      if (!answer.ok) return refused(answer, call);
      const checks = answer.checks ?? [];
      if (call.values.json) call.print(JSON.stringify(checks));
      else for (const check of checks) call.print(checkLine(check));
      return checks.every(({ pass }) => pass) ? 0 : 1;
    }
    case 'doctor': {
      const answer = await asker.ask('doctor', {});
      if (!answer.ok) return refused(answer, call);
      call.print(JSON.stringify(answer.report, null, call.values.json ? 0 : 2));
      return 0;
    }
    default:
      throw misused(what, 'live, resend, evidence, self-test, doctor');
  }
}

function refused(answer: Parameters<typeof refusalLine>[0], call: Call): number {
  if (call.values.json) call.print(JSON.stringify(answer));
  else call.remark(refusalLine(answer));
  return 1;
}

async function live(asker: Asker, call: Call): Promise<number> {
  const minutes = call.values.minutes === undefined ? 1 : numberOf(call, 'minutes', { whole: true, least: 1 });
  let over: () => void = () => undefined;
  const end = new Promise<void>((resolve) => {
    over = resolve;
  });
  await asker.watchLive((message) => {
    if (call.values.json) call.print(JSON.stringify(message));
    else for (const line of liveLines(message)) call.print(line);
    if (message.leftMs === 0) over();
  });
  const answer = await asker.ask('live', { minutes });
  if (!answer.ok) return refused(answer, call);
  const lost = await Promise.race([end, asker.ended()]);
  if (lost && !call.signal.aborted) throw lost;
  return 0;
}

async function evidence(parts: AskerParts, call: Call): Promise<number> {
  const [event, capture, out] = [textOf(call, 'event'), textOf(call, 'capture'), textOf(call, 'out')];
  if ((event === undefined) === (capture === undefined))
    throw misused('evidence', t('either --event or --capture', '--event 与 --capture 二选一'));
  const pieceBytes =
    call.values['piece-bytes'] === undefined ? 16_384 : numberOf(call, 'piece-bytes', { whole: true, least: 256 });
  const of = event === undefined ? { capture: capture ?? '' } : { event };
  try {
    const fetched = await fetchEvidence({
      open: () => opened({ ...parts, silenceMs: EVIDENCE_SILENCE_MS }),
      of,
      pieceBytes,
      out,
      call,
    });
    if ('answer' in fetched) return refused(fetched.answer, call);
    if (call.values.json) call.print(JSON.stringify(fetched));
    else call.print(`${fetched.file}: ${fetched.bytes} ${t('bytes', '字节')}, SHA-256 ${fetched.sha256}`);
    return 0;
  } catch (cause) {
    throw unanswered(parts, cause);
  }
}
