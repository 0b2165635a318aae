import { Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { formatDate, formatDateTime, formatNumber, t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { FileValue } from './file-value';
import { readStoredFile } from '@/shared/files/stored-file';

/** The first eight characters of an id: enough to tell records apart at a glance. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** Whether links to the address are safe to follow: values come from people. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** A stored value in a table's cell, by the type of its field. Nothing is ever read as HTML. */
export function CellValue({ field, value, display }: { field: FieldDefinition; value: unknown; display?: string }) {
  if (value === null || value === undefined) return <span className="text-muted">–</span>;
  const type = fieldType(field);
  switch (type === 'computed' ? computedType(field) : type) {
    case 'boolean':
      return (
        <Badge tone={value === true ? 'success' : 'neutral'}>{value === true ? t('common.yes') : t('common.no')}</Badge>
      );
    case 'number':
      return typeof value === 'number' ? (
        <span className="tabular-nums">{formatNumber(value)}</span>
      ) : (
        <>{String(value)}</>
      );
    case 'date':
      return <time dateTime={String(value)}>{formatDate(String(value))}</time>;
    case 'datetime':
      return (
        <time dateTime={String(value)} title={String(value)}>
          {formatDateTime(String(value))}
        </time>
      );
    case 'url':
      return isWebAddress(String(value)) ? (
        <a
          href={String(value)}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex max-w-full items-center gap-1.5 rounded text-accent hover:underline"
        >
          <span className="truncate">{String(value).replace(/^https?:\/\//i, '')}</span>
          <ExternalLink className="size-3.5 shrink-0" aria-hidden />
        </a>
      ) : (
        <>{String(value)}</>
      );
    case 'json':
      return <code className="font-mono text-xs">{JSON.stringify(value)}</code>;
    case 'file': {
      const file = readStoredFile(value);
      return file ? <FileValue file={file} /> : <>{String(value)}</>;
    }
    case 'reference':
      return <ReferenceValue collection={field.collection ?? ''} value={value} display={display} />;
    default:
      return <>{String(value)}</>;
  }
}

function computedType(field: FieldDefinition): 'text' | 'number' | 'boolean' | 'datetime' {
  const type = field.return_type;
  return type === 'number' || type === 'boolean' || type === 'datetime' ? type : 'text';
}

/** A link to the record that is referenced: by its display value where it came along, else by its id. */
function ReferenceValue({ collection, value, display }: { collection: string; value: unknown; display?: string }) {
  const target = typeof value === 'object' && value !== null ? (value as RecordRow) : null;
  const id = target ? target.id : String(value);
  const shown = display ? target?.[display] : undefined;
  return (
    <Link
      to="/collections/$name/records"
      params={{ name: collection }}
      search={{ record: id }}
      title={id}
      className="inline-flex max-w-full items-center rounded-md border bg-subtle px-1.5 py-0.5 hover:border-control hover:bg-hover"
    >
      {typeof shown === 'string' && shown !== '' ? (
        <span className="truncate">{shown}</span>
      ) : (
        <span className="font-mono text-xs">{shortId(id)}</span>
      )}
    </Link>
  );
}
