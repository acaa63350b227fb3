/** `hoistway ask` against a running gateway with a simulated controller on its line, over a real Mosquitto. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Mosquitto, startMosquitto } from '../../hil/wire/mosquitto.ts';
import { systemClock } from '../../src/clock.ts';
import { command } from '../../src/commands/ask.ts';
import { loadSite } from '../../src/config/load.ts';
import { GatewayError } from '../../src/errors.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { until } from '../uplink/live.ts';
import { openSerialRoom, type SerialRoom } from './rig.ts';

const dir = mkdtempSync(join(tmpdir(), 'hoistway-ask-'));
const stateDir = join(dir, 'state');
const key = join(dir, 'anna.pem');
const keysFile = join(dir, 'may-ask.keys');
let broker: Mosquitto;
let room: SerialRoom | undefined;
let gateway: Gateway | undefined;

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Values = { readonly [option: string]: string | boolean };

/** The command as main.ts calls it; what it throws is told as there. */
async function run(words: readonly string[], values: Values, signal = new AbortController().signal): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const call = {
    ...{ values, positionals: words, signal },
    print: (line: string) => void out.push(line),
    remark: (line: string) => void err.push(line),
  };
  const code = await command.run(call).catch((error: unknown) => {
    if (!(error instanceof GatewayError)) throw error;
    err.push(error.message, error.hint);
    return error.code === 'usage' ? 2 : 1;
  });
  return { code, out: out.map((line) => `${line}\n`).join(''), err: err.join('\n') };
}

const anna = (): Values => ({ broker: broker.url, box: 'box-1', 'sign-with': key });
const ask = (what: string, values: Values = {}) => run([what], { ...anna(), ...values });

test.before(async () => {
  mkdirSync(stateDir);
  broker = await startMosquitto();
  const made = await run([], { 'new-key': key });
  assert.is(made.code, 0, made.err);
  writeFileSync(keysFile, made.out);
  const uplink = `uplink:\n  url: ${broker.url}\n  requests: { publicKeysFile: ${keysFile} }\n`;
  room = await openSerialRoom(`page: null\n${uplink}`);
  gateway = await startGateway({
    ...{ loaded: await loadSite(room.site), stateDir, clock: systemClock, remark: () => undefined },
    inputs: { watch: () => () => undefined, close: async () => undefined },
    service: {
      ...{ ready: () => undefined, status: () => undefined, alive: () => undefined, stopping: () => undefined },
      watchdogMs: null,
    },
  });
  await until(() => gateway?.board().uplink.state === 'online', 'a session');
  await until(() => (gateway?.board().buses[0]?.slaves[0]?.ok ?? 0) > 0, 'the controller is read');
});
test.after(async () => {
  await gateway?.stop();
  await room?.close();
  await broker.stop();
  rmSync(dir, { recursive: true });
});

test('--new-key: a file for its owner alone, a line for the box, and nothing is written over', async () => {
  assert.is(statSync(key).mode & 0o777, 0o600, 'nobody else reads it');
  assert.match(readFileSync(keysFile, 'utf8'), /^ed25519 [A-Za-z0-9+/]{43}= anna\n$/, 'the line');
  assert.match(readFileSync(key, 'utf8'), /BEGIN PRIVATE KEY/, 'the key');
  const again = await run([], { 'new-key': key });
  assert.is(again.code, 2, 'a second time');
  assert.match(again.err, /a file that is not there yet/, 'why');
});

test('self-test: the line and its slave are read, the disk can be written', async () => {
  const { out, err, code } = await ask('self-test');
  assert.match(out, /^ok +unit 1 on line-1 \(east\): \d+ reads in 2 s/m, out + err);
  assert.match(out, /^ok +disk: \d+ ms to write and sync/m, out);
  assert.match(out, /^ok +outbox/m, out);
  assert.match(out, /^ok +uplink: connected to the broker/m, out);
  assert.match(out, /versions: hoistway /, out);
  assert.is(code, /^FAIL/m.test(out) ? 1 : 0, 'the exit code says whether all passed');
  assert.equal(
    readdirSync(stateDir).filter((name) => /self-test/.test(name)),
    [],
    'what was tried is gone',
  );
});

test('doctor: a report without secrets', async () => {
  const { out, err, code } = await ask('doctor', { json: true });
  assert.is(code, 0, err);
  const report = JSON.parse(out);
  assert.is(report.configuration.uplink.url, broker.url, 'the broker');
  assert.is(report.configuration.lifts[0].controller.profile, 'generic', 'the lift');
  assert.ok(
    report.journal.some((line: string) => /request: doctor by anna/.test(line)),
    'who asked stands in the journal',
  );
  assert.not.match(out, /Nanjing|may-ask|PRIVATE|ed25519/, 'no address, no file of keys');
});

test('live, until interrupted', async () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const call = { values: anna(), positionals: ['live'], signal: stop.signal, remark: () => undefined };
  const ended = command.run({ ...call, print: (line) => void lines.push(line) });
  await until(() => lines.length > 0, 'a view');
  stop.abort();
  assert.is(await ended, 0, 'exit code');
  assert.match(lines[0] ?? '', /^east {2}normal .* landing .* door /, 'a line of the lift');
});

test('resend and evidence of what is not there', async () => {
  const gone = await ask('resend', { boot: 'cafe.1', from: '1', to: '3' });
  assert.is(gone.code, 0, gone.err);
  assert.match(gone.out, /^0 records were sent again\nnot in the outbox any more: .*: 1-3\n$/, 'told as such');
  const none = await ask('evidence', { capture: 'none' });
  assert.is(none.code, 1, 'refused');
  assert.match(none.err, /the box refuses: there is no such capture/, 'why');
});

test('evidence into a file', async () => {
  const content = Buffer.from('hoistway '.repeat(20_000));
  writeFileSync(join(stateDir, 'captures', 'cafe_1_east_fault_7.pcapng'), content);
  const out = join(dir, 'evidence.pcapng');
  const fetched = await ask('evidence', { event: 'east/fault@7', out });
  assert.is(fetched.code, 0, fetched.err);
  assert.match(fetched.out, /evidence\.pcapng: 180000 bytes, SHA-256 [0-9a-f]{64}\n$/, fetched.out);
  assert.ok(readFileSync(out).equals(content), 'byte for byte');
});

test('a stranger is refused, and words that are off are told', async () => {
  const stranger = join(dir, 'stranger.pem');
  await run([], { 'new-key': stranger });
  const refused = await ask('self-test', { 'sign-with': stranger, 'key-name': 'anna' });
  assert.is(refused.code, 1, 'exit code');
  assert.match(refused.err, /no key of the box fits this signature/, 'why');
  const given: readonly (readonly [values: Values, said: RegExp])[] = [
    [{}, /--broker/],
    [{ broker: 'mqtt://x' }, /--box/],
    [{ broker: 'mqtt://x', box: 'b' }, /--sign-with/],
    [{ broker: 'mqtt://x', box: 'b', 'sign-with': '/none' }, /a key that --new-key made/],
  ];
  for (const [values, said] of given) {
    const { code, err } = await run(['self-test'], values);
    assert.is(code, 2, JSON.stringify(values));
    assert.match(err, said, JSON.stringify(values));
  }
  const off = await ask('frobnicate');
  assert.is(off.code, 2, 'a request that there is not');
});

test.run();
