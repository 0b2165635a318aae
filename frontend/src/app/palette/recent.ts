import type { Place } from './command';

/** A place that was gone to from the palette. */
export interface RecentPlace {
  id: string;
  label: string;
  place: Place;
}

const KEPT = 5;
const keyOf = (userId: string) => `snackbase-recent-${userId}`;

/** The places a user last went to, newest first. */
export function readRecent(userId: string): RecentPlace[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(userId)) ?? '[]');
    return Array.isArray(stored) ? (stored as RecentPlace[]).slice(0, KEPT) : [];
  } catch {
    return [];
  }
}

/** Puts a place at the head of those a user went to. */
export function rememberRecent(userId: string, place: RecentPlace) {
  const others = readRecent(userId).filter(({ id }) => id !== place.id);
  localStorage.setItem(keyOf(userId), JSON.stringify([place, ...others].slice(0, KEPT)));
}
