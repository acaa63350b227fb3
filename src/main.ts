#!/usr/bin/env node
/** The command line: one line per command. Each file in commands/ says what its command takes and how it exits. */

import { parseArgs } from 'node:util';
import type { Call, Command } from './commands/command.ts';
import { GatewayError } from './errors.ts';
import { t } from './language.ts';
import { packageVersion } from './package.ts';

/** Loaded when called, so that `check` does not wait for the drivers of `run`. */
const commands: { [name: string]: () => Promise<{ command: Command }> } = {
  run: () => import('./commands/run.ts'),
  demo: () => import('./commands/demo.ts'),
  check: () => import('./commands/check.ts'),
  plan: () => import('./commands/plan.ts'),
  scan: () => import('./commands/scan.ts'),
  profile: () => import('./commands/profile.ts'),
  record: () => import('./commands/record.ts'),
  import: () => import('./commands/import.ts'),
  replay: () => import('./commands/replay.ts'),
  simulate: () => import('./commands/simulate.ts'),
  listen: () => import('./commands/listen.ts'),
  ask: () => import('./commands/ask.ts'),
  fleet: () => import('./commands/fleet.ts'),
  authority: () => import('./commands/authority.ts'),
  enrol: () => import('./commands/enrol.ts'),
};

const [name = '--help', ...words] = process.argv.slice(2);
process.exitCode = await main(name, words);

async function main(name: string, words: string[]): Promise<number> {
  if (name === '--version') return out(packageVersion);
  if (name === '--help' || name === 'help') return out(await overview());
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    process.stderr.write(
      `${t('no such command', '没有这个命令')}: ${name}\n${t('commands', '命令')}: ${Object.keys(commands).join(', ')}\n`,
    );
    return 2;
  }
  const { command } = await load();
  if (words.includes('--help') || words.includes('-h')) return out(helpOf(command));
  const call = callOf(command, words);
  if (typeof call === 'string') {
    process.stderr.write(`${call}\n${t('usage', '用法')}: hoistway ${command.name} ${command.usage}\n`);
    return 2;
  }
  try {
    return await command.run(call);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    process.stderr.write(`${error.message}\n${t('next', '下一步')}: ${error.hint}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
}

function out(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function callOf(command: Command, words: string[]): Call | string {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  // A reader that goes away (`| head`) ends the command as an interrupt would.
  process.stdout.on('error', () => stop.abort());
  // Nobody reads the journal: the service goes on without it.
  process.stderr.on('error', () => undefined);
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: Object.fromEntries(
        Object.entries(command.options).map(([key, { help: _, ...option }]) => [key, option]),
      ),
      allowPositionals: true,
    });
    const [least, most] = command.positionals;
    if (positionals.length < least) return t('something is missing', '缺少参数');
    if (positionals.length > most) return `${t('too much', '参数多余')}: ${positionals.slice(most).join(' ')}`;
    const missing = command.required?.filter((key) => values[key] === undefined) ?? [];
    if (missing.length > 0) return `${t('missing', '缺少')}: ${missing.map((key) => `--${key}`).join(', ')}`;
    return {
      values: values as Call['values'],
      positionals,
      signal: stop.signal,
      print: (line) => void process.stdout.write(`${line}\n`),
      remark: (line) => void process.stderr.write(`${line}\n`),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function helpOf(command: Command): string {
  const rows = [
    `hoistway ${command.name} ${command.usage}`,
    '',
    command.summary,
    '',
    ...Object.entries(command.options).map(
      ([key, option]) => `  --${`${key}${option.type === 'string' ? ' …' : ''}`.padEnd(20)} ${option.help}`,
    ),
    '',
    t('exit codes', '退出码'),
    `  0  ${t('done', '完成')}`,
    ...Object.entries(command.exits).map(([code, meaning]) => `  ${code}  ${meaning}`),
    `  2  ${t('the words of the call are off', '命令行有误')}`,
  ];
  return rows.join('\n');
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map(async (load) => (await load()).command));
  const rows = all.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
  return [
    `hoistway ${packageVersion}: ${t('the machine-room gateway for lifts', '电梯机房网关')}`,
    '',
    ...rows,
    '',
    t('hoistway COMMAND --help tells the rest.', '详见 hoistway 命令 --help'),
  ].join('\n');
}
