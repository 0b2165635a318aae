import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
import { asApiError } from '@/shared/api/errors';

/**
 * Shows the server's faults at their fields and returns what is left to say about the whole form;
 * null when every fault found its field. `rename` maps names of the API to those of the form, by
 * undefined for a fault that has no control.
 */
export function showServerFaults<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  error: unknown,
  rename: (field: string) => Path<Values> | undefined,
): string | null {
  const { faults, message } = asApiError(error);
  const rest: string[] = [];
  let focused = false;
  for (const fault of faults) {
    const name = fault.field === undefined ? undefined : rename(fault.field);
    if (name === undefined) {
      rest.push(fault.field ? `${fault.field}: ${fault.message}` : fault.message);
    } else if (!form.getFieldState(name).error || form.getFieldState(name).error?.type !== 'server') {
      form.setError(name, { type: 'server', message: fault.message }, { shouldFocus: !focused });
      focused = true;
    }
  }
  if (faults.length === 0) return message;
  return rest.length > 0 ? rest.join('\n') : null;
}
