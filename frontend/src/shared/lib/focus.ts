/** Whether something has the focus although what had it is gone: the person went there meanwhile. */
export const hasMovedOn = () => document.activeElement !== null && document.activeElement !== document.body;

/** For what closes: gives the focus back to its trigger, unless the person has moved on. */
export function keepMovedFocus(event: Event) {
  if (hasMovedOn()) event.preventDefault();
}
