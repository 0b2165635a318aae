import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Caller } from '@/shared/api/types';
import { isModalOpen, isTyping } from '@/shared/lib/shortcuts';
import { navigationFor } from './navigation';

const PAUSE_MS = 1500;

/** Goes to a page by `g` and then the page's letter. */
export function useGoKeys(caller: Caller) {
  const router = useRouter();
  useEffect(() => {
    let since = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isModalOpen()) return;
      const begun = Date.now() - since < PAUSE_MS;
      since = 0;
      const key = event.key.toLowerCase();
      const page = navigationFor(caller)
        .flatMap(({ items }) => items)
        .find(({ letter }) => letter === key);
      if (begun && page) {
        // The letter may be a shortcut of the page that is left.
        event.preventDefault();
        event.stopImmediatePropagation();
        void router.navigate({ to: page.to });
      } else if (key === 'g' && !event.repeat) {
        since = Date.now();
      }
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [caller, router]);
}
