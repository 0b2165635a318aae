import { useNavigate, useRouter } from '@tanstack/react-router';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Collection, RecordRow } from '@/shared/api/types';
import { t, tn } from '@/shared/i18n';
import { copyText } from './copying';
import { plainRecord } from './record-merge';
import type { RowActions } from './row-menu';

/** What the menu of a row does; the same object in every render. */
export function useRowActions(
  { name, schema }: Collection,
  openRecord: (id: string) => void,
  remove: (row: RecordRow) => void,
): RowActions {
  const navigate = useNavigate({ from: '/collections/$name/records' });
  const router = useRouter();
  const own: RowActions = {
    open: ({ id }) => openRecord(id),
    duplicate: ({ id }) => void navigate({ search: (old) => ({ ...old, record: 'new', from: id }) }),
    copyId: ({ id }) => void copyText(id, tn('grid.copiedIds', 1)),
    copyJson: (row) => void copyText(JSON.stringify(plainRecord(row, schema), null, 2), tn('grid.copiedJson', 1)),
    copyLink: ({ id }) => {
      const { href } = router.buildLocation({ to: '/collections/$name/records/$id', params: { name, id } });
      void copyText(new URL(href, window.location.origin).href, t('grid.copiedLink'));
    },
    remove,
  };
  const latest = useRef(own);
  useLayoutEffect(() => {
    latest.current = own;
  });
  const [actions] = useState<RowActions>(() => ({
    open: (row) => latest.current.open(row),
    duplicate: (row) => latest.current.duplicate(row),
    copyId: (row) => latest.current.copyId(row),
    copyJson: (row) => latest.current.copyJson(row),
    copyLink: (row) => latest.current.copyLink(row),
    remove: (row) => latest.current.remove(row),
  }));
  return actions;
}
