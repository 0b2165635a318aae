import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** All roles; they are the same in every account. */
export function roleList() {
  return queryOptions({
    queryKey: keys.roles,
    queryFn: async () => (await unwrap(api.GET('/api/v1/roles'))).items,
    staleTime: 60_000,
  });
}

/** The roles that every installation has. */
export const builtInRoles = [
  { id: 2, name: 'user' },
  { id: 1, name: 'admin' },
] as const;

/** Whether a role belongs to every installation and keeps its name. */
export function isBuiltIn(role: { name: string }): boolean {
  return builtInRoles.some(({ name }) => name === role.name);
}
