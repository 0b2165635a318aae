import { t } from '@/shared/i18n';

/** One fault the server found; `field` is a dotted path into the request, absent when it concerns the whole. */
export interface FieldFault {
  field?: string;
  message: string;
  code?: string;
}

/** A refused or failed request, whichever of the API's error forms it came in. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** HTTP status; 0 when the server could not be reached. */
    readonly status: number,
    message: string,
    readonly faults: FieldFault[] = [],
    /** Id under which the server logged the request, for reports. */
    readonly correlationId: string | null = null,
  ) {
    super(message);
  }
}

type Unknown = Record<string, unknown>;

const isObject = (value: unknown): value is Unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads the faults out of a list in either form: `{field, message, code}` or `{loc, msg, type}`. */
function readFaults(list: unknown[]): FieldFault[] {
  return list.filter(isObject).map((entry) => {
    if (Array.isArray(entry.loc)) {
      // The first part of `loc` names the place (body, query, path, header), the rest the field.
      const field = entry.loc.slice(1).join('.');
      const message = (text(entry.msg) ?? t('error.invalid')).replace(/^Value error, /, '');
      return { field: field || undefined, message, code: text(entry.type) };
    }
    return { field: text(entry.field), message: text(entry.message) ?? t('error.invalid'), code: text(entry.code) };
  });
}

function readBody(body: unknown, fallback: string): { message: string; faults: FieldFault[] } {
  if (!isObject(body)) return { message: fallback, faults: [] };
  if (Array.isArray(body.detail)) {
    const faults = readFaults(body.detail);
    return { message: faults.find((fault) => !fault.field)?.message ?? t('error.validation'), faults };
  }
  if (isObject(body.detail)) return readBody(body.detail, fallback);
  if (Array.isArray(body.details)) {
    return { message: text(body.message) ?? t('error.validation'), faults: readFaults(body.details) };
  }
  const message = text(body.message) ?? text(body.detail) ?? text(body.error) ?? fallback;
  const field = text(body.field);
  return { message, faults: field ? [{ field, message }] : [] };
}

/** Makes an {@link ApiError} of a reply that is not a success. */
export function errorFromReply(response: Response, body: unknown): ApiError {
  const fallback = response.status >= 500 ? t('error.server') : t('error.status', { status: response.status });
  const { message, faults } = readBody(body, fallback);
  return new ApiError(response.status, message, faults, response.headers.get('X-Correlation-ID'));
}

/** Makes an {@link ApiError} of whatever was thrown. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return new ApiError(0, t('error.network'));
  return new ApiError(0, error instanceof Error ? error.message : t('error.unexpected'));
}
