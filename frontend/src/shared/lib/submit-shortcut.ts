import type { KeyboardEvent } from 'react';

/** Submits the form on Ctrl/Cmd+Enter from any of its controls. */
export function submitOnModEnter(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  // Keys in a dialog that one of the controls opened come here as well.
  if (!event.currentTarget.contains(event.target as Node)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
