const STORAGE_KEY = 'snackbase-opened-collections';
const KEPT = 8;

/** Names of the collections that were opened by name in this browser, the latest first. */
export function openedCollections(): string[] {
  try {
    const names: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberOpened(name: string) {
  const names = [name, ...openedCollections().filter((known) => known !== name)].slice(0, KEPT);
  localStorage.setItem(STORAGE_KEY, JSON.stringify(names));
}
