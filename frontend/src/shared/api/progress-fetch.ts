import type { Send } from './session-fetch';

/** Statuses whose replies have no body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

function headersOf(call: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of call.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

/**
 * Sends a request whose body is counted on its way, which `fetch` does not tell of. `onProgress` hears how
 * much of it is sent, from 0 to 1. Fails as `fetch` does: with a TypeError when the server cannot be reached,
 * with an AbortError when the request's signal says so.
 */
export function progressFetch(onProgress: (share: number) => void): Send {
  return async (request) => {
    const body = await request.blob();
    return new Promise((resolve, reject) => {
      const aborted = () => reject(new DOMException('The request was aborted.', 'AbortError'));
      if (request.signal.aborted) {
        aborted();
        return;
      }
      const call = new XMLHttpRequest();
      call.open(request.method, request.url);
      call.responseType = 'blob';
      request.headers.forEach((value, name) => call.setRequestHeader(name, value));
      call.upload.onprogress = ({ lengthComputable, loaded, total }) => {
        if (lengthComputable && total > 0) onProgress(loaded / total);
      };
      const stop = () => call.abort();
      request.signal.addEventListener('abort', stop);
      call.onloadend = () => request.signal.removeEventListener('abort', stop);
      call.onabort = aborted;
      call.onerror = () => reject(new TypeError('The server cannot be reached.'));
      call.onload = () => {
        const { status, statusText } = call;
        const content = WITHOUT_BODY.has(status) ? null : (call.response as Blob);
        resolve(new Response(content, { status, statusText, headers: headersOf(call) }));
      };
      call.send(body);
    });
  };
}
