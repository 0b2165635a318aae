/** A value as the filter language writes it. */
export type FilterValue = string | number | boolean;

/** What a condition asks of its field. */
export type Operator =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'between'
  | 'contains'
  | 'notContains'
  | 'starts'
  | 'ends'
  | 'like'
  | 'notLike'
  | 'words'
  | 'oneOf'
  | 'notOneOf'
  | 'empty'
  | 'notEmpty'
  | 'null'
  | 'notNull';

export interface Condition {
  kind: 'condition';
  /** Name of a field, through references with dots: `author.city`. */
  field: string;
  operator: Operator;
  /** None for empty tests, two for `between`, any number for `oneOf`. */
  values: FilterValue[];
}

/** How a group joins what stands in it: all of it, any of it, none of it. */
export type Join = 'and' | 'or' | 'none';

export interface Group {
  kind: 'group';
  join: Join;
  items: (Condition | Group)[];
}

export const noConditions: Group = { kind: 'group', join: 'and', items: [] };

/** How many values an operator takes; `many` from one on. */
export function arity(operator: Operator): 0 | 1 | 2 | 'many' {
  switch (operator) {
    case 'empty':
    case 'notEmpty':
    case 'null':
    case 'notNull':
      return 0;
    case 'between':
      return 2;
    case 'oneOf':
    case 'notOneOf':
      return 'many';
    default:
      return 1;
  }
}
