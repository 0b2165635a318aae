import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Checkbox, Input } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import type { Inspector, InspectorState } from './inspector';
import { explainError } from './messages';
import { operations, type RecordOperation, type Subscription } from './subscription';

interface SubscriptionsCardProps {
  inspector: Inspector;
  state: InspectorState;
  /** The collection to begin with. */
  collection: string;
}

/** What is heard of: collections, single records, records that satisfy a filter. */
export function SubscriptionsCard({ inspector, state, collection: given }: SubscriptionsCardProps) {
  const caller = useCaller();
  const names = useQuery({ ...collectionNames(), enabled: isSuperadmin(caller) });
  const [collection, setCollection] = useState(given);
  const [chosen, setChosen] = useState<RecordOperation[]>([...operations]);
  const [record, setRecord] = useState('');
  const [filter, setFilter] = useState('');
  const id = useId();
  const all = collection.trim() === '*';

  return (
    <Card className="p-4">
      <h2 className="font-medium">{t('realtime.subscriptions')}</h2>
      {state.subscriptions.length > 0 && (
        <ul className="mt-3 space-y-1.5" aria-label={t('realtime.subscriptions')}>
          {state.subscriptions.map((subscription) => (
            <Line key={subscription.id} subscription={subscription} onRemove={() => inspector.remove(subscription)} />
          ))}
        </ul>
      )}
      <form
        className="mt-3 space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (collection.trim() === '' || chosen.length === 0) return;
          inspector.add({
            collection: collection.trim(),
            operations: chosen,
            record: all ? '' : record.trim(),
            filter: all ? '' : filter.trim(),
          });
          setCollection('');
          setRecord('');
          setFilter('');
        }}
      >
        <Field label={t('realtime.collection')} labelHidden>
          {(props) => (
            <>
              <Input
                {...props}
                list={`${id}-names`}
                placeholder={t('realtime.collectionPlaceholder')}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                value={collection}
                onChange={(event) => setCollection(event.target.value)}
              />
              <datalist id={`${id}-names`}>
                {['*', ...(names.data ?? [])].map((name) => (
                  <option key={name} value={name} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1.5">
          <legend className="sr-only">{t('realtime.operations')}</legend>
          {operations.map((operation) => (
            <label key={operation} htmlFor={`${id}-${operation}`} className="flex items-center gap-2 text-[0.8125rem]">
              <Checkbox
                id={`${id}-${operation}`}
                checked={chosen.includes(operation)}
                onChange={(event) =>
                  setChosen(
                    operations.filter((other) => (other === operation ? event.target.checked : chosen.includes(other))),
                  )
                }
              />
              {t(`realtime.operation.${operation}`)}
            </label>
          ))}
        </fieldset>
        <details>
          <summary className="cursor-pointer rounded text-[0.8125rem] text-muted hover:text-foreground">
            {t('realtime.narrow')}
          </summary>
          <div className="mt-2 space-y-2">
            <Input
              aria-label={t('realtime.record')}
              placeholder={t('realtime.record')}
              className="font-mono text-[0.8125rem]"
              disabled={all}
              value={record}
              onChange={(event) => setRecord(event.target.value)}
            />
            <Input
              aria-label={t('realtime.filter')}
              placeholder={t('realtime.filter')}
              className="font-mono text-[0.8125rem]"
              spellCheck={false}
              disabled={all}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          </div>
        </details>
        <Button type="submit" className="w-full" disabled={collection.trim() === '' || chosen.length === 0}>
          <Plus aria-hidden />
          {t('realtime.subscribe')}
        </Button>
      </form>
    </Card>
  );
}

const tones = { waiting: 'neutral', active: 'success', refused: 'danger' } as const;

function Line({ subscription, onRemove }: { subscription: Subscription; onRemove: () => void }) {
  const { collection, operations: wanted, record, filter, state, problem } = subscription;
  const explained = problem === undefined ? undefined : explainError(problem);
  const narrowed = [
    wanted.length < operations.length ? wanted.map((name) => t(`realtime.operation.${name}`)).join(', ') : '',
    record,
    filter,
  ].filter(Boolean);
  return (
    <li className={cn('rounded-lg border py-1.5 pr-1 pl-3', state === 'refused' && 'border-danger/40')}>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-[0.8125rem]">{collection}</span>
        <Badge tone={tones[state]}>{t(`realtime.subscriptionState.${state}`)}</Badge>
        <button
          type="button"
          className="grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
          aria-label={t('realtime.unsubscribe', { name: subscription.id })}
          onClick={onRemove}
        >
          <X className="size-4" aria-hidden />
        </button>
      </div>
      {narrowed.length > 0 && <p className="pr-2 font-mono text-xs break-all text-muted">{narrowed.join(' · ')}</p>}
      {problem !== undefined && (
        <p className="py-1 pr-2 text-[0.8125rem] break-words text-danger">
          {problem}
          {explained !== undefined && <span className="block text-muted">{explained}</span>}
        </p>
      )}
    </li>
  );
}
