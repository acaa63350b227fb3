import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openOnoffLine } from '../../../drivers/gpio/onoff-line.ts';
import { GPIO_ROOT } from '../../../drivers/gpio/sysfs.ts';
import { GpioTree } from '../../../hil/wire/gpio-tree.ts';
import { VirtualClock } from '../../../src/clock.ts';
import { GatewayError } from '../../../src/errors.ts';

type Load = NonNullable<Parameters<typeof openOnoffLine>[2]>;
type OnoffLine = InstanceType<Awaited<ReturnType<Load>>['Gpio']>;

/** Behaves as onoff 6 does towards its caller; `readSync` is what its epoll callback calls too. */
function fakeOnoff(tree: GpioTree, change: Partial<OnoffLine> = {}) {
  const made: { line: OnoffLine; args: unknown[]; edge: () => void }[] = [];
  class Gpio implements OnoffLine {
    readonly #listeners: Parameters<OnoffLine['watch']>[0][] = [];
    readonly #number: number;
    constructor(...args: [number, 'in', 'both', { activeLow: boolean }]) {
      this.#number = args[0];
      assert.ok(existsSync(join(tree.root, `gpio${args[0]}`, 'value')), 'onoff finds the line exported and readable');
      this.activeLow = () => args[3].activeLow;
      const edge = () => {
        const value = this.readSync();
        for (const listener of this.#listeners) listener(null, value);
      };
      made.push({ line: this, args, edge });
      Object.assign(this, change);
    }
    readSync: OnoffLine['readSync'] = () => 1;
    watch: OnoffLine['watch'] = (listener) => void this.#listeners.push(listener);
    unwatchAll() {}
    direction: OnoffLine['direction'] = () => 'in';
    edge: OnoffLine['edge'] = () => 'both';
    activeLow: () => boolean;
    unexport() {
      tree.write(join(tree.root, 'unexport'), String(this.#number));
    }
  }
  return { made, load: async () => ({ Gpio }) };
}

function bench() {
  const clock = new VirtualClock();
  const tree = new GpioTree(clock, [{ label: 'pinctrl-rp1', base: 571, ngpio: 54 }]);
  const edges: boolean[] = [];
  const errors: unknown[] = [];
  const events = { onEdge: (on: boolean) => edges.push(on), onError: (error: unknown) => errors.push(error) };
  const wish = { root: tree.root, number: 588, clock, write: tree.write, activeLow: true };
  return { tree, edges, errors, open: (load: Load) => openOnoffLine(wish, events, load) };
}

test('onoff itself loads here and has what is called of it', async () => {
  const { Gpio } = await import('onoff');
  const methods = ['readSync', 'watch', 'unwatchAll', 'unexport', 'direction', 'edge', 'activeLow'] as const;
  for (const method of methods) assert.type(Gpio.prototype[method], 'function', method);
  assert.is(Gpio.accessible, existsSync(join(GPIO_ROOT, 'export')), 'accessible where the kernel has GPIO in sysfs');
});

test('onoff gets the number, both edges and the polarity, after the files are usable', async () => {
  const { tree, edges, open } = bench();
  const { made, load } = fakeOnoff(tree);
  const line = await open(load);
  assert.equal(made[0]?.args, [588, 'in', 'both', { activeLow: true }], 'no debounce');
  assert.is(line.read(), true, 'the level');
  made[0]?.edge();
  assert.equal(edges, [true], 'an edge is told');
  line.close();
  assert.not(tree.isExported('pinctrl-rp1', 17), 'given back');
  tree.close();
});

test('a chip that is pulled is an error, not an exception in a callback, and no level is made up', async () => {
  const { tree, edges, errors, open } = bench();
  const gone = () => {
    throw new Error('ENODEV');
  };
  const { made, load } = fakeOnoff(tree, { readSync: gone });
  const line = await open(load);
  assert.not.throws(() => made[0]?.edge(), 'the callback');
  assert.is(errors.length, 1, 'told');
  assert.equal(edges, [], 'no level');
  assert.throws(() => line.read(), 'ENODEV', 'reading');
  tree.close();
});

const stubborn: [string, Partial<OnoffLine>][] = [
  ['direction', { direction: () => 'out' }],
  ['edge', { edge: () => 'none' }],
  ['polarity', { activeLow: () => false }],
];
for (const [what, change] of stubborn) {
  test(`a line whose ${what} could not be set is refused and given back`, async () => {
    const { tree, open } = bench();
    const error = await open(fakeOnoff(tree, change).load).catch((thrown: unknown) => thrown);
    assert.instance(error, GatewayError, what);
    assert.not(tree.isExported('pinctrl-rp1', 17), 'given back');
    tree.close();
  });
}

test('without onoff the person is told what to do', async () => {
  const { tree, open } = bench();
  const error = await open(() => Promise.reject(new Error("Cannot find package 'onoff'"))).catch(
    (thrown: unknown) => thrown,
  );
  assert.instance(error, GatewayError, 'an error of ours');
  assert.match((error as GatewayError).hint, 'npm rebuild onoff', 'the hint');
  assert.not(tree.isExported('pinctrl-rp1', 17), 'nothing was exported');
  tree.close();
});

test.run();
