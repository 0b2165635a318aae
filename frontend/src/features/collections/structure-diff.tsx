import type { ReactNode } from 'react';
import type { Collection, StructureReport } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Card } from '@/shared/ui/page';
import type { PlannedCollection, PlannedField } from './structure-change';

interface StructureDiffProps {
  before: Collection;
  after: PlannedCollection;
  /** What the server says that the changes would do. */
  report: StructureReport;
}

/** The fields before and after, and what happens to stored records. */
export function StructureDiff({ before, after, report }: StructureDiffProps) {
  return (
    <Card className="overflow-hidden">
      <h2 className="border-b px-4 py-3 font-medium">{t('changes.diff')}</h2>
      {/* A box that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label={t('changes.diff')} tabIndex={0} className="overflow-x-auto -outline-offset-2">
        <table className="w-full text-left">
          <thead className="bg-subtle text-[0.8125rem] text-muted">
            <tr>
              <th scope="col" className="w-1/2 px-4 py-2 font-medium">
                {t('changes.now')}
              </th>
              <th scope="col" className="w-1/2 px-4 py-2 font-medium">
                {t('changes.then')}
              </th>
            </tr>
          </thead>
          <tbody className="font-mono text-[0.8125rem]">
            <Row changed={before.name !== after.name} now={before.name} then={after.name} />
            {after.fields.map((field) => {
              const stored = before.schema.find(({ name }) => name === field.origin);
              const now = stored && line(stored.name, fieldType(stored), stored.required);
              const then = field.dropped ? null : line(field.name, field.type, field.required);
              return <Row key={field.origin} indented changed={now !== then} now={now ?? ''} then={then} />;
            })}
          </tbody>
        </table>
      </div>
      <ol className="divide-y border-t">
        {report.changes.map((step, index) => (
          <li key={index} className="px-4 py-2.5">
            <p className="flex flex-wrap justify-between gap-x-4">
              <span className="min-w-0 break-words">{step.description}</span>
              <span className="text-[0.8125rem] text-muted">{tn('changes.rows', step.rows_affected)}</span>
            </p>
            {step.unconvertible_count > 0 && (
              <div className="mt-1.5 text-[0.8125rem] text-danger">
                <p>{tn('changes.unconverted', step.unconvertible_count)}</p>
                <ul className="mt-1 space-y-0.5 font-mono text-xs">
                  {step.unconvertible.map(({ record_id, value }) => (
                    <li key={record_id} className="break-all">
                      {record_id}: {JSON.stringify(value)}
                    </li>
                  ))}
                </ul>
              </div>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

function line(name: string, type: PlannedField['type'], required: boolean): string {
  return [name, t(`fieldTypes.${type}`), ...(required ? [t('changes.required')] : [])].join('  ');
}

function Row({
  changed,
  indented,
  now,
  then,
}: {
  changed: boolean;
  indented?: boolean;
  now: string;
  then: string | null;
}) {
  const cell = (content: ReactNode, tone: string) => (
    <td className={cn('border-t px-4 py-1.5 whitespace-pre', indented && 'pl-8', changed && tone)}>{content}</td>
  );
  return (
    <tr className={cn(!changed && 'text-muted')}>
      {cell(changed ? <del className="no-underline">{now}</del> : now, 'bg-danger-subtle text-danger')}
      {then === null
        ? cell(t('changes.gone'), 'text-muted')
        : cell(changed ? <ins className="no-underline">{then}</ins> : then, 'bg-success-subtle text-success')}
    </tr>
  );
}
