/** Where a dragged entry comes from and goes to; null when it stays. */
export function orderChange(
  ids: readonly string[],
  dragged: string | number,
  over: string | number | undefined,
): { from: number; to: number } | null {
  const from = ids.indexOf(String(dragged));
  const to = over === undefined ? -1 : ids.indexOf(String(over));
  return from < 0 || to < 0 || from === to ? null : { from, to };
}
