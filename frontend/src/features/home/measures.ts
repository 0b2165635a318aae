import type { DashboardPoint } from '@/shared/api/types';
import type { MessageKey } from '@/shared/i18n';

export interface Measure {
  key: Exclude<keyof DashboardPoint, 'date'>;
  label: MessageKey;
  /** Colour in the chart. */
  color: string;
  /** Class of the same colour, for the legend. */
  swatch: string;
}

/** What is counted each day, as the charts group it. */
export const measures = {
  changes: [
    { key: 'creates', label: 'home.creates', color: 'var(--success)', swatch: 'bg-success' },
    { key: 'updates', label: 'home.updates', color: 'var(--info)', swatch: 'bg-info' },
    { key: 'deletes', label: 'home.deletes', color: 'var(--danger)', swatch: 'bg-danger' },
  ],
  newcomers: [
    { key: 'users', label: 'home.usersMade', color: 'var(--primary)', swatch: 'bg-primary' },
    { key: 'accounts', label: 'home.accountsMade', color: 'var(--info)', swatch: 'bg-info' },
  ],
} as const satisfies Record<string, readonly Measure[]>;

/** The sum of a measure over all days. */
export function total(points: DashboardPoint[], key: Measure['key']): number {
  return points.reduce((sum, point) => sum + point[key], 0);
}
