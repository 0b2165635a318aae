import { UserMinus } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import type { GroupDetail } from '@/shared/api/types';
import { t, tn } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { UserSearch } from '@/shared/users/user-search';
import { useAddMember } from './api/add-member';
import { useRemoveMember } from './api/remove-member';

/** The users of a group, with the ways to add and remove them. */
export function GroupMembers({ group }: { group: GroupDetail }) {
  const administers = isSuperadmin(useCaller());
  const add = useAddMember(group.id);
  const remove = useRemoveMember(group.id);
  const failure = add.isError ? asApiError(add.error) : null;
  return (
    <section aria-labelledby="group-members" className="border-t pt-5">
      <h3 id="group-members" className="mb-3 flex items-baseline gap-2 font-medium">
        {t('groups.members')}
        <span className="font-normal text-muted">{tn('groups.memberCount', group.users.length)}</span>
      </h3>
      {administers ? (
        <UserSearch
          label={t('groups.addMember')}
          accountId={group.account_id}
          without={group.users.map((user) => user.id)}
          onPick={(user) => add.mutate(user.id)}
        />
      ) : (
        <AddById busy={add.isPending} onAdd={(id) => add.mutateAsync(id)} />
      )}
      <div className="mt-3 empty:hidden">
        <FormError message={failure?.message} error={failure} />
      </div>
      {group.users.length > 0 ? (
        <ul className="mt-3 divide-y rounded-xl border">
          {group.users.map((user) => (
            <li key={user.id} className="flex items-center gap-3 py-1.5 pr-1.5 pl-4">
              <span className="min-w-0 flex-1 truncate">{user.email}</span>
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={t('groups.removeMember', { email: user.email })}
                onClick={() => remove.mutate(user.id)}
              >
                <UserMinus aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-3 text-muted">{t('groups.noMembers')}</p>
      )}
    </section>
  );
}

/** Admins of an account cannot list its users, so they name one by id. */
function AddById({ busy, onAdd }: { busy: boolean; onAdd: (id: string) => Promise<unknown> }) {
  const [id, setId] = useState('');
  const add = () => {
    if (id.trim() === '' || busy) return;
    // A refusal is shown by the list.
    onAdd(id.trim()).then(
      () => setId(''),
      () => undefined,
    );
  };
  return (
    <Field label={t('groups.addById')} hint={t('groups.addByIdHint')}>
      {(control) => (
        <span className="flex gap-2">
          <Input
            {...control}
            className="font-mono text-[0.8125rem]"
            autoComplete="off"
            spellCheck={false}
            value={id}
            onChange={(event) => setId(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              add();
            }}
          />
          <Button busy={busy} onClick={add}>
            {t('groups.add')}
          </Button>
        </span>
      )}
    </Field>
  );
}
