/** What a record keeps of a file; further keys stay as they came. */
export interface StoredFile {
  /** The name that it was uploaded with. */
  filename: string;
  /** In bytes. */
  size: number;
  mime_type: string;
  /** Where the server keeps it: `<account id>/<name>`, after the provider's name unless that is the local one. */
  path: string;
}

/** How a file can be shown. */
export type FileKind = 'picture' | 'pdf' | 'text' | 'other';

/** Whether each part of the path names something: one that leads upwards would end at another call of the API. */
function isPlainPath(path: unknown): path is string {
  return (
    typeof path === 'string' && path.split('/').every((part) => !['', '.', '..'].includes(part) && !/\\/.test(part))
  );
}

/** Reads a file field's value, an object or JSON text of one; null for what is neither. */
export function readStoredFile(value: unknown): StoredFile | null {
  let read = value;
  if (typeof value === 'string') {
    if (!value.startsWith('{')) return null;
    try {
      read = JSON.parse(value) as unknown;
    } catch {
      return null;
    }
  }
  if (typeof read !== 'object' || read === null) return null;
  const { filename, size, mime_type, path } = read as Partial<Record<keyof StoredFile, unknown>>;
  const whole =
    typeof filename === 'string' && typeof size === 'number' && typeof mime_type === 'string' && isPlainPath(path);
  return whole ? (read as StoredFile) : null;
}

/** The id of the account that a file belongs to. */
export function accountOf({ path }: StoredFile): string {
  return path.split('/').at(-2) ?? '';
}

/** The type without parameters, in lower case. */
const essence = (type: string) => type.split(';')[0]?.trim().toLowerCase() ?? '';

/** Types that the server makes small pictures of. SVG is none of them: it may hold scripts. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** How files of a type can be shown. */
export function kindOfType(type: string): FileKind {
  const plain = essence(type);
  if (pictures.has(plain)) return 'picture';
  if (plain === 'application/pdf') return 'pdf';
  return plain.startsWith('text/') || plain === 'application/json' ? 'text' : 'other';
}
