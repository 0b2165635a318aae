import { useMemo } from 'react';
import type { DashboardPoint } from '@/shared/api/types';
import { formatDate, formatNumber, t } from '@/shared/i18n';
import { type DataColumn, DataTable } from '@/shared/ui/data-table';
import { measures } from './measures';

/** The same numbers as the charts, newest day first. */
export function ActivityTable({ points }: { points: DashboardPoint[] }) {
  const columns = useMemo<DataColumn<DashboardPoint>[]>(
    () => [
      {
        id: 'date',
        header: () => t('home.day'),
        meta: { className: 'w-full whitespace-nowrap', pinned: true },
        cell: ({ row }) => formatDate(row.original.date),
      },
      ...[...measures.changes, ...measures.newcomers].map(({ key, label }): DataColumn<DashboardPoint> => ({
        id: key,
        header: () => t(label),
        meta: { align: 'right' },
        cell: ({ row }) => formatNumber(row.original[key]),
      })),
    ],
    [],
  );
  const rows = useMemo(() => [...points].reverse(), [points]);
  return <DataTable boxed label={t('home.activity')} columns={columns} rows={rows} rowId={(row) => row.date} />;
}
