import type { ReactNode } from 'react';
import { useFormContext } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Field } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { canBeSearched, canHaveDefault, type FieldDraft, isStored, maskTypes, onDeleteActions } from './field-draft';
import type { SchemaFormValues } from './schema-builder';

function Row({ children }: { children: ReactNode }) {
  return <div className="grid gap-4 border-t px-3 py-3.5 sm:grid-cols-2 sm:pl-[5.25rem]">{children}</div>;
}

/** Where a reference points and what happens when its target goes. */
export function ReferenceOptions({ index, targets, draft }: { index: number; targets: string[]; draft: FieldDraft }) {
  const { register, formState } = useFormContext<SchemaFormValues>();
  const errors = formState.errors.fields?.[index];
  return (
    <Row>
      {draft.existing ? (
        <div>
          <p className="mb-1.5 font-medium">{t('collections.target')}</p>
          <p className="flex h-9 items-center font-mono text-[0.8125rem]">{draft.collection}</p>
        </div>
      ) : (
        <Field label={t('collections.target')} error={errors?.collection?.message} required>
          {(props) => (
            <Select {...props} {...register(`fields.${index}.collection`)}>
              <option value="">{t('collections.chooseTarget')}</option>
              {targets.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field label={t('collections.onDelete')} error={errors?.onDelete?.message} required>
        {(props) => (
          <Select {...props} {...register(`fields.${index}.onDelete`)}>
            {onDeleteActions.map((action) => (
              <option key={action} value={action}>
                {t(`onDelete.${action}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </Row>
  );
}

/** Default, uniqueness and masking. */
export function StoredOptions({ index, draft }: { index: number; draft: FieldDraft }) {
  const { register, formState } = useFormContext<SchemaFormValues>();
  const errors = formState.errors.fields?.[index];
  return (
    <Row>
      {isStored(draft.type) && (
        <>
          {canHaveDefault(draft.type) && (
            <Field
              label={t('collections.default')}
              error={errors?.defaultText?.message}
              hint={t('collections.defaultHint')}
            >
              {(props) =>
                draft.type === 'boolean' ? (
                  <Select {...props} {...register(`fields.${index}.defaultText`)}>
                    <option value="">{t('collections.noDefault')}</option>
                    <option value="true">{t('common.yes')}</option>
                    <option value="false">{t('common.no')}</option>
                  </Select>
                ) : (
                  <Input {...props} autoComplete="off" {...register(`fields.${index}.defaultText`)} />
                )
              }
            </Field>
          )}
          <div className={cn(canHaveDefault(draft.type) && 'sm:pt-7')}>
            <label className="flex h-9 items-center gap-2">
              <Checkbox {...register(`fields.${index}.unique`)} />
              {t('collections.unique')}
            </label>
          </div>
        </>
      )}
      <div>
        <label className="flex items-center gap-2 font-medium">
          <Checkbox {...register(`fields.${index}.pii`)} />
          {t('collections.pii')}
        </label>
        <p className="mt-1 text-[0.8125rem] text-muted">{t('collections.piiHint')}</p>
      </div>
      {canBeSearched(draft.type) && (
        <div>
          <label className="flex items-center gap-2 font-medium">
            <Checkbox {...register(`fields.${index}.searchable`)} />
            {t('collections.searchable')}
          </label>
          <p className="mt-1 text-[0.8125rem] text-muted">{t('collections.searchableHint')}</p>
        </div>
      )}
      {draft.pii && (
        <Field label={t('collections.mask')} error={errors?.maskType?.message}>
          {(props) => (
            <Select {...props} {...register(`fields.${index}.maskType`)}>
              {maskTypes.map((mask) => (
                <option key={mask} value={mask}>
                  {t(`masks.${mask}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </Row>
  );
}
