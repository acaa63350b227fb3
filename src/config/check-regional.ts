/** Checks of the regional platform: its address, its files, and which faults it will not hear of. */

import { loadCatalogue } from '../detect/catalogue.ts';
import { t } from '../language.ts';
import { FAULTS } from '../lift/events.ts';
import { REGIONS } from '../regional/regions.ts';
import { checkFile } from './check-uplink.ts';
import type { Checks, SoundSite } from './checks.ts';

type SoundPlatform = NonNullable<SoundSite['regionalPlatform']>;
export const PLATFORM_FILES = ['passwordFile', 'caFile'] as const;

export function checkRegional(platform: SoundPlatform, siteDir: string, checks: Checks): void {
  const { url } = platform;
  if (url !== undefined) checkUrl(url, platform, checks);
  for (const key of PLATFORM_FILES) {
    const file = platform[key];
    if (file !== undefined) checkFile(['regionalPlatform', key], file, siteDir, checks);
  }
  checkCodes(platform, checks);
}

function checkUrl(url: string, { caFile }: SoundPlatform, checks: Checks): void {
  const at = ['regionalPlatform', 'url'];
  if (url.includes('@')) {
    checks.problem(
      at,
      t('a user name or password in the address', '地址中含用户名或密码'),
      t(
        'the address alone; the name in username, the password in passwordFile',
        '仅地址；用户名写 username，密码放入 passwordFile',
      ),
    );
  } else if (!URL.canParse(url) || /[?#]/.test(url)) {
    const hint = t('https://HOST:PORT, port 1 to 65535', 'https://主机:端口，端口 1 至 65535');
    checks.problem(at, t('no valid address', '地址无效'), hint);
  }
  if (url.startsWith('https:')) return;
  checks.warning(at, t('the password goes over the network in the clear', '密码将明文传输'), 'https://');
  if (caFile === undefined) return;
  checks.problem(
    ['regionalPlatform', 'caFile'],
    t('a certificate, but the address is not https://', '配置了证书，但地址不是 https://'),
    t('https:// in url, or no certificate', 'url 用 https://，或去掉证书'),
  );
}

function checkCodes({ region, faultCodes }: SoundPlatform, checks: Checks): void {
  if (region === undefined) return;
  const catalogue = loadCatalogue();
  const mute = FAULTS.filter(
    (fault) => faultCodes?.[fault] === undefined && REGIONS[region].codeOf(fault, catalogue[fault].codes, {}) === null,
  );
  if (mute.length === 0) return;
  checks.warning(
    ['regionalPlatform', 'region'],
    t(`without a number there, and so not sent: ${mute.join(', ')}`, `平台无代码，不上报：${mute.join('、')}`),
    t('the numbers that the platform gave, in faultCodes', '在 faultCodes 填写平台给出的代码'),
  );
}
