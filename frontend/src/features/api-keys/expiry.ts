/** Lifetimes in days that are offered for a key. */
export const lifetimes = [7, 30, 90, 365] as const;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * When a key expires, as the API wants it: null for never. `lifetime` is a number of days, `never`, or
 * `day` for the end of the local day `day` (`YYYY-MM-DD`); null as well when that is no day.
 */
export function expiryOf(lifetime: string, day: string, now: Date): string | null {
  if (lifetime === 'never') return null;
  if (lifetime !== 'day') return new Date(now.getTime() + Number(lifetime) * DAY_MS).toISOString();
  const end = new Date(`${day}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** Whether a key can be used, and if not why. */
export function keyState(key: { is_active: boolean; expires_at: string | null }, now: Date) {
  if (!key.is_active) return 'revoked';
  return key.expires_at !== null && new Date(key.expires_at) <= now ? 'expired' : 'active';
}
