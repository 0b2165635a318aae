import { vi } from 'vitest';

interface Call {
  method: string;
  path: string;
  body: unknown;
}

/**
 * Answers every request of a test with what `answer` returns for it and keeps the calls.
 * Only for tests; nothing of the product imports it.
 */
export function answerRequests(answer: (call: Call) => Response | Promise<Response>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, window.location.origin), init);
    const text = await request.text();
    const url = new URL(request.url);
    const call = {
      method: request.method,
      path: url.pathname + url.search,
      body: text ? (JSON.parse(text) as unknown) : undefined,
    };
    calls.push(call);
    return answer(call);
  });
  return calls;
}
