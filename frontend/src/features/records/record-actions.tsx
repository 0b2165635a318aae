import { Link } from '@tanstack/react-router';
import { Braces, ChevronDown, ChevronUp, CopyPlus, Link2, MoreHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { useNeighbours } from './neighbours';

function copy(text: string, said: string) {
  void navigator.clipboard.writeText(text).then(() => toast.success(said));
}

interface RecordActionsProps {
  collection: string;
  id: string;
  /** The record once it is read. */
  record: RecordRow | undefined;
}

/** The ways from a record to the ones beside it, and what can be taken from it. */
export function RecordActions({ collection, id, record }: RecordActionsProps) {
  const { previous, next } = useNeighbours(collection, id);
  const address = `${window.location.origin}${import.meta.env.BASE_URL}collections/${collection}/records/${id}`;
  return (
    <div className="flex shrink-0 items-center gap-0.5 py-1">
      <Neighbour id={previous} label={t('recordDrawer.previous')} icon={<ChevronUp aria-hidden />} />
      <Neighbour id={next} label={t('recordDrawer.next')} icon={<ChevronDown aria-hidden />} />
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={t('recordDrawer.more')}>
            <MoreHorizontal aria-hidden />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => copy(address, t('recordDrawer.linkCopied'))}>
            <Link2 aria-hidden />
            {t('recordDrawer.copyLink')}
          </MenuItem>
          <MenuItem
            disabled={!record}
            onSelect={() => copy(JSON.stringify(record, null, 2), t('recordDrawer.jsonCopied'))}
          >
            <Braces aria-hidden />
            {t('recordDrawer.copyJson')}
          </MenuItem>
          <MenuItem asChild>
            <Link
              from="/collections/$name/records"
              to="/collections/$name/records"
              params={{ name: collection }}
              search={(old) => ({ ...old, record: 'new', from: id, tab: undefined })}
            >
              <CopyPlus aria-hidden />
              {t('recordDrawer.duplicate')}
            </Link>
          </MenuItem>
        </MenuContent>
      </Menu>
    </div>
  );
}

function Neighbour({ id, label, icon }: { id: string | undefined; label: string; icon: ReactNode }) {
  if (id === undefined) {
    return (
      <Button variant="ghost" size="icon-sm" disabled aria-label={label}>
        {icon}
      </Button>
    );
  }
  return (
    <Button asChild variant="ghost" size="icon-sm">
      <Link
        from="/collections/$name/records"
        to="/collections/$name/records"
        search={(old) => ({ ...old, record: id })}
        replace
        aria-label={label}
        title={label}
      >
        {icon}
      </Link>
    </Button>
  );
}
