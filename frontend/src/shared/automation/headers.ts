/** A header of an outgoing request as a form holds it. */
export interface HeaderRow {
  name: string;
  value: string;
}

/** The rows for the headers of a stored definition; values that are no text are shown as JSON. */
export function headerRows(headers: unknown): HeaderRow[] {
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.entries(headers).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

/** The headers that the rows stand for; rows without a name are left out, of two with one name the last counts. */
export function headersOf(rows: HeaderRow[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ name, value }) => [name.trim(), value]).filter(([name]) => name !== ''));
}

/** Whether a row can be sent: a name of letters, digits and the signs that HTTP allows, or nothing at all. */
export function isHeaderRow({ name, value }: HeaderRow): boolean {
  const trimmed = name.trim();
  return trimmed === '' ? value.trim() === '' : /^[\w!#$%&'*+.^`|~-]+$/.test(trimmed);
}
