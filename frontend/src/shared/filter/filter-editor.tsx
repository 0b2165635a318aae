import { type Ref, useId, useMemo, useState } from 'react';
import type { ApiError } from '@/shared/api/errors';
import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { useFilterFields } from './fields';
import { FilterBuilder } from './filter-builder';
import { FilterFault } from './filter-fault';
import { FilterInput } from './filter-input';
import { FilterPills } from './filter-pills';
import { parseFilter } from './parse';
import { printFilter } from './print';

interface FilterEditorProps {
  /** The input of the text. */
  ref: Ref<HTMLInputElement>;
  schema: FieldDefinition[];
  /** The filter that is applied now. */
  applied: string;
  onApply: (filter: string) => void;
  /** Why the server refused the applied filter. */
  error: ApiError | null;
}

/**
 * A filter as text and as rows of conditions, whichever suits: either shows what was made of it in the other.
 * What is applied stands below in words, and what the server says about it.
 */
export function FilterEditor({ ref, schema, applied, onApply, error }: FilterEditorProps) {
  const [text, setText] = useState(applied);
  const [seen, setSeen] = useState(applied);
  // What was applied last from here, until it arrives: by then the person may have typed on.
  const [sent, setSent] = useState<string | null>(null);
  if (applied !== seen) {
    setSeen(applied);
    setSent(null);
    if (applied !== sent) setText(applied);
  }
  const [building, setBuilding] = useState(false);
  const [touched, setTouched] = useState(false);
  const id = useId();
  const fields = useFilterFields(schema, touched || building || applied.includes('.'));
  const parsed = useMemo(() => parseFilter(applied), [applied]);
  const group = parsed.kind === 'rows' && parsed.group.items.length > 0 ? parsed.group : null;
  const apply = (next: string) => {
    setText(next);
    setSent(next);
    onApply(next);
  };

  return (
    <div className="space-y-2">
      <div className="flex gap-2">
        <form
          role="search"
          className="flex min-w-0 flex-1 gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            apply(text.trim());
          }}
        >
          <FilterInput
            ref={ref}
            text={text}
            onTextChange={setText}
            fields={fields.flatMap((part) => part.fields)}
            onFocus={() => setTouched(true)}
            applied={applied !== ''}
            onClear={() => apply('')}
            errorId={error ? `${id}-error` : undefined}
          />
          <Button type="submit">{t('filter.apply')}</Button>
        </form>
        <FilterBuilder
          text={text}
          fields={fields}
          onApply={apply}
          open={building}
          onOpenChange={setBuilding}
          count={group?.items.length ?? 0}
        />
      </div>
      {error ? (
        <FilterFault id={`${id}-error`} text={applied} message={error.message} />
      ) : (
        group && (
          <FilterPills
            group={group}
            fields={fields}
            onChange={(next) => apply(printFilter(next))}
            onClear={() => apply('')}
          />
        )
      )}
    </div>
  );
}
