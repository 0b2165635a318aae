import {
  Building2,
  Database,
  Files,
  GitCommitVertical,
  HeartPulse,
  History,
  House,
  KeyRound,
  ListTodo,
  type LucideIcon,
  Mail,
  MailPlus,
  RadioTower,
  Settings2,
  ShieldHalf,
  SquareFunction,
  Table2,
  Users,
  UsersRound,
  Webhook,
  Workflow,
} from 'lucide-react';
import { type Audience, isOpenTo, isSuperadmin } from '@/shared/api/audience';
import type { Caller } from '@/shared/api/types';
import type { MessageKey } from '@/shared/i18n';

export interface Destination {
  to:
    | '/'
    | '/collections'
    | '/records'
    | '/files'
    | '/macros'
    | '/accounts'
    | '/users'
    | '/invitations'
    | '/groups'
    | '/roles'
    | '/audit'
    | '/realtime'
    | '/configuration'
    | '/mail'
    | '/hooks'
    | '/webhooks'
    | '/jobs'
    | '/api-keys'
    | '/migrations'
    | '/health';
  label: MessageKey;
  icon: LucideIcon;
  audience: Audience;
  /** Key that leads here after `g`; unlike those of all pages that the same people see. */
  letter?: string;
  /** Left out for superadmins, who have a page that shows more. */
  notForSuperadmins?: boolean;
}

interface Group {
  /** Absent for the first group. */
  label?: MessageKey;
  items: Destination[];
}

const groups: Group[] = [
  { items: [{ to: '/', letter: 'o', label: 'nav.overview', icon: House, audience: 'admins' }] },
  {
    label: 'nav.data',
    items: [
      { to: '/collections', letter: 'c', label: 'nav.collections', icon: Database, audience: 'superadmins' },
      { to: '/records', letter: 'r', label: 'nav.records', icon: Table2, audience: 'admins', notForSuperadmins: true },
      { to: '/files', letter: 'f', label: 'nav.files', icon: Files, audience: 'admins' },
      { to: '/macros', letter: 'm', label: 'nav.macros', icon: SquareFunction, audience: 'superadmins' },
    ],
  },
  {
    label: 'nav.people',
    items: [
      { to: '/accounts', letter: 'a', label: 'nav.accounts', icon: Building2, audience: 'superadmins' },
      { to: '/users', letter: 'u', label: 'nav.users', icon: Users, audience: 'superadmins' },
      { to: '/invitations', letter: 'i', label: 'nav.invitations', icon: MailPlus, audience: 'admins' },
      { to: '/groups', letter: 'g', label: 'nav.groups', icon: UsersRound, audience: 'admins' },
      { to: '/roles', letter: 'r', label: 'nav.roles', icon: ShieldHalf, audience: 'superadmins' },
    ],
  },
  {
    label: 'nav.automation',
    items: [
      { to: '/hooks', letter: 'b', label: 'nav.hooks', icon: Workflow, audience: 'admins' },
      { to: '/webhooks', letter: 'w', label: 'nav.webhooks', icon: Webhook, audience: 'admins' },
      { to: '/jobs', letter: 'j', label: 'nav.jobs', icon: ListTodo, audience: 'superadmins' },
    ],
  },
  {
    label: 'nav.operations',
    items: [
      { to: '/audit', letter: 'l', label: 'nav.audit', icon: History, audience: 'admins' },
      { to: '/realtime', letter: 't', label: 'realtime.title', icon: RadioTower, audience: 'admins' },
      { to: '/configuration', letter: 's', label: 'nav.configuration', icon: Settings2, audience: 'superadmins' },
      { to: '/mail', letter: 'e', label: 'nav.mail', icon: Mail, audience: 'superadmins' },
      { to: '/api-keys', letter: 'k', label: 'nav.apiKeys', icon: KeyRound, audience: 'superadmins' },
      { to: '/health', letter: 'h', label: 'nav.health', icon: HeartPulse, audience: 'superadmins' },
      { to: '/migrations', letter: 'v', label: 'nav.migrations', icon: GitCommitVertical, audience: 'superadmins' },
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
