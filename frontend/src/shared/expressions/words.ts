import { type MessageKey, t } from '@/shared/i18n';
import type { Expression } from './parse';
import { parseExpression } from './parse';

/** A stretch of a sentence. */
export interface Words {
  text: string;
  /** `code` had no better words, `name` is that of a field. */
  as?: 'code' | 'name';
}

/** A rule in words: the conditions, and whether all or any of them must hold. */
export interface RuleInWords {
  join: 'and' | 'or';
  conditions: Words[][];
}

const BLANK = '\u0000';

/** Fills a text with stretches in place of its `{name}`. */
function say(key: MessageKey, parts: Record<string, Words[]> = {}): Words[] {
  const marks: Record<string, string> = {};
  for (const name of Object.keys(parts)) marks[name] = `${BLANK}${name}${BLANK}`;
  return t(key, marks)
    .split(BLANK)
    .flatMap((piece, index): Words[] => {
      if (index % 2 === 0) return piece ? [{ text: piece }] : [];
      return parts[piece] ?? [];
    });
}

const is = (expression: Expression, kind: 'field' | 'variable', name: string) =>
  expression.kind === kind && expression.name === name;

/** Turns the rule's text into words, with a way back to the text where there are none. */
class Speaker {
  constructor(private readonly code: string) {}

  private asCode({ from, to }: { from: number; to: number }): Words[] {
    return [{ text: this.code.slice(from, to), as: 'code' }];
  }

  condition(expression: Expression): Words[] {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return this.group(expression);
      case 'not':
        return say('ruleWords.not', { condition: this.condition(expression.inner) });
      case 'compare':
        return this.comparison(expression.operator, expression.left, expression.right, expression);
      case 'in': {
        const key = expression.negated ? 'ruleWords.notIn' : 'ruleWords.in';
        const items = expression.list.map((item) => this.value(item));
        return say(key, { a: this.value(expression.left), list: listed(items, 'or') });
      }
      case 'null':
      case 'empty':
        return say(expression.negated ? 'ruleWords.filled' : 'ruleWords.unfilled', { a: this.value(expression.inner) });
      case 'literal':
        if (typeof expression.value === 'boolean')
          return say(expression.value ? 'ruleWords.always' : 'ruleWords.never');
        return this.asCode(expression);
      case 'field':
      case 'variable':
        return say('ruleWords.isTrue', { a: this.value(expression) });
      case 'macro':
        return this.macro(expression.name, expression.args, expression);
      default:
        return this.asCode(expression);
    }
  }

  private group(expression: Expression & { kind: 'and' | 'or' }): Words[] {
    const terms = expression.terms.map((term) => {
      const words = this.condition(term);
      // Who reads on must see where an alternative within a list of conditions ends.
      return term.kind === 'or' ? say('ruleWords.either', { conditions: words }) : words;
    });
    return listed(terms, expression.kind);
  }

  private comparison(operator: string, left: Expression, right: Expression, whole: Expression): Words[] {
    const known = this.ownership(operator, left, right) ?? this.ownership(operator, right, left);
    if (known) return known;
    const constant = left.kind === 'literal' && right.kind !== 'literal';
    const [a, b, sign] = constant ? [right, left, mirrored[operator] ?? operator] : [left, right, operator];
    if (b.kind === 'literal' && b.value === null && (sign === '=' || sign === '!=')) {
      return say(sign === '=' ? 'ruleWords.unfilled' : 'ruleWords.filled', { a: this.value(a) });
    }
    if (b.kind === 'literal' && typeof b.value === 'boolean' && (sign === '=' || sign === '!=')) {
      const holds = b.value === (sign === '=');
      return say(holds ? 'ruleWords.isTrue' : 'ruleWords.isFalse', { a: this.value(a) });
    }
    if ((sign === '~' || sign === '!~') && b.kind === 'literal') return this.pattern(a, String(b.value), sign === '!~');
    const key = comparisons[sign];
    return key ? say(key, { a: this.value(a), b: this.value(b) }) : this.asCode(whole);
  }

  /** What compares a field with the caller. */
  private ownership(operator: string, field: Expression, caller: Expression): Words[] | undefined {
    if (operator !== '=' && operator !== '!=') return undefined;
    const own = operator === '=';
    if (is(caller, 'variable', '@request.auth.id')) {
      if (is(field, 'field', 'created_by')) return say(own ? 'ruleWords.madeIt' : 'ruleWords.madeItNot');
      if (is(field, 'field', 'updated_by')) return say(own ? 'ruleWords.changedIt' : 'ruleWords.changedItNot');
      const way = field.kind === 'field' ? /^(.+)\.created_by$/.exec(field.name)?.[1] : undefined;
      if (way) return say(own ? 'ruleWords.madeThat' : 'ruleWords.madeThatNot', { a: fieldWords(way) });
      return say(own ? 'ruleWords.isThem' : 'ruleWords.isNotThem', { a: this.value(field) });
    }
    if (is(caller, 'variable', '@request.auth.account_id') && is(field, 'field', 'account_id')) {
      return say(own ? 'ruleWords.sameAccount' : 'ruleWords.otherAccount');
    }
    return undefined;
  }

  private pattern(a: Expression, pattern: string, negated: boolean): Words[] {
    const inner = /^(%?)([^%_]*)(%?)$/.exec(pattern);
    const [, start, text, end] = inner ?? [];
    const b: Words[] = [{ text: t('common.quoted', { text: text ?? pattern }) }];
    const kind = !inner ? 'matches' : start && end ? 'contains' : end ? 'starts' : start ? 'ends' : 'alike';
    return say(negated ? `ruleWords.pattern.not.${kind}` : `ruleWords.pattern.${kind}`, { a: this.value(a), b });
  }

  private macro(name: string, args: Expression[], whole: Expression): Words[] {
    const [first, second] = args;
    if (name === 'is_creator' || (name === 'owns_record' && !first)) return say('ruleWords.madeIt');
    if (name === 'owns_record' && first) {
      const field = first.kind === 'literal' ? fieldWords(String(first.value)) : this.value(first);
      return say('ruleWords.isThem', { a: field });
    }
    if (name === 'is_public') return say('ruleWords.isTrue', { a: fieldWords('public') });
    if (name === 'has_role' && first) return say('ruleWords.hasRole', { a: this.value(first) });
    if (name === 'has_group' && first) return say('ruleWords.hasGroup', { a: this.value(first) });
    if (name === 'in_time_range' && first && second) {
      return say('ruleWords.timeRange', { a: this.value(first), b: this.value(second) });
    }
    if (name === 'has_permission' && first && second) {
      return say('ruleWords.hasPermission', { a: this.value(first), b: this.value(second) });
    }
    return say('ruleWords.macro', { a: this.asCode(whole) });
  }

  value(expression: Expression): Words[] {
    switch (expression.kind) {
      case 'literal':
        if (typeof expression.value === 'string') return [{ text: t('common.quoted', { text: expression.value }) }];
        return expression.value === null ? say('ruleWords.nothing') : [{ text: String(expression.value) }];
      case 'field':
        return fieldWords(expression.name);
      case 'variable':
        return this.variable(expression.name, expression);
      case 'call':
        return this.call(expression.name, expression.args, expression);
      default:
        return this.asCode(expression);
    }
  }

  private variable(name: string, whole: Expression): Words[] {
    if (name.startsWith('@request.data.'))
      return say('ruleWords.sent', { a: fieldWords(name.slice('@request.data.'.length)) });
    const key = callers[name];
    return key ? say(key) : this.asCode(whole);
  }

  private call(name: string, args: Expression[], whole: Expression): Words[] {
    const [a, b, c] = args;
    if (name === 'now' && !a) return say('ruleWords.now');
    if (name === 'date_diff' && a && b && c?.kind === 'literal' && typeof c.value === 'string') {
      return say('ruleWords.between', { unit: [{ text: c.value }], a: this.value(a), b: this.value(b) });
    }
    const key = args.length === 1 ? oneArgument[name] : undefined;
    return key && a ? say(key, { a: this.value(a) }) : this.asCode(whole);
  }
}

/** A field; one behind references in the order in which people say it. */
function fieldWords(path: string): Words[] {
  const [first = '', ...rest] = path.split('.');
  const word = (text: string): Words[] => [{ text, as: 'name' }];
  return rest.reduce((way, name) => say('ruleWords.of', { a: word(name), b: way }), word(first));
}

/** Conditions or values one after the other. */
function listed(items: Words[][], join: 'and' | 'or'): Words[] {
  const last: Words = { text: t(join === 'and' ? 'ruleWords.and' : 'ruleWords.or') };
  return items.flatMap((item, index) => {
    if (index === 0) return item;
    return [index === items.length - 1 ? last : { text: t('ruleWords.comma') }, ...item];
  });
}

const mirrored: Record<string, string> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

const comparisons: Record<string, MessageKey> = {
  '=': 'ruleWords.equals',
  '!=': 'ruleWords.differs',
  '<': 'ruleWords.less',
  '>': 'ruleWords.more',
  '<=': 'ruleWords.atMost',
  '>=': 'ruleWords.atLeast',
  '~': 'ruleWords.pattern.matches',
  '!~': 'ruleWords.pattern.not.matches',
  '@@': 'ruleWords.words',
};

const callers: Record<string, MessageKey> = {
  '@request.auth.id': 'ruleWords.caller.id',
  '@request.auth.email': 'ruleWords.caller.email',
  '@request.auth.role': 'ruleWords.caller.role',
  '@request.auth.account_id': 'ruleWords.caller.account',
};

const oneArgument: Record<string, MessageKey> = {
  length: 'ruleWords.length',
  lower: 'ruleWords.lower',
  upper: 'ruleWords.upper',
  trim: 'ruleWords.trim',
  round: 'ruleWords.round',
  abs: 'ruleWords.abs',
};

/** A rule in words; null for text that is no expression. */
export function inWords(code: string): RuleInWords | null {
  const expression = parseExpression(code);
  if (!expression) return null;
  const speaker = new Speaker(code);
  if (expression.kind !== 'and' && expression.kind !== 'or') {
    return { join: 'and', conditions: [speaker.condition(expression)] };
  }
  const conditions = expression.terms.map((term) => {
    const words = speaker.condition(term);
    return expression.kind === 'and' && term.kind === 'or' ? say('ruleWords.either', { conditions: words }) : words;
  });
  return { join: expression.kind, conditions };
}

/** The conditions as one sentence. */
export function sentence({ join, conditions }: RuleInWords): Words[] {
  return listed(conditions, join);
}
