import { MutationCache, QueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Tells of a failure in a toast, for actions without a form that could show it. */
      toastError?: boolean;
    };
  }
}

/** Reads are repeated when the server is down or busy, never when it refused. */
function isWorthRepeating(failures: number, error: unknown): boolean {
  const { status } = asApiError(error);
  return failures < 2 && (status === 0 || status >= 500);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRepeating, staleTime: 5_000 },
    mutations: { retry: false },
  },
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.toastError) return;
      const { message, correlationId, status } = asApiError(error);
      toast.error(message, {
        ...(status >= 500 &&
          correlationId && {
            description: t('error.reference', { id: correlationId }),
            action: { label: t('common.copy'), onClick: () => void navigator.clipboard.writeText(correlationId) },
          }),
      });
    },
  }),
});
