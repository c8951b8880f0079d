import type { Language } from '../api/host';
import { en, type Messages } from './en';
import { ja } from './ja';

export type { Messages } from './en';

export const LANGUAGES: readonly Language[] = ['en', 'ja'];

const MESSAGES: Record<Language, Messages> = { en, ja };

/** Puts other words in the place of the English ones, before the window is drawn; for tests. */
export function replaceEnglish(change: (words: Messages) => Messages): void {
  MESSAGES.en = change(MESSAGES.en);
}

export function messagesOf(language: Language): Messages {
  return MESSAGES[language];
}

/** The language of a system tag such as `ja-JP`; English for languages without texts. */
export function languageOfTag(tag: string): Language {
  const head = tag.split(/[-_.@]/, 1)[0]?.toLowerCase();
  return LANGUAGES.find((language) => language === head) ?? 'en';
}
