import { useQuery } from '@tanstack/react-query';
import { Building2, CircleUser, FileSearch } from 'lucide-react';
import { accountSearch } from '@/shared/accounts/search-accounts';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { useDebounced } from '@/shared/lib/use-debounced';
import { userSearch } from '@/shared/users/search-users';
import { useSwitchAccount } from '../frame/account-switcher';
import { type Command, readRecordId } from './command';
import { recordHome } from './find-record';

const SHORTEST = 2;
const SHOWN = 5;

/** What the server finds for a text: a record by its id, users by e-mail, accounts by name. For superadmins. */
export function useFound(query: string): { commands: Command[]; busy: boolean } {
  const administers = isSuperadmin(useCaller());
  const switchTo = useSwitchAccount();
  const wanted = useDebounced(query.trim(), 200);
  const record = readRecordId(wanted);
  const searching = administers && record === null && wanted.length >= SHORTEST;
  const names = useQuery({ ...collectionNames(), enabled: administers });
  const among = (names.data ?? []).filter((name) => name.toLowerCase().startsWith(record?.before.toLowerCase() ?? ''));
  const home = useQuery({
    ...recordHome(record?.id ?? '', among),
    enabled: administers && record !== null && among.length > 0,
  });
  const users = useQuery({ ...userSearch(wanted, undefined), enabled: searching });
  const accounts = useQuery({ ...accountSearch(wanted), enabled: searching });

  const commands: Command[] = [];
  if (record && home.data) {
    commands.push({
      id: `record ${record.id}`,
      group: t('palette.records'),
      label: record.id,
      note: home.data,
      icon: FileSearch,
      place: { to: '/collections/$name/records', params: { name: home.data }, search: { record: record.id } },
    });
  }
  if (searching) {
    for (const user of users.data?.slice(0, SHOWN) ?? []) {
      commands.push({
        id: `user ${user.id}`,
        group: t('nav.users'),
        label: user.email,
        note: user.account_name,
        icon: CircleUser,
        place: { to: '/users', search: { q: user.email } },
      });
    }
    for (const account of accounts.data?.slice(0, SHOWN) ?? []) {
      commands.push({
        id: `account ${account.id}`,
        group: t('nav.accounts'),
        label: t('scope.switchTo', { name: account.name }),
        icon: Building2,
        run: () => switchTo(account.id),
      });
    }
  }
  const settling = wanted !== query.trim();
  return {
    commands,
    busy: administers && (settling || home.isFetching || (searching && (users.isFetching || accounts.isFetching))),
  };
}
