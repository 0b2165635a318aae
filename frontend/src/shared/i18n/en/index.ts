import { accounts } from './accounts';
import { collections } from './collections';
import { configuration } from './configuration';
import { entry } from './entry';
import { frame } from './frame';
import { jobs } from './jobs';
import { macros } from './macros';
import { operations } from './operations';
import { people } from './people';
import { records } from './records';

/** Every text of the UI in English. A further language is one more object of this shape. */
export const en = {
  ...frame,
  ...entry,
  ...collections,
  ...records,
  ...macros,
  ...accounts,
  ...people,
  ...operations,
  ...configuration,
  ...jobs,
} as const;
