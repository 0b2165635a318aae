import { BadgeCheck, KeySquare, MoreHorizontal, Pencil, Send, UserCheck, UserX } from 'lucide-react';
import { toast } from 'sonner';
import type { User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { toastWithUndo } from '@/shared/lib/undo-toast';
import { Button } from '@/shared/ui/button';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/shared/ui/menu';
import { useResendVerification } from './api/resend-verification';
import { useSetUserActive } from './api/set-user-active';
import { useVerifyUser } from './api/verify-user';

/** What the page opens for a user. */
export interface UserActions {
  edit: (user: User) => void;
  setPassword: (user: User) => void;
  deactivate: (user: User) => void;
}

export function UserMenu({ user, actions }: { user: User; actions: UserActions }) {
  const verify = useVerifyUser();
  const resend = useResendVerification();
  const setActive = useSetUserActive();
  const { id, email } = user;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: email })}>
          <MoreHorizontal aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => actions.edit(user)}>
          <Pencil aria-hidden />
          {t('common.edit')}
        </MenuItem>
        <MenuItem onSelect={() => actions.setPassword(user)}>
          <KeySquare aria-hidden />
          {t('users.resetPassword')}
        </MenuItem>
        {!user.email_verified && (
          <>
            <MenuItem
              onSelect={() =>
                verify.mutate(id, { onSuccess: () => toast.success(t('users.verifiedToast', { email })) })
              }
            >
              <BadgeCheck aria-hidden />
              {t('users.verify')}
            </MenuItem>
            <MenuItem
              onSelect={() => resend.mutate(id, { onSuccess: () => toast.success(t('users.resentToast', { email })) })}
            >
              <Send aria-hidden />
              {t('users.resend')}
            </MenuItem>
          </>
        )}
        <MenuSeparator />
        {user.is_active ? (
          <MenuItem danger onSelect={() => actions.deactivate(user)}>
            <UserX aria-hidden />
            {t('users.deactivate')}
          </MenuItem>
        ) : (
          <MenuItem
            onSelect={() =>
              setActive.mutate(
                { id, active: true },
                {
                  onSuccess: () =>
                    toastWithUndo(t('users.activatedToast', { email }), () => setActive.mutate({ id, active: false })),
                },
              )
            }
          >
            <UserCheck aria-hidden />
            {t('users.activate')}
          </MenuItem>
        )}
      </MenuContent>
    </Menu>
  );
}
