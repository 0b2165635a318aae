import { useQuery } from '@tanstack/react-query';
import {
  Building2,
  CircleUser,
  Keyboard,
  Languages,
  LogOut,
  type LucideIcon,
  Monitor,
  Moon,
  Plus,
  Sun,
  Table2,
} from 'lucide-react';
import { useLogout } from '@/features/auth/api/logout';
import { useAccountScope } from '@/shared/accounts/account-scope';
import { isOpenTo, isSuperadmin, useCaller } from '@/shared/api/audience';
import { useLeave } from '@/shared/api/use-leave';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { type Language, languages, setLanguage, t } from '@/shared/i18n';
import { setTheme } from '@/shared/lib/theme';
import { useSwitchAccount } from '../frame/account-switcher';
import { navigationFor } from '../frame/navigation';
import type { Command, Place } from './command';

/** The pages, collections and actions that are open to the caller. */
export function useCommands(onShowShortcuts: () => void): Command[] {
  const caller = useCaller();
  const administers = isSuperadmin(caller);
  const names = useQuery({ ...collectionNames(), enabled: administers });
  const scope = useAccountScope();
  const switchTo = useSwitchAccount();
  const logout = useLogout();
  const leave = useLeave();

  const pages: Command[] = navigationFor(caller)
    .flatMap(({ items }) => items)
    .map(({ to, label, icon }) => ({ id: to, group: t('palette.pages'), label: t(label), icon, place: { to } }));
  const profile: Command = {
    id: '/profile',
    group: t('palette.pages'),
    label: t('nav.profile'),
    icon: CircleUser,
    place: { to: '/profile' },
  };
  const collections: Command[] = (names.data ?? []).map((name) => ({
    id: `collection ${name}`,
    group: t('palette.collections'),
    label: name,
    icon: Table2,
    place: { to: '/collections/$name/records', params: { name } },
  }));

  const create = (id: string, label: string, place: Place, more: Partial<Command> = {}): Command => ({
    id,
    group: t('palette.actions'),
    label,
    icon: Plus,
    place,
    ...more,
  });
  const act = (id: string, label: string, icon: LucideIcon, run: () => void, searched = true): Command => ({
    id,
    group: t('palette.actions'),
    label,
    icon,
    run,
    onlyWhenSearched: searched,
  });
  const dialog = { dialog: 'new' };
  const actions = [
    ...(administers
      ? [
          create('new-collection', t('palette.newCollection'), { to: '/collections/new' }),
          create('new-account', t('accounts.new'), { to: '/accounts', search: dialog }),
          create('new-user', t('users.new'), { to: '/users', search: dialog }),
          create('new-key', t('apiKeys.new'), { to: '/api-keys', search: dialog }),
        ]
      : []),
    ...(isOpenTo('admins', caller)
      ? [
          create('new-invitation', t('invitations.new'), { to: '/invitations', search: dialog }),
          create('new-group', t('groups.new'), { to: '/groups', search: { group: 'new' } }),
        ]
      : []),
    ...(scope !== undefined
      ? [act('all-accounts', t('scope.showAll'), Building2, () => switchTo(undefined), false)]
      : []),
    act('shortcuts', t('palette.shortcuts'), Keyboard, onShowShortcuts, false),
    act('light', t('palette.theme', { name: t('theme.light') }), Sun, () => setTheme('light')),
    act('dark', t('palette.theme', { name: t('theme.dark') }), Moon, () => setTheme('dark')),
    act('system', t('palette.theme', { name: t('theme.system') }), Monitor, () => setTheme('system')),
    ...Object.entries(languages).map(([tag, name]) =>
      act(`language-${tag}`, t('palette.language', { name }), Languages, () => void setLanguage(tag as Language)),
    ),
    act('sign-out', t('account.signOut'), LogOut, () => logout.mutate(undefined, { onSettled: () => void leave() })),
    ...(names.data ?? []).map((name) =>
      create(
        `new-record ${name}`,
        t('records.newTitle', { name }),
        { to: '/collections/$name/records', params: { name }, search: { record: 'new' } },
        { onlyWhenSearched: true },
      ),
    ),
  ];
  return [...pages, profile, ...collections, ...actions];
}
