import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Toaster } from 'sonner';
import { useIsDark } from '@/shared/lib/theme';
import { queryClient } from './query-client';
import { router } from './router';

export function App() {
  const dark = useIsDark();
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster
        theme={dark ? 'dark' : 'light'}
        position="bottom-right"
        toastOptions={{
          classNames: {
            toast: '!rounded-xl !border-border !bg-surface-raised !text-foreground !font-sans !shadow-pop',
            description: '!text-muted',
            error: '[&_[data-icon]]:!text-danger',
            success: '[&_[data-icon]]:!text-success',
          },
        }}
      />
    </QueryClientProvider>
  );
}
