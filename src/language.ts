/** Messages for people are written as pairs, English and Chinese, where they are said: t('line is down', '线路中断'). */

export type Language = 'en' | 'zh';

/** The language of the environment: LC_ALL, LC_MESSAGES, LANG, in that order, as POSIX has it. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  return (env.LC_ALL || env.LC_MESSAGES || env.LANG || '').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

export const language: Language = languageOf(process.env);

export function t(en: string, zh: string): string {
  return language === 'zh' ? zh : en;
}
