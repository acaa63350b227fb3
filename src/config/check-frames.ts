/** Checks of pushed frames: within the `frames` of a profile, and of the lines that carry them. */

import { t } from '../language.ts';
import { overheadBytes, tailBytes } from '../sense/push.ts';
import { type Checks, numbered, type SoundSite } from './checks.ts';
import type { Frames } from './frames.ts';
import { type Path, shown } from './problems.ts';
import type { Profile } from './profile.ts';

/** What the schema alone cannot see; false where something is wrong. */
export function checkFrames(frames: Frames, checks: Pick<Checks, 'problem'>): boolean {
  const wrong = [...lengthProblems(frames), ...certaintyProblems(frames), ...placeProblems(frames)];
  for (const [key, said, expected] of wrong) checks.problem(['frames', ...key], said, expected);
  return wrong.length === 0;
}

type Wrong = readonly [key: Path, said: string, expected: string];

function lengthProblems({ bytes, length }: Frames): Wrong[] {
  if ((bytes === undefined) !== (length === undefined)) return [];
  const said = bytes === undefined ? t('no length', '没有长度') : t('two lengths', '有两个长度');
  return [[[], said, t('`bytes` or `length`, one of the two', '`bytes` 与 `length` 二者之一')]];
}

/** Whether what is found can be told from noise. */
function certaintyProblems({ start, bytes, end, check }: Frames): Wrong[] {
  if (check === 'none' && (start.length === 0 || bytes === undefined || end.length === 0)) {
    return [
      [['check'], 'none', t('a check, or `start`, `bytes` and `end`', '一种校验，或 `start`、`bytes` 和 `end` 俱全')],
    ];
  }
  if (start.length > 0 || bytes !== undefined) return [];
  return [[['start'], t('no start bytes', '没有起始字节'), t('some, or `bytes`', '起始字节，或 `bytes`')]];
}

function placeProblems(frames: Frames): Wrong[] {
  const { start, bytes, length, unitOffset, type, payloadOffset, maxBytes, checkFrom } = frames;
  const wrong: Wrong[] = [];
  const least = overheadBytes(frames) + 1;
  const outside = (key: Path, said: string, expected: string) => wrong.push([key, said, expected]);
  if (payloadOffset < start.length) {
    outside(
      ['payloadOffset'],
      String(payloadOffset),
      t(`${start.length} or more, after \`start\``, `不小于 ${start.length}，在 start 之后`),
    );
  }
  if (length && (length.offset < start.length || length.offset + length.width > payloadOffset)) {
    const said = t(
      `bytes ${length.offset} to ${length.offset + length.width - 1}`,
      `第 ${length.offset} 至 ${length.offset + length.width - 1} 字节`,
    );
    outside(['length', 'offset'], said, t('between `start` and `payloadOffset`', '在 start 与 payloadOffset 之间'));
  }
  const most = bytes ?? maxBytes;
  if (most < least) {
    outside(
      [bytes === undefined ? 'maxBytes' : 'bytes'],
      String(most),
      t(
        `${least} or more: head, a byte of payload, check and end`,
        `不小于 ${least}：头、至少一字节载荷、校验和结束字节`,
      ),
    );
  }
  // Of a frame whose length is not known, as much as the shortest has.
  const sure = bytes ?? least;
  for (const [key, offset, below] of [
    [['unitOffset'], unitOffset, sure],
    [['type', 'offset'], type?.offset, sure],
    [['checkFrom'], checkFrom, sure - tailBytes(frames)],
  ] as const) {
    if (offset !== undefined && offset >= below) {
      outside(
        key,
        String(offset),
        t(`less than ${below}: what the shortest frame has`, `小于 ${below}：最短帧的字节数`),
      );
    }
  }
  return wrong;
}

/** One framing a line, and one that is listened to where it is pushed. */
export function checkFraming(site: SoundSite, profiles: ReadonlyMap<string, Profile>, checks: Checks): void {
  for (const [, bus] of numbered(site.buses)) {
    const lifts = numbered(site.lifts).flatMap(([index, { controller }]) => {
      const reference = controller?.bus === bus.id && controller?.profile;
      const profile = reference ? profiles.get(reference) : undefined;
      return profile && reference ? [{ at: ['lifts', index, 'controller'], reference, frames: profile.frames }] : [];
    });
    const pushed = lifts.find(({ frames }) => frames);
    if (!pushed) continue;
    const listened = bus.type === 'rtu' && bus.listen === true;
    const id = shown(bus.id);
    for (const { at, reference, frames } of lifts) {
      if (frames && !listened) {
        checks.problem(
          [...at, 'bus'],
          t(
            `${id} is asked, and ${reference} is of controllers that push frames`,
            `${id} 为轮询总线，而 ${reference} 的控制器主动发送帧`,
          ),
          t('a serial line with `listen: true`', '设有 `listen: true` 的串行总线'),
        );
      }
      if (reference !== pushed.reference) {
        const line = checks.lineOf([...pushed.at, 'profile']);
        checks.problem(
          [...at, 'profile'],
          t(
            `${reference} on ${id}, which carries the frames of line ${line}`,
            `${reference}，而 ${id} 已用第 ${line} 行的帧格式`,
          ),
          t(`${pushed.reference}: one framing a line`, `${pushed.reference}：每条总线一种帧格式`),
        );
      }
    }
    const [, second] = lifts.filter(({ frames }) => frames);
    if (pushed.frames?.unitOffset === undefined && second) {
      checks.problem(
        [...second.at, 'bus'],
        t(`a second lift on ${id}, whose frames do not say whose they are`, `${id} 上的第二台电梯，而其帧不含编号`),
        t('a line for each lift', '每台电梯各用一条总线'),
      );
    }
    checkModulesApart(site, bus.id, checks);
  }
}

function checkModulesApart(site: SoundSite, bus: string | undefined, checks: Checks): void {
  for (const [index, { inputs }] of numbered(site.lifts)) {
    for (const [signal, input] of Object.entries(inputs ?? {})) {
      if (input?.bus !== bus || bus === undefined) continue;
      checks.problem(
        ['lifts', index, 'inputs', signal, 'bus'],
        t(`a module on ${shown(bus)}, which carries pushed frames`, `${shown(bus)} 上的模块，而该总线传送主动发送的帧`),
        t('another line', '另一条总线'),
      );
    }
  }
}
