import { useEffect, useState, useSyncExternalStore } from 'react';
import { freshToken } from './api/fresh-token';
import { Inspector } from './inspector';

/** The inspector of this page, with its state; it ends with the page. */
export function useInspector() {
  const [inspector] = useState(() => new Inspector(freshToken));
  const state = useSyncExternalStore(inspector.subscribe, inspector.snapshot);
  useEffect(() => () => inspector.disconnect(), [inspector]);
  return { inspector, state };
}
