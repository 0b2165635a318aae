import { t } from '@/shared/i18n';
import { builtInMacros, expressionFunctions, timeUnits } from './functions';
import { tokensOf } from './tokens';
import { callerVariables, fieldsBehind, type Vocabulary } from './vocabulary';

/** Something that can stand where the caret is. */
export interface Suggestion {
  label: string;
  /** What it is, for its icon. */
  kind: 'field' | 'reference' | 'variable' | 'macro' | 'function' | 'text' | 'keyword';
  detail?: string;
  info?: string;
  /** What is written in its place; the label when absent. */
  insert?: string;
  /** Where the caret goes within what is written, from its end. */
  caretBack?: number;
}

/** Suggestions for what is written from `from` on. */
export interface Suggestions {
  from: number;
  options: Suggestion[];
}

function call(name: string, parameters: readonly string[], info: string | undefined, kind: 'macro' | 'function') {
  const takes = parameters.length > 0;
  return {
    label: name,
    kind,
    detail: `(${parameters.join(', ')})`,
    info,
    insert: `${name}()`,
    caretBack: takes ? 1 : 0,
  } satisfies Suggestion;
}

function fields(path: string, vocabulary: Vocabulary): Suggestion[] {
  const way = path.split('.').slice(0, -1);
  const before = way.map((name) => `${name}.`).join('');
  return (fieldsBehind(way, vocabulary) ?? []).map(({ name, type, target }) => ({
    label: `${before}${name}`,
    kind: target === undefined ? 'field' : 'reference',
    detail: target ?? t(`fieldTypes.${type}`),
  }));
}

function callerNames({ caller, data, fields: own, macros }: Vocabulary): Suggestion[] {
  if (!caller) return [];
  return [
    ...callerVariables.map((name): Suggestion => ({
      label: `@request.auth.${name}`,
      kind: 'variable',
      info: t(`callerVariables.${name}`),
    })),
    ...(data
      ? own.map((field): Suggestion => ({
          label: `@request.data.${field.name}`,
          kind: 'variable',
          info: t('expressions.sent', { field: field.name }),
        }))
      : []),
    ...builtInMacros.map(({ name, parameters }) => call(`@${name}`, parameters, t(`builtInMacros.${name}`), 'macro')),
    ...macros.map(({ name, parameters, description }) =>
      call(`@${name}`, parameters, description ?? undefined, 'macro'),
    ),
  ];
}

const functions = () =>
  expressionFunctions.map(({ name, parameters }) => call(name, parameters, t(`functions.${name}`), 'function'));

/** What can stand at the caret; null where nothing is to be suggested. `asked`: not by typing, but on demand. */
export function suggestionsAt(code: string, caret: number, vocabulary: Vocabulary, asked: boolean): Suggestions | null {
  const tokens = tokensOf(code);
  const token = tokens.find(({ from, to }) => from < caret && caret <= to);
  const before = code.slice(token?.from ?? caret, caret);
  if (token && /^["']/.test(token.text)) {
    const inCall = callAt(code, token.from);
    const unit = inCall && ['date_diff', 'date_add'].includes(inCall.name) && inCall.argument === 2;
    if (!unit) return null;
    return { from: token.from + 1, options: timeUnits.map((label) => ({ label, kind: 'text' })) };
  }
  if (token?.kind === 'number') return null;
  if (before.startsWith('@')) return { from: token?.from ?? caret, options: callerNames(vocabulary) };
  if (token && /^[\p{L}_]/u.test(before)) {
    const named = fields(before, vocabulary);
    return { from: token.from, options: before.includes('.') ? named : [...named, ...functions()] };
  }
  if (!asked) return null;
  return { from: caret, options: [...fields('', vocabulary), ...callerNames(vocabulary), ...functions()] };
}

/** The call that a place in the code is an argument of. */
export interface OpenCall {
  /** With `@` in front of a macro. */
  name: string;
  /** Where the name begins. */
  from: number;
  /** Which argument it is, from 0. */
  argument: number;
}

/** The innermost call whose arguments the caret stands among. */
export function callAt(code: string, caret: number): OpenCall | null {
  const open: { name: string; from: number; argument: number }[] = [];
  let last: { text: string; from: number; kind: string } | undefined;
  for (const token of tokensOf(code)) {
    if (token.from >= caret) break;
    if (token.text === '(') {
      const named = last?.kind === 'function' || last?.kind === 'macro';
      open.push({ name: named ? (last?.text ?? '') : '', from: last?.from ?? token.from, argument: 0 });
    } else if (token.text === ')') open.pop();
    else if (token.text === ',') {
      const innermost = open.at(-1);
      if (innermost) innermost.argument += 1;
    }
    last = token;
  }
  return open.findLast(({ name }) => name !== '') ?? null;
}

/** What a function or macro takes; undefined for one that is not known. */
export function parametersOf(name: string, { macros }: Vocabulary): readonly string[] | undefined {
  if (!name.startsWith('@')) return expressionFunctions.find((known) => known.name === name.toLowerCase())?.parameters;
  const plain = name.slice(1);
  return [...builtInMacros, ...macros].find((known) => known.name === plain)?.parameters;
}
