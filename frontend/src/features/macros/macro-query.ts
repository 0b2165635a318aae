/** What stands in quotes or comments, and casts (`::text`), in SQL: none of it holds a parameter. */
const NOT_CODE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|::\w+/g;

/** Names of the parameters (`:name`) of a query, each once, in the order they appear. */
export function parametersIn(query: string): string[] {
  const code = query.replace(NOT_CODE, ' ');
  return [...new Set([...code.matchAll(/:([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''))];
}

/** Parameters as people write them in one line, separated by commas or blanks. */
export function readParameters(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** How a rule calls the macro. */
export function callOf(name: string, parameters: string[]): string {
  return `@${name}(${parameters.join(', ')})`;
}
