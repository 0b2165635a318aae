/** What this browser remembers of a collection's grid. */
export function readStored(part: string, collection: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`snackbase-grid-${part}:${collection}`) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** Remembers; null forgets. */
export function store(part: string, collection: string, value: unknown) {
  const key = `snackbase-grid-${part}:${collection}`;
  if (value === null) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(value));
}
