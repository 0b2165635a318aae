// Files of the stand-in: uploaded, read, deleted, and what records keep of them.
import { randomUUID } from 'node:crypto';
import { Reply } from './stand-in-filter.mjs';

const MAX_SIZE = 10 * 1024 * 1024;
const ALLOWED = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'application/pdf', 'text/plain', 'application/json'];
const REQUIRED = { filename: 'string', mime_type: 'string', path: 'string', size: 'number' };
const SIGNATURES = { 'image/png': '\x89PNG', 'image/jpeg': '\xff\xd8\xff', 'image/gif': 'GIF8', 'application/pdf': '%PDF' };

const megabytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(2)}MB`;

/** An object as the server gives it in records: with `", "` and `": "`, other characters than ASCII escaped. */
function asText(value) {
  if (Array.isArray(value)) return `[${value.map(asText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, part]) => `${asText(key)}: ${asText(part)}`).join(', ')}}`;
  }
  return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function read(value) {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** What is wrong with the value of a file field in a record of an account; undefined when nothing is. */
export function fileFault(value, account) {
  const file = read(value);
  if (file === undefined) return { message: 'Invalid file metadata: must be valid JSON', code: 'invalid_json' };
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    return { message: `Expected file metadata (dict or JSON string), got ${typeof file}`, code: 'invalid_type' };
  }
  const missing = Object.keys(REQUIRED).filter((key) => !(key in file));
  if (missing.length > 0) return { message: `File metadata missing required fields: ${missing.join(', ')}`, code: 'missing_file_metadata' };
  const wrong = Object.entries(REQUIRED).find(([key, type]) => typeof file[key] !== type);
  if (wrong) return { message: `File metadata '${wrong[0]}' must be ${wrong[1] === 'number' ? 'an integer' : 'a string'}`, code: 'invalid_file_metadata' };
  if (!file.path.startsWith(`${account}/`)) return { message: 'File path does not belong to this account', code: 'invalid_file_metadata' };
  return undefined;
}

/** The values of a record as they are stored: files as JSON text. */
export function withFileTexts({ schema }, values) {
  const texts = schema.filter(({ name, type }) => type === 'file' && values[name]).map(({ name }) => [name, asText(read(values[name]))]);
  return { ...values, ...Object.fromEntries(texts) };
}

export function fileRoutes({ SYSTEM, now }) {
  const files = new Map();

  function readable(path, user) {
    const parts = path.split('/');
    if (parts.some((part) => ['', '.', '..'].includes(part)) || (user.account_id !== SYSTEM && parts[0] !== user.account_id)) {
      throw new Reply(403, { detail: 'Invalid file path: does not belong to this account' });
    }
    const file = files.get(path);
    if (!file) throw new Reply(404, { detail: `File not found: ${path}` });
    return file;
  }

  return [
    ['POST', '/files/upload', async ({ raw, headers, user }) => {
      const form = await new Response(raw, { headers: { 'Content-Type': headers['content-type'] } }).formData();
      const sent = form.getAll('file').at(-1);
      const type = sent.type.split(';')[0].toLowerCase() || 'application/octet-stream';
      if (sent.size > MAX_SIZE) throw new Reply(400, { detail: `File size (${megabytes(sent.size)}) exceeds maximum allowed size (${megabytes(MAX_SIZE)})` });
      if (!ALLOWED.includes(type)) throw new Reply(400, { detail: `File type '${type}' is not allowed. Allowed types: ${ALLOWED.join(', ')}` });
      const bytes = Buffer.from(await sent.arrayBuffer());
      if (SIGNATURES[type] && !bytes.toString('latin1').startsWith(SIGNATURES[type])) throw new Reply(400, { detail: `File content does not match type '${type}'` });
      const filename = sent.name.split(/[/\\]/).at(-1) || 'unnamed';
      const path = `${user.account_id}/${randomUUID()}${/\.[A-Za-z0-9]{1,16}$/.exec(filename)?.[0] ?? ''}`;
      const file = { filename, size: bytes.length, mime_type: type, path };
      files.set(path, { ...file, bytes });
      const { mime_type, ...rest } = file;
      return [201, { success: true, file, message: 'File uploaded successfully', ...rest, contentType: mime_type, created_at: now() }];
    }],
    ['GET', '/files/:path*', ({ params, query, headers, user }) => {
      const { bytes, mime_type, path } = readable(params.path, user);
      const thumb = query.get('thumb');
      if (thumb !== null && !/^\d{1,4}x\d{1,4}[tbf]?$/.test(thumb)) throw new Reply(400, { detail: `Invalid thumbnail size '${thumb}'` });
      const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
      return [range ? 206 : 200, range ? bytes.subarray(Number(range[1]), Number(range[2]) + 1) : bytes, {
        'Content-Type': mime_type === 'text/plain' ? 'text/plain; charset=utf-8' : mime_type,
        'Content-Disposition': `attachment; filename="${path.split('/').at(-1)}"`,
        'Cache-Control': 'private, no-cache',
      }];
    }],
    ['DELETE', '/files/:path*', ({ params, user }) => {
      files.delete(readable(params.path, user).path);
      return [204];
    }],
  ];
}
