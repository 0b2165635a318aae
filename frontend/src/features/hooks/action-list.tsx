import { ArrowDown, ArrowUp, Plus, Trash2, Zap } from 'lucide-react';
import { useRef } from 'react';
import { useFieldArray, type UseFormReturn, useWatch } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { actionTypes, isActionType, newAction } from './action-draft';
import { ActionFields } from './action-fields';
import type { HookDraft } from './hook-draft';
import { actionWords } from './hook-words';

/** The actions of a hook, in the order in which they are done. */
export function ActionList({ form }: { form: UseFormReturn<HookDraft> }) {
  const { fields, append, remove, move } = useFieldArray({ control: form.control, name: 'actions' });
  const list = useRef<HTMLOListElement>(null);
  const shift = (from: number, to: number) => {
    move(from, to);
    // A card that is moved in the page loses the focus, which belongs to the action.
    requestAnimationFrame(() => {
      const buttons = [...(list.current?.children[to]?.querySelectorAll<HTMLButtonElement>('[data-move]') ?? [])];
      const same = buttons.find(({ dataset }) => dataset.move === (to > from ? 'down' : 'up'));
      (same?.disabled ? buttons.find(({ disabled }) => !disabled) : same)?.focus();
    });
  };
  return (
    <section aria-labelledby="hook-actions">
      <h3 id="hook-actions" className="font-medium">
        {t('hooks.actions')}
      </h3>
      <p className="mt-0.5 mb-3 text-[0.8125rem] text-muted">{t('hooks.actionsHint')}</p>
      {fields.length > 0 && (
        <ol ref={list} className="mb-3 space-y-3">
          {fields.map((field, index) => (
            <ActionCard
              key={field.id}
              form={form}
              index={index}
              last={index === fields.length - 1}
              onMove={(to) => shift(index, to)}
              onRemove={() => remove(index)}
            />
          ))}
        </ol>
      )}
      <Menu>
        <MenuTrigger asChild>
          <Button>
            <Plus aria-hidden />
            {t('hooks.addAction')}
          </Button>
        </MenuTrigger>
        <MenuContent align="start">
          {actionTypes.map((type) => (
            <MenuItem key={type} onSelect={() => append(newAction(type), { shouldFocus: false })}>
              <Zap aria-hidden />
              {actionWords(type)}
            </MenuItem>
          ))}
        </MenuContent>
      </Menu>
    </section>
  );
}

interface ActionCardProps {
  form: UseFormReturn<HookDraft>;
  index: number;
  last: boolean;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function ActionCard({ form, index, last, onMove, onRemove }: ActionCardProps) {
  const type = useWatch({ control: form.control, name: `actions.${index}.type` });
  const number = index + 1;
  return (
    <li className="rounded-xl border bg-surface shadow-card" aria-label={t('hooks.actionNumber', { number })}>
      <div className="flex items-center gap-1 border-b bg-subtle/60 py-2 pr-2 pl-3">
        <span className="mr-2 grid size-6 shrink-0 place-items-center rounded-full bg-accent-subtle text-xs font-semibold text-accent">
          {number}
        </span>
        <Field className="mr-auto w-56" label={t('hooks.actionType', { number })} labelHidden>
          {(control) => (
            <Select
              {...control}
              {...form.register(`actions.${index}.type`, {
                // Parameters without a control belong to the type they came with.
                onChange: () => form.setValue(`actions.${index}.rest`, {}),
              })}
            >
              {!isActionType(type) && <option value={type}>{type}</option>}
              {actionTypes.map((option) => (
                <option key={option} value={option}>
                  {actionWords(option)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button
          variant="ghost"
          size="icon-sm"
          data-move="up"
          disabled={index === 0}
          aria-label={t('hooks.moveUp', { number })}
          onClick={() => onMove(index - 1)}
        >
          <ArrowUp aria-hidden />
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          data-move="down"
          disabled={last}
          aria-label={t('hooks.moveDown', { number })}
          onClick={() => onMove(index + 1)}
        >
          <ArrowDown aria-hidden />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={t('hooks.removeAction', { number })} onClick={onRemove}>
          <Trash2 aria-hidden />
        </Button>
      </div>
      <div className="space-y-4 p-4">
        <ActionFields form={form} index={index} />
      </div>
    </li>
  );
}
