// The part of the filter language that the stand-in for the server understands.

/** An answer that is thrown: status and JSON body. */
export class Reply extends Error {
  constructor(status, body) {
    super(`${status}`);
    this.status = status;
    this.body = body;
  }
}
/** Compiles the part of the filter language that the UI and the journey use. */
export function compileFilter(text, fields) {
  const known = [...fields, 'id', 'account_id', 'created_at', 'created_by', 'updated_at', 'updated_by'];
  const pattern = /\s*(&&|\|\||!=|>=|<=|[=<>~()]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null|[A-Za-z_]\w*)/y;
  const parts = [];
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) throw new Reply(400, { error: 'Invalid filter expression', message: `Invalid character '${text[at]}' at position ${at}` });
    parts.push(match[1]);
  }
  const take = (part) => {
    if (/^["\d-]|^(true|false|null)$/.test(part)) return JSON.parse(part);
    if (!known.includes(part)) {
      throw new Reply(400, {
        error: 'Invalid filter expression',
        message: `Field '${part}' does not exist in collection. Available fields: ${known.sort().join(', ')}`,
      });
    }
    return (row) => row[part];
  };
  const eof = () => new Reply(400, { error: 'Invalid filter expression', message: `Unexpected token: EOF at position ${text.length}` });
  const like = (value, wanted) => {
    const escaped = String(wanted).replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.');
    return value !== null && new RegExp(`^${escaped}$`, 'is').test(String(value));
  };
  const compare = {
    '=': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b, '>': (a, b) => a > b,
    '<=': (a, b) => a <= b, '>=': (a, b) => a >= b, '~': like,
  };
  let at = 0;
  const or = () => { let left = and(); while (parts[at] === '||') { at += 1; const l = left, r = and(); left = (row) => l(row) || r(row); } return left; };
  const and = () => { let left = term(); while (parts[at] === '&&') { at += 1; const l = left, r = term(); left = (row) => l(row) && r(row); } return left; };
  const term = () => {
    if (parts[at] === '(') { at += 1; const inner = or(); if (parts[at] !== ')') throw eof(); at += 1; return inner; }
    if (at >= parts.length) throw eof();
    const left = take(parts[at]);
    const operator = compare[parts[at + 1]];
    if (!operator || at + 2 >= parts.length) throw eof();
    const right = take(parts[at + 2]);
    at += 3;
    const of = (side, row) => (typeof side === 'function' ? side(row) : side);
    return (row) => operator(of(left, row), of(right, row));
  };
  return or();
}
