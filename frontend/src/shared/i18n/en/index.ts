import { accounts } from './accounts';
import { collections } from './collections';
import { configuration } from './configuration';
import { diagram } from './diagram';
import { entry } from './entry';
import { expressions } from './expressions';
import { frame } from './frame';
import { grid } from './grid';
import { macros } from './macros';
import { newCollection } from './new-collection';
import { operations } from './operations';
import { people } from './people';
import { records } from './records';

/** Every text of the UI in English. A further language is one more object of this shape. */
export const en = {
  ...frame,
  ...entry,
  ...collections,
  ...records,
  ...diagram,
  ...newCollection,
  ...expressions,
  ...grid,
  ...macros,
  ...accounts,
  ...people,
  ...operations,
  ...configuration,
} as const;
