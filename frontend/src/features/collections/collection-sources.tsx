import { FilePlus2, FileSpreadsheet, type LucideIcon } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { collectionTemplates, type TemplateKey } from './collection-templates';

/** What a new collection begins with; nothing when undefined. */
export type Source = TemplateKey | 'file' | undefined;

interface CollectionSourcesProps {
  value: Source;
  onChange: (source: Source) => void;
}

/** The choice of what a new collection begins with. */
export function CollectionSources({ value, onChange }: CollectionSourcesProps) {
  const sources: { key: Source; icon: LucideIcon; title: string; text: string }[] = [
    { key: undefined, icon: FilePlus2, title: t('newCollection.empty'), text: t('newCollection.emptyHint') },
    { key: 'file', icon: FileSpreadsheet, title: t('newCollection.file'), text: t('newCollection.fileHint') },
    ...collectionTemplates.map(({ key, icon }) => ({
      key,
      icon,
      title: t(`collectionTemplates.${key}.title`),
      text: t(`collectionTemplates.${key}.text`),
    })),
  ];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-medium">{t('newCollection.begin')}</legend>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {sources.map(({ key, icon: Icon, title, text }) => (
          <label
            key={key ?? 'empty'}
            className={cn(
              'flex cursor-pointer items-start gap-3 rounded-xl border bg-surface px-3.5 py-3 shadow-card hover:border-control has-focus-visible:outline-2 has-focus-visible:outline-ring',
              key === value && 'border-accent bg-accent-subtle hover:border-accent',
            )}
          >
            <input
              type="radio"
              name="source"
              className="sr-only"
              checked={key === value}
              onChange={() => onChange(key)}
            />
            <Icon className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden />
            <span className="min-w-0">
              <span className="block font-medium">{title}</span>
              <span className="block text-[0.8125rem] text-muted">{text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
