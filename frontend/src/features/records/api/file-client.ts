import createClient from 'openapi-fetch';
import { sessionFetch } from '@/shared/api/session-fetch';
import type { StoredFile } from '../stored-file';

interface Reply<Content> {
  headers: Record<string, unknown>;
  content: Content;
}

/** The calls about files, in the form of the generated schema. */
interface FilePaths {
  '/api/v1/files/upload': {
    post: {
      requestBody: { content: { 'multipart/form-data': { file: string } } };
      responses: { 201: Reply<{ 'application/json': { file: StoredFile } }> };
    };
  };
  '/api/v1/files/{path}': {
    get: {
      parameters: { path: { path: string }; query?: { thumb?: string } };
      responses: { 200: Reply<{ 'application/octet-stream': string }> };
    };
  };
}

/** The client of the calls about files. */
export const fileApi = createClient<FilePaths>({ baseUrl: window.location.origin, fetch: sessionFetch });

/** Puts the path of a file into an address, with its slashes as they are. */
export function withFilePath(pathname: string, { path }: Record<string, unknown>): string {
  return pathname.replace('{path}', () => String(path).split('/').map(encodeURIComponent).join('/'));
}
