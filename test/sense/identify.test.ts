/** Device identification (43/14): what is asked, and what is made of the reply, by the example of the specification and by noise. */

import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc16, exceptionFrame, identifyFrame, identityAt, withCrc } from '../../src/sense/frame.ts';

const text = (said: string) => [...Buffer.from(said)];
/** Modbus Application Protocol V1.1b3, 6.21: basic device identification of three objects */
const EXAMPLE = withCrc([
  ...[1, 0x2b, 0x0e, 0x01, 0x01, 0x00, 0x00, 0x03],
  ...[0x00, 0x16, ...text('Company identification')],
  ...[0x01, 0x0f, ...text('Product code XX')],
  ...[0x02, 0x05, ...text('V2.11')],
]);

test('the request reads the basic objects, from any of them on', () => {
  assert.equal([...identifyFrame(7)].slice(0, 5), [7, 0x2b, 0x0e, 1, 0], 'from the first');
  assert.equal([...identifyFrame(7, 2)].slice(0, 5), [7, 0x2b, 0x0e, 1, 2], 'from the third');
  assert.is(crc16(identifyFrame(7)), 0, 'with its CRC');
});

test('the example of the specification', () => {
  const said = identityAt(1, EXAMPLE, 0, EXAMPLE.length);
  const objects = [
    [0, 'Company identification'],
    [1, 'Product code XX'],
    [2, 'V2.11'],
  ];
  assert.equal(said, { objects, moreFrom: null }, 'all of it');
});

test('a reply in two parts names where the next begins', () => {
  const part = withCrc([1, 0x2b, 0x0e, 1, 1, 0xff, 2, 1, 0, 2, ...text('AB')]);
  assert.equal(identityAt(1, part, 0, part.length), { objects: [[0, 'AB']], moreFrom: 2 }, 'the third object');
});

test('a refusal, our own request, another unit, an unfinished or a broken frame', () => {
  const refusal = exceptionFrame(1, 43, 1);
  assert.is(identityAt(1, refusal, 0, refusal.length), 'refused', 'refused');
  const echo = identifyFrame(1);
  assert.is(identityAt(1, echo, 0, echo.length), null, 'an echo is no reply');
  assert.is(identityAt(2, EXAMPLE, 0, EXAMPLE.length), null, 'of another');
  for (let end = 0; end < EXAMPLE.length; end++) assert.is(identityAt(1, EXAMPLE, 0, end), null, `${end} bytes of it`);
  const other = withCrc([1, 3, 8, 1, 1, 0, 0, 1, 0, 1, 65]);
  assert.is(identityAt(1, other, 0, other.length), null, 'a reply of another function');
  const broken = Uint8Array.from(EXAMPLE);
  broken[12] = 0;
  assert.is(identityAt(1, broken, 0, broken.length), null, 'CRC');
});

test('objects that run beyond the frame: none, whatever the lengths say', () => {
  const body = fc.array(fc.nat(255), { minLength: 0, maxLength: 300 });
  void fc.assert(
    fc.property(body, (bytes) => {
      const frame = withCrc([1, 0x2b, 0x0e, 1, 1, 0, 0, ...bytes]);
      const said = identityAt(1, frame, 0, frame.length);
      if (said === null || said === 'refused') return;
      const size = said.objects.reduce((sum, [, name]) => sum + 2 + Math.min(1, name.length), 8);
      assert.ok(size <= frame.length, 'within what was heard');
    }),
    { numRuns: 2000 },
  );
});

test.run();
