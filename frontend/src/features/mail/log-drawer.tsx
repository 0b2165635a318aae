import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '@/shared/i18n';
import { Details } from '@/shared/ui/details';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { mailLog } from './api/get-log';
import { LogState } from './log-state';
import { typeName } from './template-parts';

/** What became of one mail. */
export function LogDrawer({ open, onClose }: { open: string | undefined; onClose: () => void }) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const log = useQuery({ ...mailLog(shown ?? ''), enabled: shown !== undefined });
  const row = log.data;
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={row ? t('mail.logTitle', { email: row.recipient_email }) : t('common.details')}
    >
      {log.isError && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {!row && !log.isError && (
        <DialogBody role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-48 w-full" />
        </DialogBody>
      )}
      {row && (
        <DialogBody
          role="group"
          aria-label={t('common.details')}
          // A box that scrolls must be reachable by keyboard.
          tabIndex={0}
        >
          {row.error_message && (
            <p className="rounded-lg bg-danger-subtle px-3 py-2.5 break-words text-danger">{row.error_message}</p>
          )}
          <Details
            rows={[
              { label: t('mail.sentAt'), value: <Time value={row.sent_at} /> },
              {
                label: t('mail.status'),
                value: <LogState status={row.status} />,
              },
              { label: t('mail.type'), value: typeName(row.template_type) },
              { label: t('mail.provider'), value: row.provider },
              { label: t('audit.accountId'), value: row.account_id, code: true },
            ]}
          />
          {row.variables && Object.keys(row.variables).length > 0 && (
            <section aria-labelledby="mail-variables">
              <h3 id="mail-variables" className="mb-2 font-medium">
                {t('mail.variables')}
              </h3>
              <Details
                rows={Object.entries(row.variables).map(([name, value]) => ({
                  label: name,
                  value: typeof value === 'string' ? value : JSON.stringify(value),
                  code: true,
                }))}
              />
            </section>
          )}
        </DialogBody>
      )}
    </Drawer>
  );
}
