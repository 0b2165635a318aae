/** A cell by its row, -1 for the head, and its column. */
export interface CellPlace {
  row: number;
  column: number;
}

interface Bounds {
  /** The first and the last row there are. */
  first: number;
  last: number;
  columns: number;
  /** Rows that fit into the view. */
  page: number;
}

interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Where a key leads to from a cell; null when it leads nowhere. */
export function nextCell({ row, column }: CellPlace, event: Key, bounds: Bounds): CellPlace | null {
  const { first, last, columns, page } = bounds;
  const far = event.ctrlKey || event.metaKey;
  const inRows = (next: number) => Math.max(Math.min(next, last), last < first ? -1 : first);
  const within = (next: CellPlace): CellPlace | null => (next.row === row && next.column === column ? null : next);
  switch (event.key) {
    case 'ArrowDown':
      return within({ row: last < first ? -1 : far ? last : row === -1 ? first : inRows(row + 1), column });
    case 'ArrowUp':
      return within({ row: row === -1 || row <= first ? -1 : far ? first : inRows(row - 1), column });
    case 'ArrowRight':
      return within({ row, column: Math.min(column + 1, columns - 1) });
    case 'ArrowLeft':
      return within({ row, column: Math.max(column - 1, 0) });
    case 'Home':
      return within({ row: far ? inRows(first) : row, column: 0 });
    case 'End':
      return within({ row: far ? inRows(last) : row, column: columns - 1 });
    case 'PageDown':
      return within({ row: inRows(Math.max(row, first - 1) + page), column });
    case 'PageUp':
      return within({ row: row === -1 ? -1 : inRows(row - page), column });
    default:
      return null;
  }
}
