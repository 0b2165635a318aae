import type { MouseEvent } from 'react';

/** A button of a toast. The focus goes back to where it was at once, or it would when something else is clicked next. */
export function toastAction(label: string, act: () => void) {
  return {
    label,
    onClick: (event: MouseEvent<HTMLButtonElement>) => {
      event.currentTarget.blur();
      act();
    },
  };
}
