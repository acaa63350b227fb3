/** Checks of the uplink: what goes with what, and that the files named are there. */

import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { t } from '../language.ts';
import { type Checks, Once, type SoundSite } from './checks.ts';
import type { Path } from './problems.ts';

type SoundUplink = NonNullable<SoundSite['uplink']>;
/** Which of the two: the city's, or the maintainer's. */
type Block = 'uplink' | 'maintainerUplink';
export const UPLINK_FILES = ['passwordFile', 'caFile', 'certFile', 'keyFile'] as const;

/** `%d` at the beginning: the credentials directory that systemd gives the service. */
export function isCredential(file: string): boolean {
  return file.startsWith('%d');
}

export function checkUplink(block: Block, uplink: SoundUplink, siteDir: string, checks: Checks): void {
  const urls = [uplink.url, ...(uplink.alternatives ?? [])];
  const once = new Once(checks);
  urls.forEach((url, n) => {
    const at = n === 0 ? [block, 'url'] : [block, 'alternatives', n - 1];
    if (url !== undefined) checkUrl(url, at, uplink, checks);
    once.see(url, at, (line) =>
      checks.problem(
        at,
        t(`the broker of line ${line} again`, `与第 ${line} 行相同`),
        t('each broker once', '每个服务器只列一次'),
      ),
    );
  });
  if (urls.some((url) => url !== undefined && !isSecure(url))) checkClear(block, uplink, checks);
  const pairs = [
    ['keyFile', 'certFile'],
    ['certFile', 'keyFile'],
  ] as const;
  for (const [one, other] of pairs) {
    if (uplink[one] === undefined || other in uplink) continue;
    checks.problem(
      [block, one],
      t(`${one} without ${other}`, `有 ${one} 而无 ${other}`),
      t('both, or neither', '两者同时给出'),
    );
  }
  if (uplink.protocol === '3.1.1' && uplink.passwordFile !== undefined && !('username' in uplink)) {
    checks.problem(
      [block, 'passwordFile'],
      t('a password without username', '有密码而无 username'),
      t('username too: MQTT 3.1.1 has no password alone', '同时给出 username：MQTT 3.1.1 不允许只有密码'),
    );
  }
  for (const key of UPLINK_FILES) {
    const file = uplink[key];
    if (file !== undefined) checkFile([block, key], file, siteDir, checks);
  }
  const keys = uplink.requests?.publicKeysFile;
  if (keys !== undefined) checkFile([block, 'requests', 'publicKeysFile'], keys, siteDir, checks);
}

function checkUrl(url: string, at: Path, uplink: SoundUplink, checks: Checks): void {
  if (url.includes('@')) {
    const hint = t(
      'the address alone; the name in username, the password in passwordFile',
      '仅地址；用户名写 username，密码放入 passwordFile',
    );
    checks.problem(at, t('a user name or password in the address', '地址中含用户名或密码'), hint);
  } else if (!URL.canParse(url)) {
    checks.problem(
      at,
      t('no valid address', '地址无效'),
      t('mqtts://HOST:PORT, port 1 to 65535', 'mqtts://主机:端口，端口 1 至 65535'),
    );
  }
  if (uplink.passwordFile !== undefined && !isSecure(url)) {
    checks.warning(at, t('the password goes over the network in the clear', '密码将明文传输'), 'mqtts://');
  }
}

function isSecure(url: string): boolean {
  return /^(mqtts|wss):/.test(url);
}

/** Certificates, and a broker that is asked without TLS. */
function checkClear(block: Block, uplink: SoundUplink, checks: Checks): void {
  for (const key of ['caFile', 'certFile', 'keyFile'] as const) {
    if (uplink[key] === undefined) continue;
    checks.problem(
      [block, key],
      t('a certificate, but the address is not mqtts://', '配置了证书，但地址不是 mqtts://'),
      t('mqtts:// in url, or no certificate', 'url 用 mqtts://，或去掉证书'),
    );
  }
}

/** That the file which a setting names is there; `at` is the path of the setting. */
export function checkFile(at: Path, file: string, siteDir: string, checks: Checks): void {
  const directory = process.env.CREDENTIALS_DIRECTORY;
  if (isCredential(file) && directory === undefined) {
    checks.warning(
      at,
      t(`${file} is seen by the service only`, `${file} 仅服务运行时可见`),
      t('LoadCredential= of that name in the unit', '服务单元中有同名 LoadCredential='),
    );
    return;
  }
  const path = isCredential(file) ? `${directory}${file.slice(2)}` : resolve(siteDir, file);
  const kind = kindOf(path);
  if (kind === 'file') return;
  // What looks like no path may be the password itself.
  const name = at.at(-1) === 'passwordFile' && !/^(\/|\.\.?\/|%d)/.test(file) ? t('the file named', '所指文件') : file;
  const said =
    kind === 'other'
      ? t(`${name} is not a file`, `${name} 不是文件`)
      : t(`${name} is not there, or not to be seen by this user`, `${name} 不存在，或当前用户看不到`);
  const tell = isCredential(file) ? checks.warning : checks.problem;
  tell(at, said, t('a file; relative to the site file, or from /', '文件路径：相对站点文件，或以 / 开头'));
}

function kindOf(path: string): 'file' | 'other' | 'none' {
  try {
    return statSync(path).isFile() ? 'file' : 'other';
  } catch {
    return 'none';
  }
}
