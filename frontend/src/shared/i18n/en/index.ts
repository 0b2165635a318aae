import { accounts } from './accounts';
import { collections } from './collections';
import { entry } from './entry';
import { frame } from './frame';
import { records } from './records';

/** Every text of the UI in English. A further language is one more object of this shape. */
export const en = { ...frame, ...entry, ...collections, ...records, ...accounts } as const;
