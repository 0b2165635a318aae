import { useQuery } from '@tanstack/react-query';
import type { Provider } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Dialog, DialogBody } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { providerList } from './api/list-providers';
import { categories, categoryName, SYSTEM_ONLY } from './category';
import { ProviderLogo } from './provider-logo';

interface GalleryProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Whether it is for an account, which cannot have every provider. */
  forAccount: boolean;
  /** `category/provider` of what is configured already. */
  taken: Set<string>;
  onPick: (provider: Provider) => void;
}

/** The providers that can be added, by category. */
export function Gallery({ open, onOpenChange, ...props }: GalleryProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('configuration.galleryTitle')}
      description={t(props.forAccount ? 'configuration.galleryAccount' : 'configuration.gallerySystem')}
      className="sm:max-w-2xl"
    >
      <Providers {...props} />
    </Dialog>
  );
}

function Providers({ forAccount, taken, onPick }: Omit<GalleryProps, 'open' | 'onOpenChange'>) {
  const providers = useQuery(providerList());
  if (providers.isError) return <ErrorState error={providers.error} onRetry={() => void providers.refetch()} />;
  if (!providers.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-48 w-full" />
      </DialogBody>
    );
  }
  const shown = providers.data.filter((provider) => !forAccount || provider.category !== SYSTEM_ONLY);
  const groups = [...new Set([...categories, ...shown.map((provider) => provider.category)])]
    .map((category) => ({ category, items: shown.filter((provider) => provider.category === category) }))
    .filter((group) => group.items.length > 0);
  return (
    <DialogBody>
      {groups.map(({ category, items }) => (
        <section key={category} aria-label={categoryName(category)}>
          <h3 className="mb-2 font-medium">{categoryName(category)}</h3>
          <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
            {items.map((provider) => {
              const configured = taken.has(`${provider.category}/${provider.provider_name}`);
              return (
                <li key={provider.provider_name}>
                  <button
                    type="button"
                    disabled={configured}
                    className="flex h-full w-full items-center gap-3 rounded-xl border bg-surface p-3 text-left hover:border-control hover:bg-hover disabled:cursor-default disabled:bg-subtle disabled:hover:border-border"
                    onClick={() => onPick(provider)}
                  >
                    <ProviderLogo url={provider.logo_url} />
                    <span className="min-w-0 flex-1">
                      <span className="block font-medium">{provider.display_name}</span>
                      {configured && (
                        <span className="block text-[0.8125rem] text-muted">{t('configuration.configured')}</span>
                      )}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        </section>
      ))}
    </DialogBody>
  );
}
