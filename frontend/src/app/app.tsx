import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Toaster } from 'sonner';
import { useLanguage } from '@/shared/i18n';
import { useIsDark } from '@/shared/lib/theme';
import { queryClient } from './query-client';
import { router } from './router';

export function App() {
  const dark = useIsDark();
  const language = useLanguage();
  return (
    <QueryClientProvider client={queryClient}>
      {/* Every text is read while drawing: in another language the pages are drawn anew. */}
      <RouterProvider key={language} router={router} />
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
