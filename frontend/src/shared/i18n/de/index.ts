import type { en } from '../en';
import type { Translation } from '../language';
import { accounts } from './accounts';
import { analytics } from './analytics';
import { apiDocs } from './api-docs';
import { automation } from './automation';
import { collections } from './collections';
import { configuration } from './configuration';
import { diagram } from './diagram';
import { entry } from './entry';
import { expressions } from './expressions';
import { filter } from './filter';
import { filesPage } from './files';
import { frame } from './frame';
import { grid } from './grid';
import { health } from './health';
import { jobs } from './jobs';
import { macros } from './macros';
import { newCollection } from './new-collection';
import { operations } from './operations';
import { people } from './people';
import { realtime } from './realtime';
import { recordDrawer } from './record-drawer';
import { records } from './records';

/** Every text of the UI in German. */
export const de = {
  ...frame,
  ...entry,
  ...collections,
  ...records,
  ...diagram,
  ...newCollection,
  ...expressions,
  ...grid,
  ...realtime,
  ...recordDrawer,
  ...filter,
  ...analytics,
  ...apiDocs,
  ...filesPage,
  ...macros,
  ...accounts,
  ...people,
  ...operations,
  ...configuration,
  ...health,
  ...jobs,
  ...automation,
} satisfies Translation<typeof en>;
