/** What a function is for. */
export const functionGroups = ['text', 'number', 'logic', 'time'] as const;
export type FunctionGroup = (typeof functionGroups)[number];

/** A function of the expression language; its text is `functions.<name>`. */
export interface ExpressionFunction {
  name: FunctionName;
  group: FunctionGroup;
  parameters: readonly string[];
  example: string;
}

const declare = <Name extends string>(
  group: FunctionGroup,
  name: Name,
  parameters: readonly string[],
  example: string,
): { name: Name; group: FunctionGroup; parameters: readonly string[]; example: string } => ({
  name,
  group,
  parameters,
  example,
});

const declared = [
  declare('text', 'concat', ['a', 'b', '…'], "concat(first, ' ', last)"),
  declare('text', 'upper', ['text'], 'upper(code)'),
  declare('text', 'lower', ['text'], 'lower(email)'),
  declare('text', 'trim', ['text'], 'trim(name)'),
  declare('text', 'length', ['text'], 'length(title) > 3'),
  declare('text', 'substring', ['text', 'start', 'length?'], 'substring(code, 1, 3)'),
  declare('number', 'round', ['number', 'digits?'], 'round(price * 1.19, 2)'),
  declare('number', 'abs', ['number'], 'abs(balance)'),
  declare('number', 'ceil', ['number'], 'ceil(hours)'),
  declare('number', 'floor', ['number'], 'floor(hours)'),
  declare('logic', 'if', ['condition', 'then', 'else'], "if(stock > 0, 'yes', 'no')"),
  declare('logic', 'coalesce', ['a', 'b', '…'], "coalesce(nickname, name, 'nobody')"),
  declare('logic', 'nullif', ['a', 'b'], "nullif(code, '')"),
  declare('time', 'now', [], 'now()'),
  declare('time', 'date_diff', ['a', 'b', 'unit'], "date_diff(due, now(), 'days')"),
  declare('time', 'date_add', ['time', 'amount', 'unit'], "date_add(created_at, 30, 'days')"),
] as const;

export type FunctionName = (typeof declared)[number]['name'];

/** The functions that the server knows. */
export const expressionFunctions: readonly ExpressionFunction[] = declared;

/** Units of `date_diff` and `date_add`. */
export const timeUnits = ['seconds', 'minutes', 'hours', 'days', 'months', 'years'] as const;

/** The macros that every installation has, with what they take; the text is `builtInMacros.<name>`. */
export const builtInMacros = [
  { name: 'owns_record', parameters: ['field?'] },
  { name: 'is_creator', parameters: [] },
  { name: 'is_public', parameters: [] },
  { name: 'has_role', parameters: ['role'] },
  { name: 'has_group', parameters: ['group'] },
  { name: 'in_time_range', parameters: ['from', 'to'] },
  { name: 'has_permission', parameters: ['operation', 'collection'] },
] as const;
