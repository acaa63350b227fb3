/**
 * Runs uvu tests for Stryker, in the process that Stryker keeps for it. A mutant that is code of a function is switched on where
 * all is loaded already; one in what runs at loading (a table, a rule) needs the modules loaded anew while it is on.
 */

import { register } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstrumenterContext, MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { type Collected, taken } from './collect.ts';
import { distance, mutatedFiles, testFiles } from './scope.ts';

interface Test extends Collected {
  readonly id: string;
  readonly file: string;
}

/** What the instrumented code looks at, under the name that Stryker gives it. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { __stryker__: context });

/**
 * `uvu` is ours here. And the modules of the project are told apart by the `?load=` of who imports them: a new number loads all
 * of them anew.
 */
const HOOKS = `
const uvu = { url: ${JSON.stringify(new URL('./collect.ts', import.meta.url))}, format: 'module', shortCircuit: true };
export async function resolve(specifier, context, next) {
  if (specifier === 'uvu') return uvu;
  const found = await next(specifier, context);
  const load = /\\bload=\\d+/.exec(context.parentURL ?? '')?.[0];
  const ours = found.url.startsWith('file:') && !found.url.includes('/node_modules/');
  if (!load || !ours || found.url.includes(load)) return found;
  return { ...found, url: found.url + (found.url.includes('?') ? '&' : '?') + load };
}`;

class UvuRunner implements TestRunner {
  /** loaded with no mutant on */
  #base: readonly Test[] | null = null;
  readonly #tookMs = new Map<string, number>();
  /** how many mutants of a file a test has caught, by `file test` */
  readonly #caught = new Map<string, number>();
  #loads = 0;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init(): Promise<void> {
    register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
    // The same cases at every run; and a mutant is caught by the first case that fails, however large.
    fc.configureGlobal({ seed: 1, endOnFailure: true });
    Math.random = () => 0.5;
    return Promise.resolve();
  }

  async dryRun({ coverageAnalysis }: DryRunOptions): Promise<DryRunResult> {
    const mutantCoverage: MutantCoverage = { static: {}, perTest: {} };
    if (coverageAnalysis !== 'off') context.mutantCoverage = mutantCoverage;
    for (const file of mutatedFiles()) await importAt(0, file);
    const atLoading = structuredClone(mutantCoverage.static);
    const tests = await this.#loaded();
    // What a test file does while it loads is no loading of what it tests.
    mutantCoverage.static = atLoading;
    const results: TestResult[] = [];
    for (const test of tests) {
      context.currentTestId = test.id;
      results.push(await run(test));
    }
    delete context.currentTestId;
    delete context.mutantCoverage;
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, testFilter, mutantActivation, sandboxFileName } = options;
    const hitLimit = options.hitLimit && Math.ceil(options.hitLimit / 20);
    const base = await this.#loaded();
    // Stryker allows a hundred times as many looks at a mutant as all tests took together: an endless loop is told by fewer.
    if (options.hitLimit !== undefined) Object.assign(context, { hitCount: 0, hitLimit });
    // The name of a property is one string in a process: so comparing it, thousands of times a test, compares pointers.
    context.activeMutant = Object.keys({ [activeMutant.id]: 0 })[0] ?? '';
    const wanted = new Set(testFilter);
    const tests =
      mutantActivation === 'runtime'
        ? await this.#tried(
            base.filter(({ id }) => wanted.has(id)),
            activeMutant.fileName,
          )
        : await this.#triedAnew(relative(process.cwd(), sandboxFileName));
    const endless = determineHitLimitReached(context.hitCount, hitLimit);
    for (const key of ['activeMutant', 'hitCount', 'hitLimit'] as const) delete context[key];
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests });
  }

  /**
   * Up to the first that fails: first those that caught others of this file in proportion to the time that they take, then the
   * quickest.
   */
  async #tried(tests: readonly Test[], file: string): Promise<TestResult[]> {
    const took = ({ id }: Test) => this.#tookMs.get(id) ?? 0;
    const worth = (test: Test) => (this.#caught.get(`${file} ${test.id}`) ?? 0) / (took(test) + 1);
    const results: TestResult[] = [];
    for (const test of tests.toSorted((a, b) => worth(b) - worth(a) || took(a) - took(b))) {
      const result = await run(test);
      results.push(result);
      if (result.status === TestStatus.Failed) {
        const caught = `${file} ${test.id}`;
        this.#caught.set(caught, (this.#caught.get(caught) ?? 0) + 1);
        break;
      }
      this.#tookMs.set(test.id, result.timeSpentMs);
    }
    return results;
  }

  /** File by file, those nearest to the mutated one first: most mutants are caught before all are loaded. */
  async #triedAnew(mutated: string): Promise<TestResult[]> {
    const load = ++this.#loads;
    const results: TestResult[] = [];
    for (const file of testFiles().sort((a, b) => distance(a, mutated) - distance(b, mutated))) {
      const tests = await testsOf(load, file).catch((error: unknown) => [
        { id: file, file, name: 'it loads', handler: () => Promise.reject(error) },
      ]);
      results.push(...(await this.#tried(tests, mutated)));
      if (results.at(-1)?.status === TestStatus.Failed) break;
    }
    return results;
  }

  async #loaded(): Promise<readonly Test[]> {
    if (this.#base) return this.#base;
    const tests: Test[] = [];
    for (const file of testFiles()) tests.push(...(await testsOf(0, file)));
    this.#base = tests;
    return tests;
  }
}

async function importAt(load: number, file: string): Promise<void> {
  await import(`${pathToFileURL(join(process.cwd(), file)).href}?load=${load}`);
}

async function testsOf(load: number, file: string): Promise<Test[]> {
  taken();
  await importAt(load, file);
  return taken().map((test, at) => ({ ...test, file, id: `${file} ${at} ${test.name}` }));
}

async function run({ id, name, file, handler }: Test): Promise<TestResult> {
  const beganMs = performance.now();
  const result = () => ({ id, name: `${file}: ${name}`, timeSpentMs: performance.now() - beganMs });
  try {
    await handler();
    return { ...result(), status: TestStatus.Success };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { ...result(), status: TestStatus.Failed, failureMessage };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'uvu', UvuRunner)];
