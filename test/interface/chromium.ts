/** A real Chromium without a window, driven over the pipe of its debugging protocol: enough for the tests of the page. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface View {
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** what the browser says its person reads: en-GB, zh-CN */
  readonly language?: string;
  readonly scheme?: 'dark' | 'light';
}

export interface OpenPage {
  /** Runs an expression in the page; a promise is waited for. Rejects with what it throws. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until an expression is true in the page; rejects after `limitMs` with what was waited for. */
  until(expression: string, limitMs?: number): Promise<void>;
  click(selector: string): Promise<void>;
  /** Presses and lets go one key: Tab, Enter. */
  key(name: string): Promise<void>;
  /** A PNG of the whole page, at the width of the view. */
  screenshot(path: string): Promise<void>;
  /** What the console was told, and everything the page asked for. */
  readonly problems: readonly string[];
  readonly requested: readonly string[];
  close(): Promise<void>;
}

const PROGRAM = '/usr/bin/chromium';
export const hasChromium = existsSync(PROGRAM);

const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-pipe',
];

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly [name: string]: unknown };
  readonly result?: { readonly [name: string]: unknown };
  readonly error?: { readonly message: string };
}

/** The two ends of the pipe: JSON messages that end with a NUL. */
class Pipe {
  readonly #out: Writable;
  readonly #waiting = new Map<
    number,
    { resolve(result: NonNullable<Message['result']>): void; reject(error: Error): void }
  >();
  readonly #onEvent: (message: Message) => void;
  #rest = '';
  #id = 0;
  session: string | undefined;

  constructor(out: Writable, from: Readable, onEvent: (message: Message) => void) {
    this.#out = out;
    this.#onEvent = onEvent;
    from.setEncoding('utf8');
    from.on('data', (text: string) => this.#take(text));
    from.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium has gone'));
      this.#waiting.clear();
    });
    out.on('error', () => undefined);
  }

  send(method: string, params: object = {}): Promise<NonNullable<Message['result']>> {
    const id = ++this.#id;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#out.write(`${JSON.stringify({ id, method, params, sessionId: this.session })}\0`);
    });
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id === undefined) this.#onEvent(message);
      const waiting = this.#waiting.get(message.id ?? 0);
      this.#waiting.delete(message.id ?? 0);
      if (message.error) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result ?? {});
    }
  }
}

/** Starts a browser of its own for the page. Close it, or it outlives the test. */
export async function openPage(url: string, view: View = {}): Promise<OpenPage> {
  const { widthPx = 1280, heightPx = 800, language = 'en-GB', scheme = 'dark' } = view;
  const profile = await mkdtemp(join(tmpdir(), 'hoistway-chromium-'));
  const child = spawn(PROGRAM, [...SWITCHES, `--user-data-dir=${profile}`, `--lang=${language}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const problems: string[] = [];
  const requested: string[] = [];
  const pipe = new Pipe(child.stdio[3] as Writable, child.stdio[4] as Readable, (message) =>
    note(message, problems, requested),
  );
  const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  pipe.session = sessionId as string;
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await pipe.send(`${domain}.enable`);
  await pipe.send('Emulation.setLocaleOverride', { locale: language });
  await pipe.send('Network.setUserAgentOverride', { userAgent: 'hoistway test', acceptLanguage: language });
  await pipe.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const size = { width: widthPx, height: heightPx, deviceScaleFactor: 1, mobile: widthPx < 720 };
  await pipe.send('Emulation.setDeviceMetricsOverride', size);
  await pipe.send('Page.navigate', { url });
  return { ...toolsOf(pipe), problems, requested, close: () => close(pipe, child, profile) };
}

function note({ method, params }: Message, problems: string[], requested: string[]): void {
  if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded') problems.push(JSON.stringify(params));
  else if (method === 'Runtime.consoleAPICalled') problems.push(JSON.stringify(params?.args));
  else if (method === 'Network.requestWillBeSent')
    requested.push(String((params as { request: { url: string } }).request.url));
}

function toolsOf(pipe: Pipe): Pick<OpenPage, 'evaluate' | 'until' | 'click' | 'key' | 'screenshot'> {
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await pipe.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = answer as { result: { value?: unknown }; exceptionDetails?: unknown };
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  };
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    evaluate,
    async until(expression, limitMs = 5000) {
      const endMs = performance.now() + limitMs;
      // A page that is just being loaded has nothing to look at yet: what fails there is not so yet.
      let last: unknown = null;
      const holds = () => evaluate(expression).catch((error: Error) => (last = error.message));
      while ((await holds()) !== true) {
        if (performance.now() > endMs) throw new Error(`not within ${limitMs} ms: ${expression} ${last ?? ''}`);
        await wait(20);
      }
    },
    async click(selector) {
      const place = `(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: 'center' });
        const { x, y, width, height } = e.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`;
      const at = (await evaluate(place)) as { x: number; y: number };
      for (const type of ['mousePressed', 'mouseReleased']) {
        await pipe.send('Input.dispatchMouseEvent', { type, ...at, button: 'left', clickCount: 1 });
      }
    },
    async key(name) {
      const text = name === 'Enter' ? { text: '\r' } : {};
      const code = { Tab: 9, Enter: 13 }[name] ?? 0;
      for (const type of ['keyDown', 'keyUp']) {
        await pipe.send('Input.dispatchKeyEvent', {
          type,
          key: name,
          code: name,
          windowsVirtualKeyCode: code,
          ...text,
        });
      }
    },
    async screenshot(path) {
      const { data } = await pipe.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      await writeFile(path, Buffer.from(data as string, 'base64'));
    },
  };
}

async function close(pipe: Pipe, child: ChildProcess, profile: string): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  pipe.session = undefined;
  if (child.exitCode === null) {
    await pipe.send('Browser.close').catch(() => child.kill('SIGKILL'));
    await gone;
  }
  await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
