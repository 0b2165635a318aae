import { useRef } from 'react';
import type { ApiError } from '@/shared/api/errors';
import type { FieldDefinition } from '@/shared/api/types';
import { FilterEditor } from '@/shared/filter/filter-editor';
import { useShortcut } from '@/shared/lib/shortcuts';

interface FilterBarProps {
  /** The filter that is applied now. */
  applied: string;
  onApply: (filter: string) => void;
  /** Why the server refused the applied filter. */
  error: ApiError | null;
  /** Whether `/` leads here; not where a search box takes it. */
  shortcut?: boolean;
  /** Fields of the collection. */
  schema?: FieldDefinition[];
}

const noFields: FieldDefinition[] = [];

/** The filter above a table of records. */
export function FilterBar({ applied, onApply, error, shortcut = true, schema = noFields }: FilterBarProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', () => input.current?.focus(), shortcut);
  return (
    <div className="p-3">
      <FilterEditor ref={input} schema={schema} applied={applied} onApply={onApply} error={error} />
    </div>
  );
}
