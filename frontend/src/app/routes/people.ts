import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type ListSearch, readCount, readListSearch, readText, readWord } from '@/shared/lib/list-search';
import { frame } from './root';

const accounts = createRoute({
  getParentRoute: () => frame,
  path: '/accounts',
  validateSearch: (raw): ListSearch & { dialog?: string } => ({ ...readListSearch(raw), dialog: readText(raw.dialog) }),
  component: lazyRouteComponent(() => import('@/features/accounts/accounts-page'), 'AccountsPage'),
});

interface UserSearch extends ListSearch {
  /** Id of a role. */
  role?: number;
  state?: 'active' | 'inactive';
  dialog?: string;
}

const users = createRoute({
  getParentRoute: () => frame,
  path: '/users',
  staticData: { scoped: true },
  validateSearch: (raw): UserSearch => ({
    ...readListSearch(raw),
    role: readCount(raw.role),
    state: readWord(raw.state, ['active', 'inactive']),
    dialog: readText(raw.dialog),
  }),
  component: lazyRouteComponent(() => import('@/features/users/users-page'), 'UsersPage'),
});

interface InvitationSearch {
  status?: 'pending' | 'accepted' | 'expired';
  dialog?: string;
}

const invitations = createRoute({
  getParentRoute: () => frame,
  path: '/invitations',
  staticData: { audience: 'admins', scoped: true },
  validateSearch: (raw): InvitationSearch => ({
    status: readWord(raw.status, ['pending', 'accepted', 'expired']),
    dialog: readText(raw.dialog),
  }),
  component: lazyRouteComponent(() => import('@/features/invitations/invitations-page'), 'InvitationsPage'),
});

interface GroupSearch {
  q?: string;
  sort?: string;
  /** Id of the open group, or `new`. */
  group?: string;
}

const groups = createRoute({
  getParentRoute: () => frame,
  path: '/groups',
  staticData: { audience: 'admins', scoped: true },
  validateSearch: (raw): GroupSearch => {
    const { q, sort } = readListSearch(raw);
    return { q, sort, group: readText(raw.group) };
  },
  component: lazyRouteComponent(() => import('@/features/groups/groups-page'), 'GroupsPage'),
});

const roles = createRoute({
  getParentRoute: () => frame,
  path: '/roles',
  validateSearch: (raw): { dialog?: string } => ({ dialog: readText(raw.dialog) }),
  component: lazyRouteComponent(() => import('@/features/roles/roles-page'), 'RolesPage'),
});

const profile = createRoute({
  getParentRoute: () => frame,
  path: '/profile',
  staticData: { audience: 'everyone' },
  component: lazyRouteComponent(() => import('@/features/profile/profile-page'), 'ProfilePage'),
});

export const peopleRoutes = [accounts, users, invitations, groups, roles, profile] as const;
