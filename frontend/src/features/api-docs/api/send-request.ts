import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/shared/api/query-keys';
import { sessionFetch } from '@/shared/api/session-fetch';

interface ConsoleRequest {
  method: string;
  /** Path and query. */
  address: string;
  /** JSON text; empty for none. */
  body: string;
}

export interface ConsoleReply {
  status: number;
  statusText: string;
  /** From sending to the end of the body, in milliseconds. */
  took: number;
  headers: [string, string][];
  body: string;
}

/** Sends a request as the signed-in user, and gives what the server answers, whatever it is. */
export function useSendRequest(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ method, address, body }: ConsoleRequest): Promise<ConsoleReply> => {
      const hasBody = body.trim() !== '' && method !== 'GET';
      const began = performance.now();
      const reply = await sessionFetch(
        new Request(new URL(address, window.location.origin), {
          method,
          ...(hasBody && { body, headers: { 'Content-Type': 'application/json' } }),
        }),
      );
      const text = await reply.text();
      return {
        status: reply.status,
        statusText: reply.statusText,
        took: performance.now() - began,
        headers: [...reply.headers],
        body: text,
      };
    },
    onSuccess: (_, { method }) => {
      if (method !== 'GET') void queryClient.invalidateQueries({ queryKey: keys.records(collection) });
    },
  });
}
