import { z } from 'zod/mini';
import type { FieldDefinition, IndexDefinition } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';

/** As many indexes as a collection can have. */
export const MOST_INDEXES = 16;

const draftSchema = z.object({
  name: z.string().check(z.trim(), z.regex(/^([a-zA-Z][a-zA-Z0-9_]*)?$/, { error: () => t('collections.nameForm') })),
  columns: z.array(z.object({ field: z.string(), descending: z.boolean() })).check(
    z.minLength(1, { error: () => t('indexes.needsField') }),
    z.refine((columns) => new Set(columns.map(({ field }) => field)).size === columns.length, {
      error: () => t('indexes.fieldTwice'),
    }),
  ),
  unique: z.boolean(),
});

/** An index as its editor holds it. */
export type IndexDraft = z.infer<typeof draftSchema>;

/** The indexes of a form, checked as the server checks them. */
export const indexDrafts = z
  .array(draftSchema)
  .check(z.maxLength(MOST_INDEXES, { error: () => t('indexes.tooMany', { count: MOST_INDEXES }) }));

/** A stored index for the editor; a field with `-` in front is in descending order. */
export function indexDraft({ name, fields, unique }: IndexDefinition): IndexDraft {
  const columns = fields.map((text) => ({ field: text.replace(/^-/, ''), descending: text.startsWith('-') }));
  return { name: name ?? '', columns, unique: unique ?? false };
}

/** A draft in the API's form. */
export function indexInput({ name, columns, unique }: IndexDraft): IndexDefinition {
  const fields = columns.map(({ field, descending }) => (descending ? `-${field}` : field));
  return { ...(name && { name }), fields, unique };
}

/** Names of the fields that an index can be over. */
export function indexableFields(schema: Pick<FieldDefinition, 'name' | 'type'>[]): string[] {
  const stored = schema.filter((field) => !['computed', 'json', 'file'].includes(fieldType(field)));
  return [...stored.map((field) => field.name).filter(Boolean), 'created_at', 'updated_at', 'created_by'];
}
