import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, History, User } from 'lucide-react';
import { useState } from 'react';
import type { AuditEntry } from '@/shared/api/types';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { auditEntry } from './api/get-entry';
import { type DiffLine, lineDiff } from './line-diff';

/** One entry of the audit log with everything that is kept about it. */
export function EntryDrawer({ open, onClose }: { open: number | undefined; onClose: () => void }) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={t('audit.entryTitle', { id: shown ?? '' })}
    >
      {shown !== undefined && <StoredEntry key={shown} id={shown} />}
    </Drawer>
  );
}

function StoredEntry({ id }: { id: number }) {
  const entry = useQuery(auditEntry(id));
  if (entry.isError) return <ErrorState error={entry.error} onRetry={() => void entry.refetch()} />;
  if (!entry.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-64 w-full" />
      </DialogBody>
    );
  }
  return <EntryBody entry={entry.data} />;
}

function EntryBody({ entry }: { entry: AuditEntry }) {
  const method = entry.extra_metadata?.auth_method;
  const text = (value: string | null | undefined) => value ?? t('audit.none');
  return (
    <DialogBody>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <OperationBadge operation={entry.operation} />
        <span className="font-mono text-[0.8125rem] break-all">
          {entry.table_name}.{entry.column_name}
        </span>
        <Time className="text-muted sm:ml-auto" value={entry.occurred_at} />
      </div>
      <section aria-labelledby="audit-change">
        <h3 id="audit-change" className="mb-2 font-medium">
          {t('audit.change')}
        </h3>
        <Diff lines={lineDiff(entry.old_value, entry.new_value)} />
      </section>
      <Details
        rows={[
          { label: t('audit.record'), value: entry.record_id, code: true },
          { label: t('audit.accountId'), value: entry.account_id, code: true },
          { label: t('audit.by'), value: entry.user_email },
          { label: t('audit.userId'), value: entry.user_id, code: true },
          { label: t('audit.method'), value: typeof method === 'string' ? method : t('audit.none') },
          { label: t('audit.ip'), value: text(entry.ip_address), code: true },
          { label: t('audit.agent'), value: text(entry.user_agent) },
          { label: t('audit.request'), value: text(entry.request_id), code: true },
        ]}
      />
      <section aria-labelledby="audit-chain">
        <h3 id="audit-chain" className="mb-2 flex items-center gap-2 font-medium">
          <Fingerprint className="size-4 text-muted" aria-hidden />
          {t('audit.chain')}
        </h3>
        <Details
          rows={[
            { label: t('audit.checksum'), value: <Hash value={entry.checksum} label={t('audit.copyChecksum')} /> },
            {
              label: t('audit.previous'),
              value: entry.previous_hash ? (
                <Hash value={entry.previous_hash} label={t('audit.copyPrevious')} />
              ) : (
                t('audit.first')
              ),
            },
            { label: t('audit.signedBy'), value: text(entry.es_username) },
            { label: t('audit.signedFor'), value: text(entry.es_reason) },
            {
              label: t('audit.signedAt'),
              value: entry.es_timestamp ? <Time value={entry.es_timestamp} /> : t('audit.none'),
            },
          ]}
        />
      </section>
      <div className="flex flex-wrap gap-2">
        <Button asChild size="sm">
          <Link to="/audit" search={{ table: entry.table_name, record: entry.record_id }}>
            <History aria-hidden />
            {t('audit.recordHistory')}
          </Link>
        </Button>
        <Button asChild size="sm">
          <Link to="/audit" search={{ user: entry.user_id }}>
            <User aria-hidden />
            {t('audit.allByUser')}
          </Link>
        </Button>
      </div>
    </DialogBody>
  );
}

function Hash({ value, label }: { value: string | null; label: string }) {
  if (value === null) return t('audit.none');
  return (
    <span className="flex items-start gap-1">
      <code className="font-mono text-xs leading-5 break-all">{value}</code>
      <CopyButton className="-my-1" text={value} label={label} />
    </span>
  );
}

const marks = { same: ' ', removed: '−', added: '+' } as const;
const lineStyle = {
  same: 'text-muted',
  removed: 'bg-danger-subtle text-danger',
  added: 'bg-success-subtle text-success',
} as const;

function Diff({ lines }: { lines: DiffLine[] }) {
  if (lines.length === 0) return <p className="text-muted">{t('audit.noValues')}</p>;
  return (
    <div
      className="max-h-80 overflow-auto rounded-xl border py-1 font-mono text-xs leading-5"
      role="group"
      aria-label={t('audit.change')}
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {lines.map(({ kind, text }, index) => (
        <div key={index} className={cn('flex gap-2 px-3', lineStyle[kind])}>
          <span className="select-none" aria-hidden>
            {marks[kind]}
          </span>
          {kind !== 'same' && <span className="sr-only">{t(`audit.${kind}`)}</span>}
          <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
        </div>
      ))}
    </div>
  );
}
