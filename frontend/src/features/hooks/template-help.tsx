import { Braces } from 'lucide-react';
import { toast } from 'sonner';
import { t } from '@/shared/i18n';

/** The placeholders that actions can hold; one that is pressed is copied. */
export function TemplateHelp({ names, noRecord }: { names: string[]; noRecord: boolean }) {
  return (
    <details className="rounded-xl border bg-subtle/50 px-4 py-3">
      <summary className="flex cursor-pointer items-center gap-2 rounded font-medium">
        <Braces className="size-4 text-muted" aria-hidden />
        {t('hooks.placeholders')}
      </summary>
      <p className="mt-2 text-[0.8125rem] text-muted">
        {t(noRecord ? 'hooks.placeholdersNoRecord' : 'hooks.placeholdersHint')}
      </p>
      <ul className="mt-2.5 flex flex-wrap gap-1.5">
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              className="rounded-md border bg-surface px-2 py-1 font-mono text-xs hover:bg-hover"
              aria-label={t('hooks.copyPlaceholder', { name })}
              onClick={() => {
                const text = `{{ ${name} }}`;
                void navigator.clipboard.writeText(text).then(() => toast.success(t('hooks.copiedToast', { text })));
              }}
            >
              {`{{ ${name} }}`}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
