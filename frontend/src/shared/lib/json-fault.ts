/** What is wrong with a text that is no JSON, and where. */
export interface JsonFault {
  kind: 'value' | 'name' | 'colon' | 'separator' | 'string' | 'escape' | 'number' | 'trailing' | 'end';
  /** From 0, in units of the text. */
  offset: number;
  /** From 1. */
  line: number;
  column: number;
}

class Fault extends Error {
  constructor(
    readonly kind: JsonFault['kind'],
    readonly offset: number,
  ) {
    super(kind);
  }
}

const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const BLANK = /[ \t\r\n]*/y;

/** Walks through a JSON text without making values of it. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  scan() {
    this.blank();
    this.value();
    this.blank();
    if (this.at < this.text.length) throw new Fault('trailing', this.at);
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  private blank() {
    this.take(BLANK);
  }

  private fail(kind: JsonFault['kind']): never {
    throw new Fault(this.at >= this.text.length ? 'end' : kind, this.at);
  }

  private value() {
    const start = this.text[this.at];
    if (start === '{') this.list('}', () => this.member());
    else if (start === '[') this.list(']', () => this.value());
    else if (start === '"') this.string();
    else if (!this.take(WORD) && !this.number()) this.fail('value');
  }

  private number(): boolean {
    if (!this.take(NUMBER)) return false;
    // `01`, `1.` and `1.e5` begin like numbers.
    if (/[\w.]/.test(this.text[this.at] ?? '')) this.fail('number');
    return true;
  }

  /** Parts between brackets, with commas between them. */
  private list(close: string, part: () => void) {
    this.at += 1;
    this.blank();
    if (this.text[this.at] === close) {
      this.at += 1;
      return;
    }
    for (;;) {
      part();
      this.blank();
      const next = this.text[this.at];
      if (next !== ',' && next !== close) this.fail('separator');
      this.at += 1;
      if (next === close) return;
      this.blank();
    }
  }

  private member() {
    if (this.text[this.at] !== '"') this.fail('name');
    this.string();
    this.blank();
    if (this.text[this.at] !== ':') this.fail('colon');
    this.at += 1;
    this.blank();
    this.value();
  }

  private string() {
    const start = this.at;
    this.at += 1;
    for (;;) {
      const unit = this.text[this.at];
      if (unit === undefined || unit < ' ') throw new Fault('string', start);
      if (unit === '\\') this.escape();
      else {
        this.at += 1;
        if (unit === '"') return;
      }
    }
  }

  private escape() {
    if (!this.take(/\\(["\\/bfnrt]|u[0-9a-fA-F]{4})/y)) throw new Fault('escape', this.at);
  }
}

/** The first fault of a JSON text; null when there is none. Says where it is, which not every browser does. */
export function jsonFault(text: string): JsonFault | null {
  try {
    new Scanner(text).scan();
    return null;
  } catch (error) {
    // Texts nested too deep for this are left to the server.
    if (!(error instanceof Fault)) return null;
    const before = text.slice(0, error.offset);
    const line = before.split('\n').length;
    return { kind: error.kind, offset: error.offset, line, column: error.offset - before.lastIndexOf('\n') };
  }
}
