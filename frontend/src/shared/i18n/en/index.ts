import { accounts } from './accounts';
import { analytics } from './analytics';
import { apiDocs } from './api-docs';
import { collections } from './collections';
import { configuration } from './configuration';
import { entry } from './entry';
import { filter } from './filter';
import { frame } from './frame';
import { macros } from './macros';
import { operations } from './operations';
import { people } from './people';
import { realtime } from './realtime';
import { records } from './records';

/** Every text of the UI in English. A further language is one more object of this shape. */
export const en = {
  ...frame,
  ...entry,
  ...collections,
  ...records,
  ...filter,
  ...analytics,
  ...apiDocs,
  ...realtime,
  ...macros,
  ...accounts,
  ...people,
  ...operations,
  ...configuration,
} as const;
