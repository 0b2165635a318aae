import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { ConfigurationValues } from '@/shared/api/types';

interface Attempt {
  category: string;
  provider: string;
  values: ConfigurationValues;
}

/** Tries values out without storing them. */
export function useTestConnection() {
  return useMutation({
    mutationFn: ({ category, provider, values }: Attempt) =>
      unwrap(
        api.POST('/api/v1/admin/configuration/test-connection', {
          body: { category, provider_name: provider, config: values },
        }),
      ),
  });
}
