import type { en } from '../en';
import type { Translation } from '../language';
import { accounts } from './accounts';
import { collections } from './collections';
import { configuration } from './configuration';
import { entry } from './entry';
import { frame } from './frame';
import { health } from './health';
import { macros } from './macros';
import { operations } from './operations';
import { people } from './people';
import { records } from './records';

/** Every text of the UI in German. */
export const de = {
  ...frame,
  ...entry,
  ...collections,
  ...records,
  ...macros,
  ...accounts,
  ...people,
  ...operations,
  ...configuration,
  ...health,
} satisfies Translation<typeof en>;
