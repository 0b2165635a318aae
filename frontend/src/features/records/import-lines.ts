import { ApiError, type FieldFault } from '@/shared/api/errors';
import { t } from '@/shared/i18n';

/** Faults that are kept; of very many the first are enough to mend a file by. */
const MOST_FAULTS = 100;

/** A record that was left out, by its number from 0. */
interface Fault {
  index: number;
  details: FieldFault[];
}

/** How many records were stored and left out, and the first of those with their faults. */
export interface ImportResult {
  imported: number;
  skipped: number;
  errors: Fault[];
}

/** A line of the reply: how far it is, a record that was left out, or the end, good or bad. */
interface Line {
  progress?: { imported: number; skipped: number };
  error?: Fault;
  result?: { imported: number; skipped: number };
  refused?: { status: number; body: unknown };
}

/** Lines of a reply as they arrive. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim() !== '') yield line;
    if (done) return;
  }
}

/**
 * Reads the reply of an import: lines that tell how far it is and of records that are left out, and a last one with
 * the result or with what ended it. Throws an `ApiError` for the latter and when the connection ends before.
 */
export async function importResult(
  body: ReadableStream<Uint8Array>,
  onProgress: (read: number) => void,
): Promise<ImportResult> {
  const errors: Fault[] = [];
  for await (const text of linesOf(body)) {
    const { progress, error, result, refused } = JSON.parse(text) as Line;
    if (refused) throw refusal(refused.status, refused.body);
    if (result) return { imported: result.imported, skipped: result.skipped, errors };
    if (progress) onProgress(progress.imported + progress.skipped);
    if (error && errors.length < MOST_FAULTS) errors.push(error);
  }
  throw new ApiError(0, t('recordFiles.cutOff'));
}

/** The refusal of a whole import, with the number of the record it is about. */
export function refusal(status: number, body: unknown, fallback?: ApiError): ApiError {
  const { index, message, details } = (body ?? {}) as { index?: unknown; message?: unknown; details?: unknown };
  const faults = Array.isArray(details) ? (details as FieldFault[]) : [];
  const about = typeof message === 'string' ? message : faults.map((fault) => fault.message).join(' ');
  if (typeof index !== 'number') return fallback ?? new ApiError(status, about || t('error.status', { status }));
  return new ApiError(status, t('recordFiles.recordRefused', { number: index + 1, message: about }));
}
