import { systemClock } from '../clock.ts';
import { enrol, renew } from '../enrol/identity.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import type { Command } from './command.ts';

/** The box's side: its key and certificate for the uplink. */
export const command: Command = {
  name: 'enrol',
  usage: '--url https://HOST:PORT --state DIR --code CODE | --renew',
  summary: t('gets this box its certificate by a one-time code, or renews it', '用一次性注册码为本机申请证书，或续期'),
  options: {
    url: { type: 'string', help: t('of the service that `authority serve` runs', 'authority serve 的地址') },
    state: {
      type: 'string',
      help: t('folder; key and certificate go to DIR/identity', '目录；密钥和证书存于 DIR/identity'),
    },
    code: { type: 'string', help: t('as `authority code` printed it', 'authority code 给出的注册码') },
    renew: {
      type: 'boolean',
      help: t(
        'with the present certificate, once a third of its life is left; call it every day',
        '剩余有效期不足三分之一时用现有证书续期；请每日执行',
      ),
    },
  },
  required: ['url', 'state'],
  positionals: [0, 0],
  exits: { 1: t('refused, or not reached; the reason is told', '被拒绝或无法连接，会说明原因') },
  async run({ values, print }) {
    const [url, state] = [String(values.url), String(values.state)];
    if (!/^https:\/\/[^\s/]+$/.test(url)) throw misused(`--url ${url}`, 'https://HOST:PORT');
    if ((values.code === undefined) !== (values.renew === true))
      throw misused('--code, --renew', t('one of the two', '两者取其一'));
    const enrolled = values.renew
      ? await renew(url, state, new Date(systemClock.wallMs()))
      : await enrol(url, String(values.code), state);
    if (!enrolled) {
      print(t('not yet time to renew', '尚未到续期时间'));
      return 0;
    }
    const { box, files, until } = enrolled;
    print(
      t(`${box}, until ${until.toISOString().slice(0, 10)}`, `${box}，有效期至 ${until.toISOString().slice(0, 10)}`),
    );
    for (const [key, file] of Object.entries(files)) print(`${key}: ${file}`);
    return 0;
  },
};

function misused(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('read the words of the call', '解析命令行'), where, hint });
}
