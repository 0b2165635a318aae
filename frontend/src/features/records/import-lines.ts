import { ApiError, type FieldFault } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { textLines, textPieces } from '@/shared/lib/text-stream';

/** Faults that are kept; of very many the first are enough to mend a file by. */
export const MOST_FAULTS = 10_000;

/** A record that was left out, by its number from 0. */
export interface RecordFault {
  index: number;
  details: FieldFault[];
}

/** How many records were stored and left out, and the first of those with their faults. */
export interface ImportResult {
  imported: number;
  skipped: number;
  errors: RecordFault[];
}

/** A line of the reply: how far it is, a record that was left out, or the end, good or bad. */
interface Line {
  progress?: { imported: number; skipped: number };
  error?: RecordFault;
  result?: { imported: number; skipped: number };
  refused?: { status: number; body: unknown };
}

/**
 * Reads the reply of an import: lines that tell how far it is and of records that are left out, and a last one with
 * the result or with what ended it. Throws an `ApiError` for the latter and when the connection ends before.
 */
export async function importResult(
  body: ReadableStream<Uint8Array>,
  onProgress: (read: number) => void,
): Promise<ImportResult> {
  const errors: RecordFault[] = [];
  for await (const text of textLines(textPieces(body))) {
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
