import { Plus, X } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Input } from '@/shared/ui/input';
import type { HeaderRow } from './headers';
import { isHeaderRow } from './headers';

interface HeaderFieldsProps {
  value: HeaderRow[];
  onChange: (rows: HeaderRow[]) => void;
  hint?: string;
  error?: string;
}

const mono = 'font-mono text-[0.8125rem]';

/** Names and values of the headers of an outgoing request. */
export function HeaderFields({ value, onChange, hint, error }: HeaderFieldsProps) {
  const change = (at: number, part: Partial<HeaderRow>) =>
    onChange(value.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{t('automation.headers')}</legend>
      <div className="space-y-2">
        {value.map((row, index) => (
          <div key={index} className="flex items-start gap-2">
            <Input
              className={`w-2/5 ${mono}`}
              aria-label={t('automation.headerName', { number: index + 1 })}
              aria-invalid={error && !isHeaderRow(row) ? true : undefined}
              placeholder="Authorization"
              autoComplete="off"
              spellCheck={false}
              value={row.name}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Input
              className={`flex-1 ${mono}`}
              aria-label={t('automation.headerValue', { number: index + 1 })}
              autoComplete="off"
              spellCheck={false}
              value={row.value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('automation.removeHeader', { number: index + 1 })}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            >
              <X aria-hidden />
            </Button>
          </div>
        ))}
        <Button size="sm" onClick={() => onChange([...value, { name: '', value: '' }])}>
          <Plus aria-hidden />
          {t('automation.addHeader')}
        </Button>
      </div>
      {hint && <p className="mt-1.5 text-[0.8125rem] text-muted">{hint}</p>}
      {error && (
        <p className="mt-1.5 text-[0.8125rem] text-danger" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
