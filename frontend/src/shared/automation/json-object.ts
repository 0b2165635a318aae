import type { JsonObject } from '@/shared/api/types';

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a text says; an empty text says an empty one, undefined is one that says none. */
export function readObject(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An object as people edit it; nothing for an empty one. */
export function objectText(value: unknown): string {
  const empty = value === undefined || value === null || (isJsonObject(value) && Object.keys(value).length === 0);
  return empty ? '' : JSON.stringify(value, null, 2);
}
