import { useSearch } from '@tanstack/react-router';

/** Part of the URL of every page in the frame: the account that a superadmin has in view. */
export interface AccountScope {
  /** Id of the account; absent for all accounts. */
  account?: string;
}

/** Reads the scope from a URL; what cannot be the id of an account counts as none, and leaves no key. */
export function readAccountScope({ account }: { account?: unknown }): AccountScope {
  const isId = typeof account === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(account);
  return isId ? { account } : {};
}

/** Keeps the scope on the way to another page of the frame, unless that way names one or says that there is none. */
export function keepAccountScope<Search extends AccountScope>({
  search,
  next,
}: {
  search: Search;
  next: (search: Search) => Search;
}): Search {
  const wanted = next(search);
  return 'account' in wanted ? wanted : { ...wanted, ...readAccountScope(search) };
}

/** Id of the account in view; undefined for all. Other users than superadmins have their own in view, whatever it says. */
export function useAccountScope(): string | undefined {
  return useSearch({ strict: false, select: (search) => (search as AccountScope).account });
}

/**
 * A filter expression over records that lets only those of an account through. The account comes last, so that
 * positions in the server's messages still fit what was written as far as possible.
 */
export function withinAccount(filter: string, account: string | undefined): string {
  if (account === undefined) return filter;
  const clause = `account_id = "${account}"`;
  if (filter.trim() === '') return clause;
  return `${filter.includes('||') ? `(${filter})` : filter} && ${clause}`;
}
