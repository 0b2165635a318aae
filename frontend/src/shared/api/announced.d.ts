/**
 * Paths of the API that the checked-in document does not describe yet. An entry goes when `schema.d.ts` has the
 * path; until then the two are one interface.
 */
import './schema';

interface Json<Body> {
  content: { 'application/json': Body };
}

/** A part of a rule with what it came to; null where a value it needs is missing. */
interface RuleClause {
  text: string;
  /** Where it stands in the rule's text, in characters. */
  start: number;
  end: number;
  result: boolean | null;
  /** The operands of `&&`, `||` and `!`. */
  clauses?: RuleClause[];
}

interface CollectionsExport {
  version: string;
  exported_at: string;
  exported_by: string;
  collections: {
    name: string;
    schema: Record<string, unknown>[];
    rules?: Record<string, unknown>;
    records?: Record<string, unknown>[];
  }[];
}

type StructureChange =
  | { op: 'rename_field'; from: string; to: string }
  | { op: 'rename_collection'; to: string }
  | ({ op: 'change_type'; field: string; type: string } & Record<string, unknown>)
  | { op: 'drop_field'; field: string; confirm: true }
  | { op: 'require'; field: string; backfill?: unknown };

interface StructureStep {
  description: string;
  /** Records whose values change. */
  rows_affected: number;
  /** How many values do not convert, and the first of them. */
  unconvertible_count: number;
  unconvertible: { record_id: string; value: unknown }[];
}

interface RuleTest {
  operation: string;
  as: { user_id: string } | { anonymous: true; account: string };
  record_id?: string;
  record?: Record<string, unknown>;
  /** The body of a creation or an update. */
  data?: Record<string, unknown>;
  /** In place of the stored rule. */
  rule?: string;
}

declare module './schema' {
  interface paths {
    '/api/v1/collections/export': {
      get: {
        parameters: { query?: { collection_ids?: string; include_records?: boolean } };
        responses: { 200: Json<CollectionsExport> };
      };
    };
    '/api/v1/collections/import': {
      post: {
        parameters: Record<never, never>;
        requestBody: Json<{ data: CollectionsExport; strategy?: string }>;
        responses: {
          200: Json<{
            success: boolean;
            imported_count: number;
            skipped_count: number;
            updated_count: number;
            failed_count: number;
            collections: { name: string; status: string; message: string }[];
            migrations_created: string[];
          }>;
        };
      };
    };
    '/api/v1/records/{collection}/export': {
      get: {
        parameters: {
          path: { collection: string };
          query?: { format?: string; filter?: string; sort?: string; fields?: string };
        };
        responses: { 200: Json<unknown> };
      };
    };
    '/api/v1/records/{collection}/import': {
      post: {
        parameters: {
          path: { collection: string };
          query?: { mode?: string; dry_run?: boolean; map?: string };
        };
        requestBody: Json<{ records: Record<string, unknown>[]; mode?: string }>;
        responses: {
          200: Json<{
            imported: number;
            skipped: number;
            /** Of the records that were left out; `index` from 0. */
            errors: { index: number; details: { field?: string; message: string; code?: string }[] }[];
          }>;
        };
      };
    };
    '/api/v1/collections/{id}/changes': {
      post: {
        parameters: { path: { id: string } };
        requestBody: Json<{ changes: StructureChange[]; dry_run?: boolean }>;
        responses: {
          200: Json<{
            collection: unknown;
            dry_run: boolean;
            changes: StructureStep[];
            migration_revision: string | null;
          }>;
        };
      };
    };
    '/api/v1/collections/{name}/rules/test': {
      post: {
        parameters: { path: { name: string } };
        requestBody: Json<RuleTest>;
        responses: {
          200: Json<{
            allowed: boolean;
            /** What settled it: the rule, its being locked or public, the caller's rank, the account's reach. */
            decided_by: string;
            clauses: RuleClause[];
            rule: string | null;
            sql: string | null;
          }>;
        };
      };
    };
    '/api/v1/collections/{name}/rules/sql': {
      get: {
        parameters: { path: { name: string } };
        responses: { 200: Json<Record<string, unknown>> };
      };
    };
  }
}
