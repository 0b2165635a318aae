import {
  Building2,
  Database,
  GitCommitVertical,
  History,
  House,
  KeyRound,
  ListTodo,
  type LucideIcon,
  Mail,
  MailPlus,
  Settings2,
  ShieldHalf,
  SquareFunction,
  Table2,
  Users,
  UsersRound,
} from 'lucide-react';
import { type Audience, isOpenTo, isSuperadmin } from '@/shared/api/audience';
import type { Caller } from '@/shared/api/types';
import type { MessageKey } from '@/shared/i18n';

export interface Destination {
  to:
    | '/'
    | '/collections'
    | '/records'
    | '/macros'
    | '/accounts'
    | '/users'
    | '/invitations'
    | '/groups'
    | '/roles'
    | '/audit'
    | '/configuration'
    | '/mail'
    | '/jobs'
    | '/api-keys'
    | '/migrations';
  label: MessageKey;
  icon: LucideIcon;
  audience: Audience;
  /** Left out for superadmins, who have a page that shows more. */
  notForSuperadmins?: boolean;
}

interface Group {
  /** Absent for the first group. */
  label?: MessageKey;
  items: Destination[];
}

const groups: Group[] = [
  { items: [{ to: '/', label: 'nav.overview', icon: House, audience: 'admins' }] },
  {
    label: 'nav.data',
    items: [
      { to: '/collections', label: 'nav.collections', icon: Database, audience: 'superadmins' },
      { to: '/records', label: 'nav.records', icon: Table2, audience: 'admins', notForSuperadmins: true },
      { to: '/macros', label: 'nav.macros', icon: SquareFunction, audience: 'superadmins' },
    ],
  },
  {
    label: 'nav.people',
    items: [
      { to: '/accounts', label: 'nav.accounts', icon: Building2, audience: 'superadmins' },
      { to: '/users', label: 'nav.users', icon: Users, audience: 'superadmins' },
      { to: '/invitations', label: 'nav.invitations', icon: MailPlus, audience: 'admins' },
      { to: '/groups', label: 'nav.groups', icon: UsersRound, audience: 'admins' },
      { to: '/roles', label: 'nav.roles', icon: ShieldHalf, audience: 'superadmins' },
    ],
  },
  {
    label: 'nav.operations',
    items: [
      { to: '/audit', label: 'nav.audit', icon: History, audience: 'admins' },
      { to: '/configuration', label: 'nav.configuration', icon: Settings2, audience: 'superadmins' },
      { to: '/mail', label: 'nav.mail', icon: Mail, audience: 'superadmins' },
      { to: '/jobs', label: 'nav.jobs', icon: ListTodo, audience: 'superadmins' },
      { to: '/api-keys', label: 'nav.apiKeys', icon: KeyRound, audience: 'superadmins' },
      { to: '/migrations', label: 'nav.migrations', icon: GitCommitVertical, audience: 'superadmins' },
    ],
  },
];

/** The sidebar's groups, with the pages that are open to the caller; groups without any are left out. */
export function navigationFor(caller: Caller): Group[] {
  return groups
    .map((group) => ({
      ...group,
      items: group.items.filter(
        (item) => isOpenTo(item.audience, caller) && !(item.notForSuperadmins && isSuperadmin(caller)),
      ),
    }))
    .filter((group) => group.items.length > 0);
}
