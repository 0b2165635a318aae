import { useQuery } from '@tanstack/react-query';
import { LoaderCircle, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { AuditVerification } from '@/shared/api/types';
import { formatNumber, t, tn } from '@/shared/i18n';
import { Details } from '@/shared/ui/details';
import { Dialog, DialogBody } from '@/shared/ui/dialog';
import { ErrorState } from '@/shared/ui/states';
import { chainVerification } from './api/verify-chain';

/** Has the server check the chain of checksums, and says what it found. */
export function VerifyDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('audit.verifyTitle')}
      description={t('audit.verifyLead')}
      className="sm:max-w-xl"
    >
      <Verification />
    </Dialog>
  );
}

function Verification() {
  const result = useQuery(chainVerification());
  if (result.isError) return <ErrorState error={result.error} onRetry={() => void result.refetch()} />;
  if (!result.data) {
    return (
      <DialogBody className="flex items-center gap-3 space-y-0 text-muted" role="status">
        <LoaderCircle className="size-5 animate-spin" aria-hidden />
        {t('audit.verifying')}
      </DialogBody>
    );
  }
  return <Outcome result={result.data} />;
}

function Outcome({ result }: { result: AuditVerification }) {
  const { valid, checked, problems, head } = result;
  return (
    <DialogBody>
      <div
        role="status"
        className={
          valid
            ? 'flex gap-3 rounded-xl bg-success-subtle px-4 py-3.5 text-success'
            : 'flex gap-3 rounded-xl bg-danger-subtle px-4 py-3.5 text-danger'
        }
      >
        {valid ? (
          <ShieldCheck className="size-5 shrink-0" aria-hidden />
        ) : (
          <ShieldAlert className="size-5 shrink-0" aria-hidden />
        )}
        <div>
          <p className="font-medium">{valid ? t('audit.intact') : tn('audit.broken', problems.length)}</p>
          <p>{tn('audit.checked', checked)}</p>
        </div>
      </div>
      {problems.length > 0 && (
        <ul className="max-h-72 divide-y overflow-y-auto rounded-xl border">
          {problems.map((problem, index) => (
            <li key={index} className="px-4 py-2.5">
              <p className="flex flex-wrap gap-x-2 font-medium">
                {t('audit.entryTitle', { id: formatNumber(problem.id) })}
                <code className="font-mono text-xs leading-5 text-muted">{problem.kind}</code>
              </p>
              <p className="text-muted">{problem.message}</p>
            </li>
          ))}
        </ul>
      )}
      {head && (
        <div>
          <p className="mb-2 text-muted">{t('audit.headHint')}</p>
          <Details
            rows={[
              { label: t('audit.headEntry'), value: formatNumber(head.id) },
              { label: t('audit.checksum'), value: head.checksum, code: true },
              ...(head.seal ? [{ label: t('audit.seal'), value: head.seal, code: true }] : []),
            ]}
          />
        </div>
      )}
    </DialogBody>
  );
}
