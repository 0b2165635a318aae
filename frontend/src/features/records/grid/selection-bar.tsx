import { Copy, Download, PencilLine, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Collection } from '@/shared/api/types';
import { t, tn } from '@/shared/i18n';
import { saveFile } from '@/shared/lib/download';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { useDeleteRecords } from '../api/change-batch';
import { BulkEditDialog } from './bulk-edit-dialog';
import { copyText } from './copying';
import type { GridColumn } from './grid-columns';
import { plainRecord } from './record-merge';
import { nothing, type Selection, without } from './selection';

interface SelectionBarProps {
  collection: Collection;
  columns: GridColumn[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
}

/** What can be done with the selected records; takes the place of the tools above the grid. */
export function SelectionBar({ collection, columns, selection, onSelection }: SelectionBarProps) {
  const [dialog, setDialog] = useState<'delete' | 'edit' | null>(null);
  const remove = useDeleteRecords(collection.name);
  const rows = [...selection.rows.values()];
  const count = rows.length;
  const json = () =>
    JSON.stringify(
      rows.map((row) => plainRecord(row, collection.schema)),
      null,
      2,
    );

  async function confirmed() {
    const { done, failure } = await remove.mutateAsync(rows.map(({ id }) => id));
    onSelection(without(selection, done));
    if (failure === null) toast.success(tn('grid.deletedMany', done.length));
    else toast.error(t('grid.deletedSome', { done: done.length, count, message: failure }));
  }

  return (
    <div
      role="toolbar"
      aria-label={t('grid.selectionBar')}
      className="flex min-h-12 flex-wrap items-center gap-1.5 border-b bg-accent-subtle px-3 py-2"
    >
      <span className="mr-2 pl-1 font-medium tabular-nums" role="status">
        {tn('grid.selected', count)}
      </span>
      <Button size="sm" onClick={() => setDialog('edit')}>
        <PencilLine aria-hidden />
        {t('grid.editField')}
      </Button>
      <Menu>
        <MenuTrigger asChild>
          <Button size="sm">
            <Copy aria-hidden />
            {t('grid.copy')}
          </Button>
        </MenuTrigger>
        <MenuContent>
          <MenuItem onSelect={() => void copyText(rows.map(({ id }) => id).join('\n'), tn('grid.copiedIds', count))}>
            {t('grid.copyIds')}
          </MenuItem>
          <MenuItem onSelect={() => void copyText(json(), tn('grid.copiedJson', count))}>{t('grid.copyJson')}</MenuItem>
        </MenuContent>
      </Menu>
      <Button
        size="sm"
        onClick={() => saveFile(new Blob([json()], { type: 'application/json' }), `${collection.name}_selection.json`)}
      >
        <Download aria-hidden />
        {t('grid.exportJson')}
      </Button>
      <Button size="sm" className="text-danger" onClick={() => setDialog('delete')}>
        <Trash2 aria-hidden />
        {t('common.delete')}
      </Button>
      <Button variant="ghost" size="sm" className="ml-auto" onClick={() => onSelection(nothing)}>
        <X aria-hidden />
        {t('grid.deselect')}
      </Button>
      <ConfirmDelete
        open={dialog === 'delete'}
        onOpenChange={(open) => setDialog(open ? 'delete' : null)}
        title={tn('grid.deleteManyTitle', count)}
        consequence={tn('grid.deleteManyConsequence', count, { name: collection.name })}
        action={tn('grid.deleteMany', count)}
        onConfirm={confirmed}
      />
      <BulkEditDialog
        open={dialog === 'edit'}
        onClose={() => setDialog(null)}
        collection={collection}
        columns={columns}
        rows={rows}
      />
    </div>
  );
}
