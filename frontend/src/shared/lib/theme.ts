import { useSyncExternalStore } from 'react';

/** What the person chose; `system` follows the operating system. */
export type Theme = 'light' | 'dark' | 'system';

// The same key is read by public/theme.js before the first paint.
const STORAGE_KEY = 'snackbase-theme';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function readChoice(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply() {
  const choice = readChoice();
  const dark = choice === 'dark' || (choice === 'system' && systemDark.matches);
  document.documentElement.classList.toggle('dark', dark);
  for (const listener of listeners) listener();
}

systemDark.addEventListener('change', apply);
window.addEventListener('storage', apply);

/** Remembers the choice in this browser and applies it at once. */
export function setTheme(theme: Theme) {
  if (theme === 'system') localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, theme);
  apply();
}

/** The choice, following changes. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, readChoice);
}

/** Whether the dark theme is shown now. */
export function useIsDark(): boolean {
  useTheme();
  return document.documentElement.classList.contains('dark');
}
