import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { type ComponentProps, useId } from 'react';
import { AccountSelect } from '@/shared/accounts/account-select';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { readDay } from '@/shared/lib/list-search';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Field } from '@/shared/ui/field';
import { Input, Select } from '@/shared/ui/input';
import { UserSearch } from '@/shared/users/user-search';
import type { AuditFilter } from './audit-filter';

const systemTables = [
  'accounts',
  'api_keys',
  'collections',
  'configurations',
  'email_logs',
  'email_templates',
  'groups',
  'invitations',
  'roles',
  'users',
  'users_groups',
];
const operations = ['CREATE', 'UPDATE', 'DELETE'] as const;

interface FilterPanelProps {
  filter: AuditFilter;
  onChange: (part: Partial<AuditFilter>) => void;
}

/** The controls that narrow the audit log. */
export function FilterPanel({ filter, onChange }: FilterPanelProps) {
  const administers = isSuperadmin(useCaller());
  const names = useQuery({ ...collectionNames(), enabled: administers });
  const tables = useId();
  return (
    <div className="grid gap-x-3 gap-y-4 border-b bg-subtle/40 p-4 sm:grid-cols-2 lg:grid-cols-4">
      <Field label={t('audit.table')}>
        {(control) => (
          <>
            <TextFilter
              {...control}
              list={tables}
              placeholder={t('audit.anyTable')}
              committed={filter.table ?? ''}
              onCommit={(text) => onChange({ table: text || undefined })}
            />
            <datalist id={tables}>
              {[...systemTables, ...(names.data ?? []).map((name) => `col_${name.toLowerCase()}`)].map((table) => (
                <option key={table} value={table} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={t('audit.operation')}>
        {(control) => (
          <Select
            {...control}
            value={filter.operation ?? ''}
            onChange={(event) => onChange({ operation: event.target.value || undefined })}
          >
            <option value="">{t('audit.anyOperation')}</option>
            {operations.map((operation) => (
              <option key={operation} value={operation}>
                {t(`audit.operations.${operation}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('audit.record')}>
        {(control) => (
          <TextFilter
            {...control}
            className="font-mono text-[0.8125rem]"
            placeholder={t('audit.anyRecord')}
            committed={filter.record ?? ''}
            onCommit={(text) => onChange({ record: text || undefined })}
          />
        )}
      </Field>
      <div>
        <p className="mb-1.5 font-medium">{t('audit.by')}</p>
        {filter.user ? (
          <p className="flex h-9 items-center gap-2 rounded-lg border bg-surface pr-1 pl-3">
            <code className="min-w-0 flex-1 truncate font-mono text-xs">{filter.user}</code>
            <button
              type="button"
              className="grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
              aria-label={t('audit.anyUser')}
              onClick={() => onChange({ user: undefined })}
            >
              <X className="size-3.5" aria-hidden />
            </button>
          </p>
        ) : administers ? (
          <UserSearch label={t('audit.findUser')} onPick={(user) => onChange({ user: user.id })} />
        ) : (
          <TextFilter
            aria-label={t('audit.userId')}
            className="font-mono text-[0.8125rem]"
            placeholder={t('audit.userId')}
            committed=""
            onCommit={(text) => onChange({ user: text || undefined })}
          />
        )}
      </div>
      <Field label={t('audit.fromDay')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            max={filter.to}
            value={filter.from ?? ''}
            onChange={(event) => onChange({ from: readDay(event.target.value) })}
          />
        )}
      </Field>
      <Field label={t('audit.toDay')}>
        {(control) => (
          <Input
            {...control}
            type="date"
            min={filter.from}
            value={filter.to ?? ''}
            onChange={(event) => onChange({ to: readDay(event.target.value) })}
          />
        )}
      </Field>
      {administers && (
        <Field label={t('users.account')}>
          {(control) => (
            <AccountSelect
              {...control}
              aria-label={undefined}
              none={t('users.allAccounts')}
              value={filter.account}
              onChange={(account) => onChange({ account })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

interface TextFilterProps extends Omit<ComponentProps<typeof Input>, 'value' | 'onChange'> {
  committed: string;
  onCommit: (text: string) => void;
}

/** A text that takes effect once typing pauses. */
function TextFilter({ committed, onCommit, ...props }: TextFilterProps) {
  const [text, setText] = useSearchBox(committed, (next) => onCommit(next.trim()));
  return (
    <Input
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => setText(event.target.value)}
      {...props}
    />
  );
}
