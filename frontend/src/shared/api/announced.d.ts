/**
 * Paths of the API that the checked-in document does not describe yet. An entry goes when `schema.d.ts` has the
 * path; until then the two are one interface.
 */
import './schema';

interface Json<Body> {
  content: { 'application/json': Body };
}

interface StoredMacro {
  /** From 1. */
  id: number;
  name: string;
  description: string | null;
  sql_query: string;
  /** Names of the parameters, in the order of the arguments. */
  parameters: string[];
  created_at: string;
  updated_at: string;
  created_by: string | null;
}

interface MacroInput {
  name: string;
  sql_query: string;
  parameters?: string[];
  description?: string | null;
}

declare module './schema' {
  interface paths {
    '/api/v1/macros': {
      get: {
        parameters: { query?: { skip?: number; limit?: number } };
        responses: { 200: Json<StoredMacro[]> };
      };
      post: {
        parameters: Record<never, never>;
        requestBody: Json<MacroInput>;
        responses: { 201: Json<StoredMacro> };
      };
    };
    '/api/v1/macros/{id}': {
      put: {
        parameters: { path: { id: number } };
        requestBody: Json<Partial<MacroInput>>;
        responses: { 200: Json<StoredMacro> };
      };
      delete: { parameters: { path: { id: number } }; responses: { 204: { content?: never } } };
    };
    '/api/v1/macros/{id}/test': {
      post: {
        parameters: { path: { id: number } };
        requestBody: Json<{ parameters?: string[] }>;
        responses: { 200: Json<{ result: string | null; execution_time: number; rows_affected: number }> };
      };
    };
  }
}
