/** Endpoints that the description of the API does not list yet; each goes from here once it does. */
import './schema';

interface Answer<Body> {
  headers: { [name: string]: unknown };
  content: { 'application/json': Body };
}

declare module './schema' {
  interface paths {
    '/api/v1/dashboard/series': {
      get: {
        parameters: { query?: { days?: number } };
        responses: {
          200: Answer<{
            from: string;
            to: string;
            points: {
              date: string;
              accounts: number;
              users: number;
              creates: number;
              updates: number;
              deletes: number;
            }[];
          }>;
        };
      };
    };
    '/api/v1/admin/health': {
      get: {
        parameters: { query?: never };
        responses: {
          200: Answer<{
            status: string;
            version: string;
            started_at: string;
            uptime_seconds: number;
            memory_bytes: number | null;
            database: { kind: 'sqlite' | 'postgres'; status: string; size_bytes: number; latency_ms: number };
            realtime: { enabled: boolean; connections: number; subscriptions: number };
            mail: { sent_24h: number; failed_24h: number };
            audit: { enabled: boolean; waiting: number };
            files: { count: number; bytes: number };
            rate_limit: {
              enabled: boolean;
              per_minute: number | null;
              per_hour: number | null;
              burst: number | null;
              authenticated_per_minute: number | null;
              endpoints: { [path: string]: number };
              refused: { key: string; path: string | null; refused: number; last_refused_at: string }[];
            };
          }>;
        };
      };
    };
  }
}
