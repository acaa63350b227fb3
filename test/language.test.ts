import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { language, languageOf, t } from '../src/language.ts';

test('LC_ALL, LC_MESSAGES, LANG, in that order; what is empty does not count', () => {
  assert.is(languageOf({}), 'en', 'nothing set');
  assert.is(languageOf({ LANG: 'zh_CN.UTF-8' }), 'zh', 'LANG');
  assert.is(languageOf({ LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }), 'en', 'LC_MESSAGES before LANG');
  assert.is(languageOf({ LANG: 'en_GB.UTF-8', LC_MESSAGES: 'zh_TW' }), 'zh', 'and the other way round');
  assert.is(languageOf({ LC_ALL: 'C', LC_MESSAGES: 'zh_CN', LANG: 'zh_CN' }), 'en', 'LC_ALL before all');
  assert.is(languageOf({ LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN' }), 'zh', 'empty is unset');
});

test('every Chinese locale is Chinese, and every other is English', () => {
  for (const locale of ['zh', 'zh_CN', 'zh_HK.UTF-8', 'ZH_cn.utf8', 'zh-Hans']) {
    assert.is(languageOf({ LANG: locale }), 'zh', locale);
  }
  for (const locale of ['C', 'POSIX', 'C.UTF-8', 'de_DE.UTF-8', 'ja_JP.UTF-8']) {
    assert.is(languageOf({ LANG: locale }), 'en', locale);
  }
});

test('t() speaks the language of this process', () => {
  assert.is(language, languageOf(process.env), 'told once, from the environment');
  assert.is(t('line is down', '线路中断'), language === 'zh' ? '线路中断' : 'line is down', 'the one of the pair');
});

test.run();
