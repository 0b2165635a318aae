import type { Path, UseFormReturn } from 'react-hook-form';
import { ApiError, asApiError } from '@/shared/api/errors';
import { showServerFaults } from '@/shared/lib/form-errors';
import type { SchemaFormValues } from './schema-builder';
import { controlOf, schemaFaults } from './schema-faults';

/** Shows a refused schema at its fields; returns what belongs to none of them. */
export function showSchemaFaults(form: UseFormReturn<SchemaFormValues>, error: unknown): string | null {
  const { status, message } = asApiError(error);
  const names = form.getValues('fields').map((field) => field.name);
  return showServerFaults(
    form,
    new ApiError(status, message, schemaFaults(error)),
    (path) => controlOf(path, names) as Path<SchemaFormValues> | undefined,
  );
}
