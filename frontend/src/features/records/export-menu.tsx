import { Download } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Menu, MenuContent, MenuItem, MenuLabel, MenuTrigger } from '@/shared/ui/menu';
import { exportFormats } from './api/export-records';
import { useExport } from './use-export';

interface ExportMenuProps {
  collection: string;
  /** The filter that is applied. */
  filter: string;
  /** The words that are searched for. */
  search: string;
  sort?: string;
  /** The fields that are shown; absent for all. */
  fields?: string[];
}

/** Saves the records, as far as the filter lets them through, as a file. */
export function ExportMenu(props: ExportMenuProps) {
  const { busy, start } = useExport();
  const { filter, search, fields } = props;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button busy={busy}>
          {!busy && <Download aria-hidden />}
          {t('recordFiles.export')}
        </Button>
      </MenuTrigger>
      <MenuContent align="end" className="max-w-64">
        <MenuLabel>
          {filter || search ? t('recordFiles.filtered') : t('recordFiles.all')}
          {fields && <span className="block font-normal">{t('recordFiles.shownFields')}</span>}
        </MenuLabel>
        {exportFormats.map((format) => (
          <MenuItem key={format} onSelect={() => start({ ...props, format })}>
            {t(`recordFiles.formats.${format}`)}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
