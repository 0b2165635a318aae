import { Building2 } from 'lucide-react';
import { useAccountScope } from '@/shared/accounts/account-scope';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { useScopeName, useSwitchAccount } from './account-switcher';

/** Says which account is in view, and leads back to all of them. */
export function ScopeBar({ scoped }: { scoped: boolean }) {
  const scope = useAccountScope();
  const name = useScopeName();
  const switchTo = useSwitchAccount();
  if (scope === undefined) return null;
  return (
    <div
      role="status"
      className={cn(
        'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1 sm:px-6 lg:px-8',
        scoped ? 'bg-accent-subtle text-accent' : 'bg-subtle text-muted',
      )}
    >
      <Building2 className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1">
        {name === undefined ? t('common.loading') : t(scoped ? 'scope.inView' : 'scope.notHere', { name })}
      </span>
      <Button size="sm" onClick={() => switchTo(undefined)}>
        {t('scope.showAll')}
      </Button>
    </div>
  );
}
