import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useDebounced } from '@/shared/lib/use-debounced';
import { ComboSearch } from '@/shared/ui/combo-search';
import { userSearch } from './search-users';

interface UserSearchProps {
  label: string;
  /** Account whose users are offered; absent for all. */
  accountId?: string;
  /** Ids of users that are left out. */
  without?: string[];
  onPick: (user: User) => void;
}

/** Finds a user by a part of the e-mail; for superadmins, since only they may list users. */
export function UserSearch({ label, accountId, without = [], onPick }: UserSearchProps) {
  const [text, setText] = useState('');
  const settled = useDebounced(text.trim());
  const found = useQuery(userSearch(settled, accountId));
  return (
    <ComboSearch
      label={label}
      text={text}
      onTextChange={setText}
      options={(found.data ?? []).filter((user) => !without.includes(user.id))}
      optionId={(user) => user.id}
      render={(user) => (
        <span className="min-w-0">
          <span className="block truncate">{user.email}</span>
          {!accountId && <span className="block truncate text-[0.8125rem] text-muted">{user.account_name}</span>}
        </span>
      )}
      busy={found.isPending}
      stale={settled !== text.trim() || found.isPlaceholderData}
      empty={t('users.noneFound')}
      onPick={(user) => {
        setText('');
        onPick(user);
      }}
    />
  );
}
