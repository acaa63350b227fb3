/** The page of a running box. A port that is taken does not stop the box: the page is tried again until it is free. */

import { type Clock, sleep } from '../clock.ts';
import { GatewayError, reasonOf } from '../errors.ts';
import { startPage } from './http.ts';

type Page = Awaited<ReturnType<typeof startPage>>;

export interface KeptPage {
  /** null while it has no port */
  readonly url: string | null;
  push(): void;
  stop(): Promise<void>;
}

const RETRY_MS = 10_000;

/** Resolves after the first attempt, whatever came of it. */
export async function keepPage(
  options: Parameters<typeof startPage>[0],
  clock: Clock,
  remark: (line: string) => void,
): Promise<KeptPage> {
  const stopping = new AbortController();
  let page: Page | null = null;
  let told = false;
  const attempt = async () => {
    try {
      page = await startPage(options);
    } catch (error) {
      if (!told) remark(error instanceof GatewayError ? `${error.message} (${error.hint})` : reasonOf(error));
      told = true;
    }
  };
  const retry = async () => {
    while (!page && !stopping.signal.aborted) {
      await sleep(clock, RETRY_MS, stopping.signal);
      if (!stopping.signal.aborted) await attempt();
    }
  };
  await attempt();
  const retried = retry();
  return {
    get url() {
      return page?.url ?? null;
    },
    push: () => page?.push(),
    async stop() {
      stopping.abort();
      await retried;
      await page?.stop();
    },
  };
}
