import { useEffect, useRef } from 'react';

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether something modal is open, below which page shortcuts must not reach. */
function isModalOpen(): boolean {
  return (
    document.querySelector(
      '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"]',
    ) !== null
  );
}

/**
 * Calls `action` on a key (`/`, `n`, `?`) pressed outside of inputs and dialogs, or on Ctrl/Cmd and
 * a key (`mod+k`) anywhere.
 */
export function useShortcut(combination: string, action: () => void, enabled = true) {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(() => {
    if (!enabled) return;
    const withModifier = combination.startsWith('mod+');
    const key = withModifier ? combination.slice(4) : combination;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || event.altKey || event.repeat) return;
      const modified = event.ctrlKey || event.metaKey;
      if (modified !== withModifier) return;
      if (!withModifier && (isTyping(event.target) || isModalOpen())) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [combination, enabled]);
}
