import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, History, User } from 'lucide-react';
import { useState } from 'react';
import type { AuditEntry } from '@/shared/api/types';
import { Diff } from '@/shared/audit/diff';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { auditEntry } from './api/get-entry';

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
        <Diff before={entry.old_value} after={entry.new_value} label={t('audit.change')} />
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
