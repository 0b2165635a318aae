import { Download } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/shared/ui/menu';
import { exportFormats, useExportRecords } from './api/export-records';

interface ExportMenuProps {
  collection: string;
  /** The filter that is applied. */
  filter: string;
  /** The words that are searched for. */
  search: string;
  sort?: string;
}

/** Saves the records, as far as the filter lets them through, as a file. */
export function ExportMenu({ collection, filter, search, sort }: ExportMenuProps) {
  const save = useExportRecords(collection);
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button busy={save.isPending}>
          {!save.isPending && <Download aria-hidden />}
          {t('recordFiles.export')}
        </Button>
      </MenuTrigger>
      <MenuContent align="end" className="max-w-64">
        <MenuLabel>{filter || search ? t('recordFiles.filtered') : t('recordFiles.all')}</MenuLabel>
        {exportFormats.map((format) => (
          <MenuItem key={format} onSelect={() => save.mutate({ format, filter, search, sort })}>
            {t(`recordFiles.formats.${format}`)}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
