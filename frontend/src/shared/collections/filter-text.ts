/** A text as a string of the filter language. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** The condition that a text field contains `text`. Its own `%` and `_` stay wildcards: the language has no escape for them. */
export function containing(field: string, text: string): string {
  return `${field} ~ ${quote(`%${text}%`)}`;
}
