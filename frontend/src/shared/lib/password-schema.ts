import { z } from 'zod/mini';
import { t } from '@/shared/i18n';
import { brokenPasswordRules } from './password-rules';

/** A new password that follows the server's rules. */
export const newPassword = () =>
  z.string().check(z.refine((value) => brokenPasswordRules(value).length === 0, { error: () => t('password.weak') }));

/** A new password typed twice. */
export const repeatedPassword = () =>
  z
    .object({ password: newPassword(), repeat: z.string() })
    .check(
      z.refine((values) => values.password === values.repeat, { path: ['repeat'], error: () => t('password.differs') }),
    );
