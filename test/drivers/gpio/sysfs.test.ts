import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exportLine, findLine, unexportLine } from '../../../drivers/gpio/sysfs.ts';
import { GpioTree } from '../../../hil/wire/gpio-tree.ts';
import { VirtualClock } from '../../../src/clock.ts';
import { GatewayError } from '../../../src/errors.ts';

const PI_4 = { label: 'pinctrl-bcm2711', base: 512, ngpio: 58 };
const EXPANDER = { label: 'raspberrypi-exp-gpio', base: 570, ngpio: 8 };

function withTree(run: (tree: GpioTree, clock: VirtualClock) => void | Promise<void>) {
  return async () => {
    const clock = new VirtualClock();
    const tree = new GpioTree(clock, [PI_4, EXPANDER]);
    try {
      await run(tree, clock);
    } finally {
      tree.close();
    }
  };
}

function errorOf(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    assert.instance(error, GatewayError, 'a GatewayError');
    assert.is((error as GatewayError).code, 'input-failed', 'its code');
    return error as GatewayError;
  }
  return assert.unreachable('nothing was thrown') as never;
}

test(
  'a line is found by label and offset, whatever the base',
  withTree((tree) => {
    assert.is(findLine(tree.root, 'pinctrl-bcm2711', 17), 529, 'GPIO17 of a Pi 4 since kernel 6.6');
    assert.is(findLine(tree.root, 'raspberrypi-exp-gpio', 7), 577, 'last line of the expander');
    tree.unplug(PI_4.label);
    tree.plug({ ...PI_4, base: 0 });
    assert.is(findLine(tree.root, 'pinctrl-bcm2711', 17), 17, 'before kernel 6.6');
  }),
);

test(
  'an unknown label is answered with those there are, and the nearest',
  withTree((tree) => {
    const { message, hint } = errorOf(() => findLine(tree.root, 'pinctrl-bcm2835', 17));
    assert.match(message, 'pinctrl-bcm2835', 'what was looked for');
    assert.match(hint, 'raspberrypi-exp-gpio', 'what there is');
    assert.match(hint, /[:：]\s?pinctrl-bcm2711$/, 'the nearest');
  }),
);

test(
  'an offset past the end is answered with the range',
  withTree((tree) => {
    assert.match(errorOf(() => findLine(tree.root, 'pinctrl-bcm2711', 58)).hint, '57', 'the last offset');
  }),
);

test(
  'two chips of one label are not guessed between',
  withTree((tree) => {
    tree.plug({ ...PI_4, base: 600 });
    assert.match(errorOf(() => findLine(tree.root, PI_4.label, 1)).message, '2', 'how many');
  }),
);

test(
  'no chips at all',
  withTree((tree) => {
    tree.unplug(PI_4.label);
    tree.unplug(EXPANDER.label);
    errorOf(() => findLine(tree.root, PI_4.label, 1));
  }),
);

test('a kernel without sysfs GPIO', () => {
  const { message, hint } = errorOf(() => findLine('/nowhere/gpio', PI_4.label, 17));
  assert.match(message, '/nowhere/gpio', 'what is missing');
  assert.match(hint, 'CONFIG_GPIO_SYSFS', 'what the kernel needs');
});

test('files that udev hands over late are waited for, and no longer than 5 s', async () => {
  const clock = new VirtualClock();
  const tree = new GpioTree(clock, [PI_4], 4900);
  const slow = new GpioTree(clock, [PI_4], 6000);
  const files = (of: GpioTree) => ({ root: of.root, number: 529, clock, write: of.write });
  const opened: string[] = [];
  const failed: unknown[] = [];
  void exportLine(files(tree)).then((path) => opened.push(path));
  exportLine(files(slow)).catch((error: unknown) => failed.push(error));
  await clock.advance(4800);
  assert.equal([...opened, ...failed], [], 'both wait');
  await clock.advance(150);
  assert.equal(opened, [join(tree.root, 'gpio529')], 'ready');
  await clock.advance(100);
  assert.instance(failed[0], GatewayError, 'given up');
  assert.not(slow.isExported(PI_4.label, 17), 'and given back');
  tree.close();
  slow.close();
});

test(
  'what the kernel refuses to export is told with its reason',
  withTree(async (tree, clock) => {
    const files = { root: tree.root, clock, write: tree.write };
    for (const number of [4000, Number.NaN]) {
      const error = await exportLine({ ...files, number }).catch((thrown: unknown) => thrown);
      assert.instance(error, GatewayError, `number ${number}`);
      assert.match((error as GatewayError).message, 'EINVAL', `number ${number}`);
    }
    unexportLine({ ...files, number: 529 });
  }),
);

const refusals: [string, string, string, RegExp][] = [
  ['a second export', 'export', '529', /EBUSY/],
  ['a number of no chip', 'export', '4000', /EINVAL/],
  ['giving back what was not exported', 'unexport', '530', /EINVAL/],
  ['an unknown direction', 'gpio529/direction', 'sideways', /EINVAL/],
  ['a file of a line that is not exported', 'gpio530/edge', 'both', /ENOENT/],
];
for (const [what, file, text, pattern] of refusals) {
  test(
    `the tree refuses ${what}, as the kernel does`,
    withTree((tree) => {
      tree.write(join(tree.root, 'export'), '529');
      assert.throws(() => tree.write(join(tree.root, file), text), pattern, what);
    }),
  );
}

test(
  'the tree refuses edges of an output, as the kernel does',
  withTree((tree) => {
    tree.write(join(tree.root, 'export'), '529');
    tree.write(join(tree.root, 'gpio529/direction'), 'high');
    assert.throws(() => tree.write(join(tree.root, 'gpio529/edge'), 'both'), /EIO/, 'edge of an output');
    assert.is(readFileSync(join(tree.root, 'gpio529/direction'), 'utf8'), 'out\n', 'direction as the kernel shows it');
  }),
);

test.run();
