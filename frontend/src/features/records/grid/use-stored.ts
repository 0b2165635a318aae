import { useState } from 'react';
import { readStored, store } from './stored';

/** A part of the grid's state that this browser remembers for the collection. */
export function useStored<T>(part: string, collection: string, read: (value: unknown) => T) {
  const [value, setValue] = useState(() => read(readStored(part, collection)));
  const set = (next: T) => {
    setValue(next);
    store(part, collection, next);
  };
  return [value, set] as const;
}
