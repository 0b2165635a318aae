import { Check, Circle } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { passwordRules } from '@/shared/lib/password-rules';

/** The rules a password must follow, each marked as soon as it holds. */
export function PasswordChecklist({ value, className }: { value: string; className?: string }) {
  return (
    <ul className={cn('grid gap-x-4 gap-y-1 sm:grid-cols-2', className)}>
      {passwordRules
        .filter((rule) => rule.code !== 'password_too_long' || !rule.holds(value))
        .map((rule) => {
          const holds = rule.holds(value);
          const Icon = holds ? Check : Circle;
          return (
            <li
              key={rule.code}
              className={cn('flex items-center gap-2 text-[0.8125rem]', holds ? 'text-success' : 'text-muted')}
            >
              <Icon className={cn('size-3.5 shrink-0', !holds && 'scale-75')} aria-hidden />
              {t(`password.${rule.code}`)}
              <span className="sr-only">{holds ? t('password.met') : t('password.unmet')}</span>
            </li>
          );
        })}
    </ul>
  );
}
