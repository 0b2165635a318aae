import { Parentheses, Plus, Trash2 } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Select } from '@/shared/ui/input';
import { ConditionRow } from './condition-row';
import { replaceItem } from './drafts';
import { type FieldGroup, newCondition } from './fields';
import { type Condition, type Group, type Join } from './model';

const joins: Join[] = ['and', 'or', 'none'];

interface GroupEditorProps {
  group: Group;
  fields: FieldGroup[];
  onChange: (group: Group) => void;
  /** Takes the group away; absent for the outermost. */
  onRemove?: () => void;
}

/** Conditions and groups within, and how they are joined. */
export function GroupEditor({ group, fields, onChange, onRemove }: GroupEditorProps) {
  const nested = onRemove !== undefined;
  const first = fields[0]?.fields[0];
  const add = (item: Condition | Group) => onChange({ ...group, items: [...group.items, item] });
  const label = nested ? t('filter.joinGroup') : t('filter.join');

  return (
    <div
      role="group"
      aria-label={nested ? t('filter.addGroup') : t('filter.conditions')}
      className={cn('space-y-2', nested && 'rounded-lg border border-l-2 border-l-accent bg-subtle/50 p-2.5')}
    >
      {(nested || group.items.length > 1 || group.join !== 'and') && (
        <div className="flex items-center gap-2">
          <Select
            className="w-52"
            aria-label={label}
            value={group.join}
            onChange={(event) => onChange({ ...group, join: event.target.value as Join })}
          >
            {joins.map((join) => (
              <option key={join} value={join}>
                {t(`filter.joins.${join}`)}
              </option>
            ))}
          </Select>
          {nested && (
            <Button
              variant="ghost"
              size="icon"
              className="ml-auto text-muted"
              aria-label={t('filter.removeGroup')}
              onClick={onRemove}
            >
              <Trash2 aria-hidden />
            </Button>
          )}
        </div>
      )}
      {group.items.map((item, index) => {
        const change = (next: Condition | Group | undefined) => onChange(replaceItem(group, index, next));
        return item.kind === 'group' ? (
          <GroupEditor key={index} group={item} fields={fields} onChange={change} onRemove={() => change(undefined)} />
        ) : (
          <ConditionRow
            key={index}
            condition={item}
            fields={fields}
            onChange={change}
            onRemove={() => change(undefined)}
          />
        );
      })}
      {first && (
        <div className="flex gap-1">
          <Button size="sm" variant="ghost" className="text-accent" onClick={() => add(newCondition(first))}>
            <Plus aria-hidden />
            {t('filter.addCondition')}
          </Button>
          <Button
            size="sm"
            variant="ghost"
            className="text-accent"
            onClick={() =>
              add({ kind: 'group', join: group.join === 'or' ? 'and' : 'or', items: [newCondition(first)] })
            }
          >
            <Parentheses aria-hidden />
            {t('filter.addGroup')}
          </Button>
        </div>
      )}
    </div>
  );
}
