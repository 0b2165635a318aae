import { Plus, Trash2 } from 'lucide-react';
import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Select } from '@/shared/ui/input';
import { type AggregateFunction, aliasOf, fieldsFor, functions, type Measure, MOST_MEASURES } from './measures';

interface MeasureRowsProps {
  schema: FieldDefinition[];
  measures: Measure[];
  onChange: (measures: Measure[]) => void;
}

/** The first measure that is not there yet. */
function nextMeasure(schema: FieldDefinition[], measures: Measure[]): Measure | undefined {
  const taken = new Set(measures.map(aliasOf));
  const possible: Measure[] = [
    { fn: 'count', field: '' },
    ...(['sum', 'avg', 'min', 'max', 'count'] as const).flatMap((fn) =>
      fieldsFor(fn, schema).map((field) => ({ fn, field })),
    ),
  ];
  return possible.find((measure) => !taken.has(aliasOf(measure)));
}

/** What is computed for each group. */
export function MeasureRows({ schema, measures, onChange }: MeasureRowsProps) {
  const next = nextMeasure(schema, measures);
  const replace = (index: number, measure: Measure) =>
    onChange(measures.map((old, at) => (at === index ? measure : old)));

  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="mb-1.5 font-medium">{t('analytics.measures')}</legend>
      {measures.map((measure, index) => {
        const fields = fieldsFor(measure.fn, schema);
        return (
          <div key={index} className="grid grid-cols-[7.5rem_minmax(0,1fr)_auto] gap-2">
            <Select
              aria-label={t('analytics.function')}
              value={measure.fn}
              onChange={(event) => {
                const fn = event.target.value as AggregateFunction;
                const possible = fieldsFor(fn, schema);
                const field = possible.includes(measure.field) ? measure.field : (possible[0] ?? '');
                replace(index, { fn, field: fn === 'count' && measure.field === '' ? '' : field });
              }}
            >
              {functions
                .filter((fn) => fn === 'count' || fieldsFor(fn, schema).length > 0)
                .map((fn) => (
                  <option key={fn} value={fn}>
                    {t(`analytics.functions.${fn}`)}
                  </option>
                ))}
            </Select>
            <Select
              aria-label={t('analytics.measuredField')}
              value={measure.field}
              onChange={(event) => replace(index, { ...measure, field: event.target.value })}
            >
              {measure.fn === 'count' && <option value="">{t('analytics.everyRecord')}</option>}
              {fields.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            <Button
              variant="ghost"
              size="icon"
              className="text-muted"
              aria-label={t('analytics.removeMeasure', { number: index + 1 })}
              disabled={measures.length === 1}
              onClick={() => onChange(measures.filter((_, at) => at !== index))}
            >
              <Trash2 aria-hidden />
            </Button>
          </div>
        );
      })}
      {next && measures.length < MOST_MEASURES && (
        <Button size="sm" variant="ghost" className="text-accent" onClick={() => onChange([...measures, next])}>
          <Plus aria-hidden />
          {t('analytics.addMeasure')}
        </Button>
      )}
    </fieldset>
  );
}
