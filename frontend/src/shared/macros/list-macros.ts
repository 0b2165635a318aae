import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Macro } from '@/shared/api/types';

const PAGE = 100;

/** Every stored macro, by name. */
export function macroList() {
  return queryOptions({
    queryKey: [...keys.macros, 'list'],
    queryFn: async () => {
      const macros: Macro[] = [];
      for (;;) {
        const query = { skip: macros.length, limit: PAGE };
        const page = await unwrap(api.GET('/api/v1/macros', { params: { query } }));
        macros.push(...page);
        if (page.length < PAGE) return macros;
      }
    },
  });
}
