import { Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Input, Select } from '@/shared/ui/input';
import { type HavingOperator, havingOperators, type HavingRow, parseHaving, printHaving } from './having';
import { aliasOf, type Measure, measureLabel } from './measures';

interface HavingEditorProps {
  text: string;
  onChange: (text: string) => void;
  measures: Measure[];
  /** What the server says of the condition. */
  error?: string;
}

/** Which groups stay, by their results: as rows, or as text where rows do not reach. */
export function HavingEditor({ text, onChange, measures, error }: HavingEditorProps) {
  const [asText, setAsText] = useState(parseHaving(text) === null);
  // Rows without a value have no text yet, so they live here.
  const [having, setHaving] = useState(() => parseHaving(text) ?? { join: 'AND' as const, rows: [] });
  // A text that does not come from the rows came from the address.
  if (!asText && printHaving(having) !== text) {
    const parsed = parseHaving(text);
    if (parsed) setHaving(parsed);
    if (!parsed || printHaving(parsed) !== text) setAsText(true);
  }
  const id = useId();
  const first = measures[0];
  const change = (next: typeof having) => {
    setHaving(next);
    onChange(printHaving(next));
  };
  const replace = (index: number, row: HavingRow | undefined) =>
    change({ ...having, rows: having.rows.flatMap((old, at) => (at === index ? (row ?? []) : old)) });

  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="mb-1.5 font-medium">{t('analytics.having')}</legend>
      {asText ? (
        <Input
          className="font-mono text-[0.8125rem]"
          aria-label={t('analytics.havingText')}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-error` : undefined}
          placeholder="count > 1 AND sum_price < 50"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <>
          {having.rows.length > 1 && (
            <Select
              aria-label={t('filter.join')}
              value={having.join}
              onChange={(event) => change({ ...having, join: event.target.value as 'AND' | 'OR' })}
            >
              <option value="AND">{t('filter.joins.and')}</option>
              <option value="OR">{t('filter.joins.or')}</option>
            </Select>
          )}
          {having.rows.map((row, index) => (
            <div key={index} className="grid grid-cols-[minmax(0,1.3fr)_4.25rem_minmax(0,1fr)_auto] gap-2">
              <Select
                aria-label={t('analytics.havingResult')}
                value={row.alias}
                onChange={(event) => replace(index, { ...row, alias: event.target.value })}
              >
                {!measures.some((measure) => aliasOf(measure) === row.alias) && <option>{row.alias}</option>}
                {measures.map((measure) => (
                  <option key={aliasOf(measure)} value={aliasOf(measure)}>
                    {measureLabel(measure)}
                  </option>
                ))}
              </Select>
              <Select
                aria-label={t('filter.operator')}
                value={row.operator}
                onChange={(event) => replace(index, { ...row, operator: event.target.value as HavingOperator })}
              >
                {havingOperators.map((operator) => (
                  <option key={operator}>{operator}</option>
                ))}
              </Select>
              <Input
                aria-label={t('filter.value')}
                placeholder="0"
                value={row.value}
                onChange={(event) => replace(index, { ...row, value: event.target.value })}
              />
              <Button
                variant="ghost"
                size="icon"
                className="text-muted"
                aria-label={t('analytics.removeHaving', { number: index + 1 })}
                onClick={() => replace(index, undefined)}
              >
                <Trash2 aria-hidden />
              </Button>
            </div>
          ))}
        </>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-[0.8125rem] break-words text-danger">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-1">
        {!asText && first && (
          <Button
            size="sm"
            variant="ghost"
            className="text-accent"
            onClick={() =>
              change({ ...having, rows: [...having.rows, { alias: aliasOf(first), operator: '>', value: '' }] })
            }
          >
            <Plus aria-hidden />
            {t('filter.addCondition')}
          </Button>
        )}
        <Button
          size="sm"
          variant="ghost"
          className="text-muted"
          disabled={asText && parseHaving(text) === null}
          onClick={() => {
            const parsed = parseHaving(text);
            if (asText && parsed) setHaving(parsed);
            setAsText(!asText);
          }}
        >
          {asText ? t('analytics.asRows') : t('analytics.asText')}
        </Button>
      </div>
    </fieldset>
  );
}
