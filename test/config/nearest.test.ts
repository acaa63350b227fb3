import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest } from '../../src/config/nearest.ts';

const NAMES = ['ratedSpeedMmPerS', 'registrationNumber', 'address', 'baud', 'unit'];

test('a few letters off, another case or dashes, a beginning', () => {
  assert.is(nearest('adress', NAMES), 'address', 'a letter missing');
  assert.is(nearest('rated_speed_mm_per_s', NAMES), 'ratedSpeedMmPerS', 'another way of joining words');
  assert.is(nearest('registration', NAMES), 'registrationNumber', 'a beginning');
  assert.is(nearest('UNIT', NAMES), 'unit', 'capitals');
});

test('nothing is suggested where nothing is alike', () => {
  assert.is(nearest('colour', NAMES), undefined, 'another word');
  assert.is(nearest('x', []), undefined, 'no candidates');
});

test.run();
