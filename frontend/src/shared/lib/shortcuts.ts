import { useEffect, useRef } from 'react';
import type { MessageKey } from '@/shared/i18n';

/** A key that does something on the page that is open, and what that is. */
export interface Shortcut {
  combination: string;
  label: MessageKey;
}

/** What keys mean that pages use alike. */
const commonLabels: Record<string, MessageKey> = { n: 'shortcuts.create', '/': 'shortcuts.search' };

const inForce = new Map<symbol, Shortcut>();

/** The shortcuts of the page that is open, each combination once. */
export function shortcutsInForce(): Shortcut[] {
  return [...new Map([...inForce.values()].map((shortcut) => [shortcut.combination, shortcut])).values()];
}

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of a combination as they are written on them. */
export function keysOf(combination: string): string[] {
  return combination
    .split('+')
    .map((key) => (key === 'mod' ? (isApple ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key));
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether something modal is open, below which page shortcuts must not reach. */
export function isModalOpen(): boolean {
  return (
    document.querySelector(
      '[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"]',
    ) !== null
  );
}

/**
 * Calls `action` on a key (`/`, `n`, `?`) pressed outside of inputs and dialogs, or on Ctrl/Cmd and
 * a key (`mod+k`) anywhere. With a label, or a key that all pages use alike, the list of shortcuts names it.
 */
export function useShortcut(combination: string, action: () => void, enabled = true, label?: MessageKey) {
  const latest = useRef(action);
  useEffect(() => {
    latest.current = action;
  });
  const named = label ?? commonLabels[combination];
  useEffect(() => {
    if (!enabled || !named) return;
    const id = Symbol(combination);
    inForce.set(id, { combination, label: named });
    return () => {
      inForce.delete(id);
    };
  }, [combination, enabled, named]);
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
