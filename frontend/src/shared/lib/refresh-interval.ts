import { useState } from 'react';

/** Seconds between two readings that are offered; 0 for none. */
export const intervals = [0, 10, 30, 60, 300] as const;
export type Interval = (typeof intervals)[number];

const STORAGE_KEY = 'snackbase-dashboard-refresh';

/** What was chosen in this browser; none when nothing was, or something unknown. */
export function readInterval(): Interval {
  const stored = Number(localStorage.getItem(STORAGE_KEY) ?? 0);
  return intervals.find((interval) => interval === stored) ?? 0;
}

/** How often the overview reads anew, remembered in this browser. */
export function useRefreshInterval(): [Interval, (next: number) => void] {
  const [interval, setInterval] = useState(readInterval);
  return [
    interval,
    (next) => {
      const known = intervals.find((candidate) => candidate === next) ?? 0;
      localStorage.setItem(STORAGE_KEY, String(known));
      setInterval(known);
    },
  ];
}
