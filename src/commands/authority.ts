import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { Authority } from '../enrol/authority.ts';
import { startService } from '../enrol/service.ts';
import { GatewayError } from '../errors.ts';
import { t } from '../language.ts';
import { type Call, type Command, numberOf } from './command.ts';
import { untilStopped } from './run.ts';

const BOX_DAYS = 90;
const CODE_HOURS = 72;

/** The platform's side of enrolling boxes. */
export const command: Command = {
  name: 'authority',
  usage:
    'init --dir DIR | code --dir DIR --box ID [--hours H] | server --dir DIR --hosts NAMES --out DIR | ' +
    'serve --dir DIR --hosts NAMES --listen HOST:PORT [--days D]',
  summary: t(
    'certificates for boxes: a local authority, one-time codes, the service they enrol at',
    '网关证书：本地证书机构、一次性注册码和注册服务',
  ),
  options: {
    dir: { type: 'string', help: t('folder of the authority; its key is in it', '证书机构目录（含私钥）') },
    hosts: {
      type: 'string',
      help: t(
        'server, serve: names and addresses that boxes call it by, with commas between',
        'server、serve：网关访问所用的名称或地址，逗号分隔',
      ),
    },
    out: {
      type: 'string',
      help: t('server: folder for key.pem and cert.pem of a broker', 'server：消息服务器 key.pem 和 cert.pem 的目录'),
    },
    box: { type: 'string', help: t('code: the id of the box that the code is for', 'code：注册码所属网关的 id') },
    hours: { type: 'string', help: t('code: how long it may be used; 72', 'code：有效小时数，默认 72') },
    listen: { type: 'string', help: t('serve: where boxes come to', 'serve：监听地址') },
    days: {
      type: 'string',
      help: t('serve: how long a certificate of a box lasts; 90', 'serve：网关证书有效天数，默认 90'),
    },
  },
  required: ['dir'],
  positionals: [1, 1],
  exits: { 1: t('the folder, openssl or the port fails', '目录、openssl 或端口出错') },
  async run(call) {
    const directory = String(call.values.dir);
    const days = call.values.days === undefined ? BOX_DAYS : numberOf(call, 'days', { whole: true, least: 1 });
    switch (call.positionals[0]) {
      case 'init':
        await Authority.init(directory);
        return 0;
      case 'server': {
        const out = matching(call, 'out', /./);
        const { key, cert } = await new Authority(directory, days).serverIdentity(hostsOf(call));
        mkdirSync(out, { recursive: true });
        writeFileSync(join(out, 'key.pem'), key, { mode: 0o600 });
        writeFileSync(join(out, 'cert.pem'), cert);
        return 0;
      }
      case 'code': {
        const box = matching(call, 'box', /^[a-z0-9][a-z0-9-]*$/);
        const hours = call.values.hours === undefined ? CODE_HOURS : numberOf(call, 'hours', { least: 0.01 });
        call.print(new Authority(directory, days).newCode(box, hours * 3_600_000, systemClock.wallMs()));
        return 0;
      }
      case 'serve': {
        const [, host = '', port] = /^(.+):(\d+)$/.exec(matching(call, 'listen', /^.+:\d+$/)) ?? [];
        const parts = { host, port: Number(port), hosts: hostsOf(call), clock: systemClock, remark: call.remark };
        const service = await startService({ authority: new Authority(directory, days), ...parts });
        call.remark(t(`boxes enrol at port ${service.port}`, `注册服务端口 ${service.port}`));
        await untilStopped(call);
        await service.close();
        return 0;
      }
      default:
        throw misused(String(call.positionals[0]), 'init, code, server, serve');
    }
  },
};

function hostsOf(call: Call): readonly string[] {
  return matching(call, 'hosts', /^[\w.:-]+(,[\w.:-]+)*$/).split(',');
}

function matching(call: Call, option: string, rule: RegExp): string {
  const said = String(call.values[option] ?? '');
  if (rule.test(said)) return said;
  throw misused(`--${option} ${said}`, t('see --help', '见 --help'));
}

function misused(where: string, hint: string): GatewayError {
  return new GatewayError({ code: 'usage', op: t('read the words of the call', '解析命令行'), where, hint });
}
