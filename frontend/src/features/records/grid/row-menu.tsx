import { Braces, Copy, CopyPlus, Link2, MoreHorizontal, PanelRightOpen, Trash2 } from 'lucide-react';
import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/shared/ui/menu';
import { shortId } from '../cell-value';

export interface RowActions {
  open: (row: RecordRow) => void;
  duplicate: (row: RecordRow) => void;
  copyId: (row: RecordRow) => void;
  copyJson: (row: RecordRow) => void;
  copyLink: (row: RecordRow) => void;
  remove: (row: RecordRow) => void;
}

/** What can be done with a row. */
export function RowMenu({ row, actions }: { row: RecordRow; actions: RowActions }) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          tabIndex={-1}
          aria-label={t('common.moreActions', { name: shortId(row.id) })}
        >
          <MoreHorizontal aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => actions.open(row)}>
          <PanelRightOpen aria-hidden />
          {t('grid.open')}
        </MenuItem>
        <MenuItem onSelect={() => actions.duplicate(row)}>
          <CopyPlus aria-hidden />
          {t('grid.duplicate')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={() => actions.copyId(row)}>
          <Copy aria-hidden />
          {t('records.copyId')}
        </MenuItem>
        <MenuItem onSelect={() => actions.copyJson(row)}>
          <Braces aria-hidden />
          {t('grid.copyJson')}
        </MenuItem>
        <MenuItem onSelect={() => actions.copyLink(row)}>
          <Link2 aria-hidden />
          {t('grid.copyLink')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem danger onSelect={() => actions.remove(row)}>
          <Trash2 aria-hidden />
          {t('common.delete')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
