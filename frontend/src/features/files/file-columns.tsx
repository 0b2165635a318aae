import { FileThumbnail } from '@/shared/files/file-thumbnail';
import { formatBytes, t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import type { DataColumn } from '@/shared/ui/data-table';
import { Time } from '@/shared/ui/time';
import type { FileEntry } from '@/shared/api/types';
import { Uploader } from './uploader';

/** The columns of the list; `accountName` is absent where there is only one account. */
export function fileColumns(
  open: (path: string) => void,
  accountName: ((id: string) => string) | null,
): DataColumn<FileEntry>[] {
  return [
    {
      id: 'filename',
      header: () => t('filesPage.file'),
      meta: { sortKey: 'filename', className: 'w-full max-w-0 min-w-48' },
      cell: ({ row: { original } }) => (
        <button
          type="button"
          className="flex max-w-full items-center gap-3 rounded-md text-left font-medium hover:underline"
          title={original.filename}
          onClick={() => open(original.path)}
        >
          <FileThumbnail key={original.path} type={original.mime_type} path={original.path} className="size-8" />
          <span className="truncate">{original.filename}</span>
        </button>
      ),
    },
    {
      id: 'type',
      header: () => t('filesPage.type'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => row.original.mime_type,
    },
    {
      id: 'size',
      header: () => t('filesPage.size'),
      meta: { sortKey: 'size', align: 'right', className: 'whitespace-nowrap' },
      cell: ({ row }) => formatBytes(row.original.size),
    },
    {
      id: 'held',
      header: () => t('filesPage.state'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => <HeldBadge held={row.original.held} />,
    },
    ...(accountName
      ? [
          {
            id: 'account',
            header: () => t('filesPage.account'),
            meta: { className: 'max-w-48 truncate text-muted max-md:hidden' },
            cell: ({ row }) => accountName(row.original.account_id),
          } satisfies DataColumn<FileEntry>,
        ]
      : []),
    {
      id: 'by',
      header: () => t('filesPage.by'),
      meta: { className: 'max-w-48 truncate text-muted max-xl:hidden' },
      cell: ({ row }) => <Uploader id={row.original.uploaded_by} />,
    },
    {
      id: 'created_at',
      header: () => t('filesPage.uploaded'),
      meta: { sortKey: 'created_at', className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.created_at} />,
    },
  ];
}

/** Whether a record refers to the file. */
export function HeldBadge({ held }: { held: boolean }) {
  return <Badge tone={held ? 'success' : 'neutral'}>{held ? t('filesPage.held') : t('filesPage.unheld')}</Badge>;
}
