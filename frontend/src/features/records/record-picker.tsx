import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight, ChevronsUpDown, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type Ref, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { displayField } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import type { ControlProps } from '@/shared/ui/field';
import { recordById } from './api/get-record';
import { targetSearch } from './api/search-targets';
import { shortId } from './cell-value';
import { labelOf, TargetChoices } from './target-choices';

interface RecordPickerProps extends ControlProps {
  ref: Ref<HTMLButtonElement>;
  /** Name of the field. */
  name: string;
  /** Collection the reference points to. */
  collection: string;
  /** Account whose records are offered. */
  accountId: string;
  /** Id of the chosen record; empty for none. */
  value: string;
  onChange: (id: string) => void;
  clearable: boolean;
}

/** Chooses a record of another collection, found by typing a part of its display value. */
export function RecordPicker(props: RecordPickerProps) {
  const { ref, name, collection, accountId, value, onChange, clearable, ...control } = props;
  const [open, setOpen] = useState(false);
  const target = useQuery(collectionByName(collection));
  const chosen = useQuery({ ...recordById(collection, value), enabled: value !== '' });
  const display = target.data && displayField(target.data.schema)?.name;
  const label = value === '' ? t('records.pick') : (labelOf(chosen.data, display) ?? shortId(value));

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <span className="flex items-center gap-1">
        <span className="relative block min-w-0 flex-1">
          <Popover.Trigger asChild>
            <button
              ref={ref}
              type="button"
              {...control}
              aria-required={undefined}
              aria-invalid={undefined}
              className={cn(
                'flex h-9 w-full items-center gap-2 rounded-lg border border-control bg-surface pr-16 pl-3 text-left shadow-card hover:border-muted',
                control['aria-invalid'] && 'border-danger',
                value === '' && 'text-muted',
              )}
            >
              <span className="truncate">{label}</span>
              {value !== '' && <span className="shrink-0 font-mono text-xs text-muted">{shortId(value)}</span>}
              <ChevronsUpDown className="absolute right-2.5 size-4 text-muted" aria-hidden />
            </button>
          </Popover.Trigger>
          {clearable && value !== '' && (
            <button
              type="button"
              className="absolute top-1 right-8 grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
              aria-label={t('records.clearReference')}
              onClick={() => onChange('')}
            >
              <X className="size-4" aria-hidden />
            </button>
          )}
        </span>
        {value !== '' && (
          <Button asChild variant="ghost" size="icon">
            <Link
              to="/collections/$name/records"
              params={{ name: collection }}
              search={{ record: value }}
              aria-label={t('picker.openTarget', { field: name })}
              title={t('picker.openTarget', { field: name })}
            >
              <ArrowUpRight aria-hidden />
            </Link>
          </Button>
        )}
      </span>
      <Popover.Portal>
        <Popover.Content
          aria-label={t('picker.choose', { field: name })}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-[60] w-(--radix-popover-trigger-width) min-w-64 overflow-hidden rounded-xl border bg-surface-raised shadow-pop outline-none"
        >
          {target.data ? (
            <TargetChoices
              collection={collection}
              search={(text) => targetSearch({ collection, schema: target.data.schema, accountId, text })}
              display={display}
              value={value}
              onChoose={(id) => {
                onChange(id);
                setOpen(false);
              }}
            />
          ) : (
            <p className="p-4 text-muted">{target.isError ? asApiError(target.error).message : t('common.loading')}</p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
