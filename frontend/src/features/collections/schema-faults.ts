import { asApiError, type FieldFault } from '@/shared/api/errors';

const controls: Record<string, string> = {
  name: 'name',
  type: 'type',
  required: 'required',
  unique: 'unique',
  default: 'defaultText',
  collection: 'collection',
  on_delete: 'onDelete',
  expression: 'expression',
  return_type: 'returnType',
  pii: 'pii',
  mask_type: 'maskType',
};

/** Path of the form's control for a path of the API such as `schema[0].on_delete`; undefined when there is none. */
export function controlOf(path: string, fieldNames: string[]): string | undefined {
  if (path === 'name') return 'name';
  const inSchema = /^schema(?:\[(\d+)\]|\.(\d+))(?:\.(\w+))?$/.exec(path);
  if (inSchema) return `fields.${inSchema[1] ?? inSchema[2]}.${controls[inSchema[3] ?? 'name'] ?? 'name'}`;
  const inIndexes = /^indexes\[(\d+)\](?:\.(\w+))?$/.exec(path);
  if (inIndexes) return `indexes.${inIndexes[1]}.${inIndexes[2] === 'name' ? 'name' : 'columns'}`;
  const index = fieldNames.indexOf(path);
  return index >= 0 ? `fields.${index}.name` : undefined;
}

/**
 * The faults of a refused schema. The server joins them in one message, `path: text; path: text`
 * after a heading; a part that does not begin with a path belongs to the text before it.
 */
export function schemaFaults(error: unknown): FieldFault[] {
  const { faults, message } = asApiError(error);
  if (faults.length > 0) return faults;
  const list = /^(?:Schema validation|Validation) failed: (.*)$/s.exec(message)?.[1];
  if (list === undefined) return [{ message }];
  const found: FieldFault[] = [];
  for (const part of list.split('; ')) {
    const match = /^((?:schema|indexes)(?:\[\d+\](?:\.\w+)?)?|[A-Za-z]\w*): (.*)$/s.exec(part);
    const last = found.at(-1);
    if (match) found.push({ field: match[1], message: match[2] ?? '' });
    else if (last) last.message += `; ${part}`;
    else found.push({ message: part });
  }
  return found;
}
