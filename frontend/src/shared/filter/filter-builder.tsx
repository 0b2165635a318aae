import { SlidersHorizontal } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { t } from '@/shared/i18n';
import { keepMovedFocus } from '@/shared/lib/focus';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { isWhole, typedDraft } from './drafts';
import { type FieldGroup, newCondition } from './fields';
import { GroupEditor } from './group-editor';
import { type Group, noConditions } from './model';
import { parseFilter } from './parse';
import { printFilter } from './print';

interface FilterBuilderProps {
  /** The text as it stands now. */
  text: string;
  fields: FieldGroup[];
  onApply: (text: string) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** How many conditions are applied. */
  count: number;
}

/** A button that opens the filter as rows of conditions. */
export function FilterBuilder({ text, fields, onApply, open, onOpenChange, count }: FilterBuilderProps) {
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>
        <Button className="max-sm:px-2.5">
          <SlidersHorizontal aria-hidden />
          <span className="max-sm:sr-only">{t('filter.conditions')}</span>
          {count > 0 && (
            <span
              className="grid h-5 min-w-5 place-items-center rounded-full bg-accent-subtle px-1.5 text-xs text-accent tabular-nums"
              aria-hidden
            >
              {count}
            </span>
          )}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('filter.title')}
          onCloseAutoFocus={keepMovedFocus}
          className="z-40 flex max-h-(--radix-popover-content-available-height) w-[44rem] max-w-[calc(100vw-1rem)] flex-col overflow-hidden rounded-xl border bg-surface-raised shadow-pop outline-none"
        >
          <Editor
            text={text}
            fields={fields}
            onApply={(next) => {
              onApply(next);
              onOpenChange(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Editor({ text, fields, onApply }: Pick<FilterBuilderProps, 'text' | 'fields' | 'onApply'>) {
  const [parsed, setParsed] = useState(() => parseFilter(text));
  const begun = (): Group => {
    const first = fields[0]?.fields[0];
    return first ? { ...noConditions, items: [newCondition(first)] } : noConditions;
  };
  const [draft, setDraft] = useState(() =>
    parsed.kind === 'rows' && parsed.group.items.length > 0 ? parsed.group : begun(),
  );

  if (parsed.kind !== 'rows') {
    const kind = parsed.kind;
    return (
      <div className="space-y-3 p-4">
        <p className="font-medium">{t(`filter.${kind}Title`)}</p>
        <p className="text-muted">{t(`filter.${kind}`)}</p>
        <pre className="rounded-lg border bg-subtle/50 px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap">
          {text}
        </pre>
        <Button onClick={() => setParsed({ kind: 'rows', group: noConditions })}>{t('filter.startOver')}</Button>
      </div>
    );
  }

  const whole = isWhole(draft, fields);
  const printed = printFilter(typedDraft(draft, fields));
  return (
    <form
      className="flex min-h-0 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) onApply(printed);
      }}
    >
      <div className="min-h-0 flex-1 space-y-3 overflow-y-auto p-4">
        {draft.items.length === 0 && <p className="text-muted">{t('filter.nothingYet')}</p>}
        <GroupEditor group={draft} fields={fields} onChange={setDraft} />
      </div>
      <div className="flex flex-wrap items-center gap-2 border-t bg-subtle/60 px-4 py-3">
        <div className="flex min-w-0 flex-1 basis-56 items-center gap-1">
          {whole ? (
            printed !== '' && (
              <>
                <code className="min-w-0 truncate font-mono text-xs text-muted" title={printed}>
                  {printed}
                </code>
                <CopyButton text={printed} label={t('filter.copy')} />
              </>
            )
          ) : (
            <p className="text-[0.8125rem] text-muted">{t('filter.incomplete')}</p>
          )}
        </div>
        <div className="ml-auto flex gap-2">
          <Button variant="ghost" onClick={() => onApply('')}>
            {t('filter.clearAll')}
          </Button>
          <Button type="submit" variant="primary" disabled={!whole}>
            {t('filter.applyConditions')}
          </Button>
        </div>
      </div>
    </form>
  );
}
