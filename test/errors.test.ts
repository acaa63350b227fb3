import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayError, reasonOf } from '../src/errors.ts';

test('an error says what failed, where, why, and what to do next', () => {
  const cause = new Error('EACCES: permission denied');
  const error = new GatewayError({
    code: 'outbox-failed',
    op: 'open the serial port',
    where: '/dev/ttyUSB0',
    hint: 'add the user to the group dialout',
    cause,
  });
  assert.is(error.message, 'open the serial port failed at /dev/ttyUSB0: EACCES: permission denied', 'one line');
  assert.is(error.hint, 'add the user to the group dialout', 'the next step stands apart');
  assert.is(error.code, 'outbox-failed', 'code');
  assert.is(error.op, 'open the serial port', 'what');
  assert.is(error.where, '/dev/ttyUSB0', 'where');
  assert.is(error.cause, cause, 'the cause is kept');
  assert.is(error.name, 'GatewayError', 'its name in a stack');
  assert.ok(error instanceof Error, 'an error like any other');
});

test('without a cause the line ends with the place', () => {
  const error = new GatewayError({ code: 'usage', op: 'reading --for', where: 'abc', hint: 'a number' });
  assert.is(error.message, 'reading --for failed at abc', 'no colon');
});

test('the reason of anything thrown', () => {
  assert.is(reasonOf(new TypeError('wrong')), 'wrong', 'an error');
  assert.is(
    reasonOf({ name: 'PortNotOpenError', message: 'Port Not Open' }),
    'Port Not Open',
    'as modbus-serial throws',
  );
  assert.is(reasonOf('plain words'), 'plain words', 'a text');
  assert.is(reasonOf(null), 'null', 'nothing');
  assert.is(reasonOf(17), '17', 'a number');
});

test.run();
