import createClient from 'openapi-fetch';
import { asApiError, errorFromReply } from './errors';
import type { paths } from './schema';
import { sessionFetch } from './session-fetch';

/** The typed client of the server that served this page. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: sessionFetch });

/**
 * The body of a successful reply.
 *
 * Throws an `ApiError` for a reply that is not a success and for a server that cannot be reached.
 */
export async function unwrap<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let reply: { data?: T; error?: unknown; response: Response };
  try {
    reply = await call;
  } catch (error) {
    throw asApiError(error);
  }
  if (!reply.response.ok) throw errorFromReply(reply.response, reply.error);
  return reply.data as T;
}
