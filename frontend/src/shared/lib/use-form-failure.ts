import { useState } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { type ApiError, asApiError } from '@/shared/api/errors';
import { showServerFaults } from './form-errors';

interface Failure {
  /** What no field could show; null when every fault found its field. */
  message: string | null;
  error: ApiError;
}

/**
 * The last refusal of a form. `fields` maps names of the API to those of the form; `conflict` names the
 * field that a 409 without field is about.
 */
export function useFormFailure<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  fields: Record<string, Path<Values>>,
  conflict?: Path<Values>,
) {
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    failure,
    clear: () => setFailure(null),
    show: (reason: unknown) => {
      const error = asApiError(reason);
      if (error.status === 409 && conflict && error.faults.length === 0) {
        form.setError(conflict, { type: 'server', message: error.message }, { shouldFocus: true });
        return;
      }
      setFailure({ message: showServerFaults(form, error, (field) => fields[field]), error });
    },
  };
}
