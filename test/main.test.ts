import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageVersion } from '../src/package.ts';
import { hoistway } from './commands/cli.ts';

const COMMANDS = [
  'run',
  'demo',
  'check',
  'plan',
  'scan',
  'record',
  'import',
  'replay',
  'simulate',
  'listen',
  'ask',
] as const;
const CHINESE = { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' };
const HAN = /\p{Script=Han}/u;

test('without words, and with --help, every command is told in a line', async () => {
  const [bare, asked, chinese] = await Promise.all([hoistway([]), hoistway(['--help']), hoistway(['--help'], CHINESE)]);
  assert.is(bare.code, 0, bare.err);
  assert.is(bare.out, asked.out, 'the same');
  for (const command of COMMANDS) {
    assert.match(asked.out, new RegExp(`^  ${command} +\\S.+`, 'm'), `${command} in English`);
    assert.match(chinese.out, new RegExp(`^  ${command} .*\\p{Script=Han}`, 'mu'), `${command} in Chinese`);
  }
  assert.not.match(asked.out, HAN, 'English has no Chinese in it');
});

test('--version', async () => {
  const { code, out } = await hoistway(['--version']);
  assert.is(code, 0, 'exit code');
  assert.is(out, `${packageVersion}\n`, 'that of the package');
});

for (const command of COMMANDS) {
  test(`${command} --help, in English and in Chinese`, async () => {
    const [en, zh] = await Promise.all([hoistway([command, '--help']), hoistway([command, '--help'], CHINESE)]);
    assert.is(en.code, 0, en.err);
    assert.is(zh.code, 0, zh.err);
    assert.match(en.out, new RegExp(`^hoistway ${command} `), 'how it is called');
    assert.match(en.out, /\nexit codes\n {2}0 {2}done\n/, 'how it exits');
    assert.match(en.out, /\n {2}2 {2}the words of the call are off\n/, 'also where the words are off');
    assert.not.match(en.out, HAN, 'English has no Chinese in it');
    const said = (text: string) => text.split('\n').filter((line) => /^ {2}(--|\d)/.test(line));
    assert.is(said(zh.out).length, said(en.out).length, 'as many options and exit codes in both');
    for (const line of said(zh.out)) assert.match(line, HAN, `in Chinese: ${line}`);
    const options = [...en.out.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, option]) => option);
    for (const [, option] of (en.out.split('\n')[0] ?? '').matchAll(/--([a-z-]+)/g)) {
      assert.ok(options.includes(option), `--${option} is explained`);
    }
  });
}

const WRONG: readonly (readonly [why: string, words: readonly string[], said: RegExp])[] = [
  ['a command that is not there', ['frobnicate'], /no such command: frobnicate\ncommands: run, demo/],
  ['a word that every object knows', ['constructor'], /no such command: constructor/],
  ['run without --site', ['run'], /missing: --site\nusage: hoistway run --site FILE/],
  ['record without --out', ['record', '--site', 'x'], /missing: --out/],
  ['record with neither', ['record'], /missing: --site, --out/],
  ['scan of no port', ['scan'], /something is missing/],
  ['scan of an address that no slave has', ['scan', '/dev/null', '--units', '0-9'], /--units.*0-9\nnext: numbers of 1/],
  ['scan at a baud that is none', ['scan', '/dev/null', '--bauds', '9601'], /--bauds.*9601\nnext: 1200/],
  ['replay without a capture', ['replay', '--site', 'x'], /something is missing/],
  ['replay of two captures', ['replay', 'a', 'b', '--site', 'x'], /too much: b/],
  ['simulate without hours', ['simulate', '--seed', '1'], /missing: --hours/],
  ['an option that is not there', ['run', '--sight', 'x'], /--sight/],
  ['an option without its value', ['run', '--site'], /--site/],
  ['a bare word too many', ['run', 'x', '--site', 'x'], /too much: x/],
];

for (const [why, words, said] of WRONG) {
  test(`exit 2: ${why}`, async () => {
    const { code, out, err } = await hoistway(words);
    assert.match(err, said, 'what is off');
    assert.not.match(err, /\n {4}at /, 'without a stack');
    assert.is(out, '', 'nothing on standard output');
    assert.is(code, 2, 'exit code');
  });
}

test('a site file that is not there: exit 1, what and where and next', async () => {
  const [en, zh] = await Promise.all([
    hoistway(['run', '--site', '/nowhere/site.yaml']),
    hoistway(['run', '--site', '/nowhere/site.yaml'], CHINESE),
  ]);
  assert.is(en.code, 1, 'exit code');
  assert.match(
    en.err,
    /^reading the site file failed at \/nowhere\/site\.yaml: .*\nnext: .+\n$/,
    'three things, two lines',
  );
  assert.match(zh.err, /^\p{Script=Han}.*\/nowhere\/site\.yaml[\s\S]*下一步: /u, 'in Chinese');
});

test.run();
