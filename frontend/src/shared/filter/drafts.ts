import { type FieldGroup, findField, isComplete, typedValue } from './fields';
import type { Condition, Group } from './model';

/** What stands at a place of the filter with `change` done to it; `undefined` takes it away. */
export function replaceItem(group: Group, index: number, next: Condition | Group | undefined): Group {
  const items = group.items.flatMap((item, at) => (at === index ? (next ?? []) : item));
  return { ...group, items };
}

/** Whether every condition has its values. */
export function isWhole(group: Group, fields: FieldGroup[]): boolean {
  return group.items.every((item) =>
    item.kind === 'group' ? isWhole(item, fields) : isComplete(item, findField(fields, item.field)?.type),
  );
}

/** The draft with its values as the types of their fields want them. */
export function typedDraft(group: Group, fields: FieldGroup[]): Group {
  const items = group.items.map((item) => {
    if (item.kind === 'group') return typedDraft(item, fields);
    const type = findField(fields, item.field)?.type;
    const values = item.values.map((value) => (typeof value === 'string' ? typedValue(type, value) : value));
    return { ...item, values };
  });
  return { ...group, items };
}
