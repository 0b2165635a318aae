import { type Token, tokensOf, unquoted } from './tokens';

interface Place {
  from: number;
  to: number;
}

/** An expression, each part with its place in the text. */
export type Expression = Place &
  (
    | { kind: 'and' | 'or'; terms: Expression[] }
    | { kind: 'not' | 'negative'; inner: Expression }
    | { kind: 'compare' | 'arithmetic'; operator: string; left: Expression; right: Expression }
    | { kind: 'in'; left: Expression; list: Expression[]; negated: boolean }
    | { kind: 'null' | 'empty'; inner: Expression; negated: boolean }
    | { kind: 'literal'; value: string | number | boolean | null }
    | { kind: 'field' | 'variable'; name: string }
    | { kind: 'macro' | 'call'; name: string; args: Expression[] }
  );

const COMPARISONS = new Set(['=', '!=', '<', '>', '<=', '>=', '~', '!~', '@@']);

/** Raised within for text that is no expression. */
class NoExpression extends Error {}

class Reader {
  private at = 0;
  constructor(private readonly tokens: Token[]) {}

  whole(): Expression {
    const found = this.or();
    if (this.at < this.tokens.length) throw new NoExpression();
    return found;
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (!token || token.kind === 'invalid') throw new NoExpression();
    this.at += 1;
    return token;
  }

  private is(...words: string[]): boolean {
    return words.every((word, ahead) => this.tokens[this.at + ahead]?.text.toLowerCase() === word);
  }

  private take(...words: string[]): boolean {
    const found = this.is(...words);
    if (found) this.at += words.length;
    return found;
  }

  private expect(word: string): Token {
    if (!this.is(word)) throw new NoExpression();
    return this.next();
  }

  private or(): Expression {
    return this.chain('or', '||', () => this.and());
  }

  private and(): Expression {
    return this.chain('and', '&&', () => this.not());
  }

  private chain(kind: 'and' | 'or', separator: string, operand: () => Expression): Expression {
    const first = operand();
    const terms = [first];
    while (this.take(separator)) terms.push(operand());
    return terms.length === 1 ? first : { kind, terms, from: first.from, to: terms.at(-1)?.to ?? first.to };
  }

  private not(): Expression {
    if (!this.is('!')) return this.comparison();
    const { from } = this.next();
    const inner = this.not();
    return { kind: 'not', inner, from, to: inner.to };
  }

  private comparison(): Expression {
    const left = this.sum();
    const { from } = left;
    const operator = this.tokens[this.at]?.text ?? '';
    if (COMPARISONS.has(operator)) {
      this.next();
      const right = this.sum();
      return { kind: 'compare', operator, left, right, from, to: right.to };
    }
    if (this.is('in') || this.is('not', 'in')) {
      const negated = this.take('not');
      this.next();
      this.expect('(');
      const list = this.list(() => this.sum());
      return { kind: 'in', left, list, negated, from, to: this.expect(')').to };
    }
    if (this.take('is')) {
      const negated = this.take('not');
      return { kind: 'null', inner: left, negated, from, to: this.expect('null').to };
    }
    if (this.is('?=') || this.is('?!=')) {
      const negated = this.next().text === '?!=';
      return { kind: 'empty', inner: left, negated, from, to: this.expect('null').to };
    }
    return left;
  }

  private list(operand: () => Expression): Expression[] {
    const items = [operand()];
    while (this.take(',')) items.push(operand());
    return items;
  }

  private sum(): Expression {
    return this.arithmetic(['+', '-'], () => this.arithmetic(['*', '/', '%'], () => this.atom()));
  }

  private arithmetic(operators: string[], operand: () => Expression): Expression {
    let left = operand();
    while (operators.some((operator) => this.is(operator))) {
      const operator = this.next().text;
      const right = operand();
      left = { kind: 'arithmetic', operator, left, right, from: left.from, to: right.to };
    }
    return left;
  }

  private atom(): Expression {
    const token = this.next();
    const { from, to, text } = token;
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: Number(text), from, to };
      case 'text':
        return { kind: 'literal', value: unquoted(text), from, to };
      case 'keyword':
        return this.word(token);
      case 'macro':
        return this.call('macro', text.slice(1), token);
      case 'function':
        return this.call('call', text.toLowerCase(), token);
      case 'field':
      case 'variable':
        return { kind: token.kind, name: text, from, to };
      default:
        break;
    }
    if (text === '(') {
      const inner = this.or();
      // The brackets belong to the place, so that it can be cut out of the text as it is.
      return { ...inner, from, to: this.expect(')').to };
    }
    if (text !== '-') throw new NoExpression();
    const inner = this.atom();
    return inner.kind === 'literal' && typeof inner.value === 'number'
      ? { ...inner, value: -inner.value, from }
      : { kind: 'negative', inner, from, to: inner.to };
  }

  private word({ from, to, text }: Token): Expression {
    const word = text.toLowerCase();
    if (word === 'null') return { kind: 'literal', value: null, from, to };
    if (word !== 'true' && word !== 'false') throw new NoExpression();
    return { kind: 'literal', value: word === 'true', from, to };
  }

  private call(kind: 'macro' | 'call', name: string, { from, to }: Token): Expression {
    if (!this.take('(')) return { kind, name, args: [], from, to };
    const args = this.is(')') ? [] : this.list(() => this.or());
    return { kind, name, args, from, to: this.expect(')').to };
  }
}

/** Reads an expression; null for text that is none. The server has the last word on what is valid. */
export function parseExpression(text: string): Expression | null {
  try {
    return new Reader(tokensOf(text)).whole();
  } catch (error) {
    if (error instanceof NoExpression) return null;
    throw error;
  }
}

/** All parts of an expression, itself first. */
export function partsOf(expression: Expression): Expression[] {
  const inner = (): Expression[] => {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return expression.terms;
      case 'not':
      case 'negative':
      case 'null':
      case 'empty':
        return [expression.inner];
      case 'compare':
      case 'arithmetic':
        return [expression.left, expression.right];
      case 'in':
        return [expression.left, ...expression.list];
      case 'macro':
      case 'call':
        return expression.args;
      default:
        return [];
    }
  };
  return [expression, ...inner().flatMap(partsOf)];
}
