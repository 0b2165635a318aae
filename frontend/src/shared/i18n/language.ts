import { useSyncExternalStore } from 'react';
import { en } from './en';

/** Languages with a catalogue, by their names in themselves. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

/** The forms of a message that counts something; a language has those its plural rules know. */
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/** The shape of a catalogue in another language: what it lacks is shown in English. */
export type Translation<English> = {
  readonly [Key in keyof English]?: English[Key] extends string
    ? string
    : English[Key] extends { one: string; other: string }
      ? Plural
      : Translation<English[Key]>;
};

type Catalogue = Record<string, unknown>;

const STORAGE_KEY = 'snackbase-language';
const listeners = new Set<() => void>();
const loaders: Record<Exclude<Language, 'en'>, () => Promise<Catalogue>> = {
  de: async () => (await import('./de')).de,
};

let language: Language = 'en';
let catalogue: Catalogue = en;

const isLanguage = (value: string | null | undefined): value is Language => value != null && value in languages;

/** The first language of a list of tags, such as `de-AT`, that there is a catalogue for. */
export function bestLanguage(tags: readonly string[]): Language {
  return tags.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
}

/** The language chosen in this browser; else the one that the browser asks for. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY);
  return isLanguage(stored) ? stored : bestLanguage(navigator.languages);
}

/** Shows texts in a language from now on; in English when its catalogue cannot be loaded. */
export async function showLanguage(wanted: Language): Promise<void> {
  try {
    catalogue = wanted === 'en' ? en : await loaders[wanted]();
    language = wanted;
  } catch {
    catalogue = en;
    language = 'en';
  }
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** Remembers the choice in this browser and follows it at once. */
export function setLanguage(wanted: Language): Promise<void> {
  localStorage.setItem(STORAGE_KEY, wanted);
  return showLanguage(wanted);
}

/** The language that is shown. */
export function getLanguage(): Language {
  return language;
}

/** The language that is shown, following changes. */
export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, getLanguage);
}

function find(messages: Catalogue, key: string): unknown {
  let node: unknown = messages;
  for (const part of key.split('.')) node = (node as Catalogue | undefined)?.[part];
  return node;
}

/** What stands under a key in the language that is shown; in English where it is not translated. */
export function lookUp(key: string): unknown {
  return find(catalogue, key) ?? find(en, key);
}

window.addEventListener('storage', (event) => {
  if (event.key === STORAGE_KEY || event.key === null) void showLanguage(preferredLanguage());
});
