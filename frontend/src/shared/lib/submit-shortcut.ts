import type { KeyboardEvent } from 'react';

/** Submits the form on Ctrl/Cmd+Enter from any of its controls. */
export function submitOnModEnter(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
