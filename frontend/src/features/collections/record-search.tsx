import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Collection } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { useDebounced } from '@/shared/lib/use-debounced';
import { Button } from '@/shared/ui/button';
import { ComboSearch } from '@/shared/ui/combo-search';
import { recordSearch } from './api/find-records';

interface RecordSearchProps {
  collection: Collection;
  /** Id of the chosen record; empty for none. */
  value: string;
  onChange: (id: string) => void;
}

/** Finds a record of any account by a part of its display value, or by its id. */
export function RecordSearch({ collection, value, onChange }: RecordSearchProps) {
  const [text, setText] = useState('');
  const [label, setLabel] = useState('');
  const settled = useDebounced(text.trim());
  const found = useQuery(recordSearch(collection, settled));
  const display = displayField(collection.schema)?.name;
  const nameOf = (record: Record<string, unknown>) => {
    const shown = display ? record[display] : undefined;
    return typeof shown === 'string' && shown !== '' ? shown : t('records.unnamed');
  };
  if (value) {
    return (
      <p className="flex min-h-9 items-center justify-between gap-3 rounded-lg border bg-subtle/60 pr-1 pl-3">
        <span className="min-w-0 truncate">
          {label} <code className="font-mono text-xs text-muted">{value}</code>
        </span>
        <Button size="sm" variant="ghost" onClick={() => onChange('')}>
          {t('ruleTest.change')}
        </Button>
      </p>
    );
  }
  return (
    <ComboSearch
      label={t('ruleTest.findRecord', { name: collection.name })}
      text={text}
      onTextChange={setText}
      options={found.data ?? []}
      optionId={(record) => record.id}
      render={(record) => (
        <span className="min-w-0">
          <span className="block truncate">{nameOf(record)}</span>
          <span className="block truncate text-[0.8125rem] text-muted">
            {record.account_name} · <code className="font-mono text-xs">{record.id}</code>
          </span>
        </span>
      )}
      busy={found.isPending}
      stale={settled !== text.trim() || found.isPlaceholderData}
      empty={t('ruleTest.noRecord')}
      onPick={(record) => {
        setText('');
        setLabel(nameOf(record));
        onChange(record.id);
      }}
    />
  );
}
