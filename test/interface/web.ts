/** Plain HTTP to a page, as a browser or a monitor speaks it. */

import { type IncomingHttpHeaders, request } from 'node:http';
import type { Board } from '../../src/interface/board.ts';
import type { Page } from '../../src/interface/http.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** One request with the path exactly as written. */
export function ask(page: Page, path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const { hostname, port } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** An open stream: the boards heard so far. */
export function listen(page: Page): Promise<{ heard: Board[]; closed: Promise<void>; close(): void; status: number }> {
  const { hostname, port } = new URL(page.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: '/events', agent: false }, (response) => {
      const heard: Board[] = [];
      let rest = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        const frames = (rest + part).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) if (frame.startsWith('data: ')) heard.push(JSON.parse(frame.slice(6)));
      });
      const closed = new Promise<void>((done) => response.on('close', done));
      response.on('error', () => undefined);
      resolve({ heard, closed, close: () => asked.destroy(), status: response.statusCode ?? 0 });
    });
    asked.on('error', reject);
    asked.end();
  });
}
