import { vi } from 'vitest';

interface Call {
  method: string;
  path: string;
  body: unknown;
}

/** An upload that a test watches and answers. */
export interface Upload {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Blob;
  aborted: boolean;
  progress: (loaded: number, total: number) => void;
  answer: (status: number, body: unknown) => void;
  /** The server cannot be reached. */
  fail: () => void;
}

/**
 * Takes what is sent by `XMLHttpRequest` and keeps it; nothing is answered before the test does.
 * Only for tests; nothing of the product imports it.
 */
export function catchUploads(): Upload[] {
  const uploads: Upload[] = [];
  class Caught {
    upload: { onprogress?: (event: object) => void } = {};
    onload?: () => void;
    onerror?: () => void;
    onabort?: () => void;
    onloadend?: () => void;
    status = 0;
    statusText = '';
    response: Blob | null = null;
    private caught: Upload = {
      method: '',
      url: '',
      headers: {},
      body: new Blob(),
      aborted: false,
      progress: (loaded, total) => this.upload.onprogress?.({ lengthComputable: true, loaded, total }),
      answer: (status, body) => {
        this.status = status;
        this.response = new Blob([JSON.stringify(body)], { type: 'application/json' });
        this.onload?.();
        this.onloadend?.();
      },
      fail: () => {
        this.onerror?.();
        this.onloadend?.();
      },
    };
    open(method: string, url: string) {
      Object.assign(this.caught, { method, url });
    }
    setRequestHeader(name: string, value: string) {
      this.caught.headers[name.toLowerCase()] = value;
    }
    getAllResponseHeaders() {
      return 'content-type: application/json\r\nx-correlation-id: cid_1\r\n';
    }
    send(body: Blob) {
      this.caught.body = body;
      uploads.push(this.caught);
    }
    abort() {
      this.caught.aborted = true;
      this.onabort?.();
      this.onloadend?.();
    }
  }
  vi.stubGlobal('XMLHttpRequest', Caught);
  return uploads;
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
