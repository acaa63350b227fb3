import * as v from 'valibot';

/** What a setting is for, in English and Chinese: shown where it is missing, in the editor and on the reference page. */
export function about<T>(
  en: string,
  zh: string,
): v.MetadataAction<T, { readonly description: string; readonly zh: string }> {
  return v.metadata({ description: en, zh });
}
