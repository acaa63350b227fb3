import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { isBanner, monitorArgs, parseChips, parseEdge, parseLevels } from '../../../drivers/gpio/gpiotools.ts';

test('chips, as both versions print them', () => {
  const text = 'gpiochip0 [pinctrl-bcm2711] (58 lines)\ngpiochip1 [raspberrypi-exp-gpio] (8 lines)\n';
  assert.equal(
    parseChips(text),
    [
      { name: 'gpiochip0', label: 'pinctrl-bcm2711', ngpio: 58 },
      { name: 'gpiochip1', label: 'raspberrypi-exp-gpio', ngpio: 8 },
    ],
    'name, label and lines',
  );
  assert.equal(parseChips(''), [], 'none');
});

test('levels, as version 1 prints them and version 2 with --numeric', () => {
  assert.equal(parseLevels('0 1 1\n'), [false, true, true], 'in order');
  assert.is(parseLevels('"17"=active\n'), null, 'version 2 without --numeric is not taken for levels');
  assert.is(parseLevels('\n'), null, 'nothing');
});

test('edges: nanoseconds without leading zeros by version 1, nine digits by version 2', () => {
  assert.equal(parseEdge(1, '1 17 5123 42'), { offset: 17, high: true, stampMs: 5123000.000042 }, 'rising, by 1');
  assert.equal(
    parseEdge(1, '0 17 5123 999999999'),
    { offset: 17, high: false, stampMs: 5123999.999999 },
    'falling, by 1',
  );
  assert.equal(parseEdge(2, '1 4 12.000000042'), { offset: 4, high: true, stampMs: 12000.000042 }, 'rising, by 2');
  assert.equal(parseEdge(2, '2 4 12.500000000'), { offset: 4, high: false, stampMs: 12500 }, 'falling, by 2');
});

test('a line of the other version, or torn, is no edge', () => {
  for (const line of ['2 17 5123 42', '1 17 5123', '1 17 5123.000000042', '', 'event: RISING EDGE']) {
    assert.is(parseEdge(1, line), null, `by 1: ${line}`);
  }
  for (const line of ['0 4 12.500000000', '1 4 12', '1 4 12.5', "Monitoring line '4'..."]) {
    assert.is(parseEdge(2, line), null, `by 2: ${line}`);
  }
  assert.ok(isBanner("Monitoring line '4'..."), 'the banner of one');
  assert.ok(isBanner("Monitoring lines '4' and '5'..."), 'and of two');
});

/** What the gpiomon that is installed here says of itself; null where there is none. */
function installed(): string | null {
  try {
    return execFileSync('gpiomon', ['--version'], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

const version = installed();
if (version === null) {
  process.stdout.write('NOT RUN: the options against a gpiomon that is installed (there is none here)\n');
} else {
  test('the gpiomon that is installed here knows each option of its version', () => {
    const major = version.includes(' v1.') ? 1 : 2;
    const help = execFileSync('gpiomon', ['--help'], { encoding: 'utf8' });
    const options = monitorArgs(major, 'gpiochip0', [17]).filter((word) => word.startsWith('-'));
    for (const option of options) assert.match(help, option.split('=')[0] ?? '', option);
    const used = /--format=(.*)/.exec(options.join('\n'))?.[1]?.match(/%\w/g) ?? [];
    for (const specifier of used) assert.match(help, specifier, `${specifier} in a format`);
  });
}

test.run();
