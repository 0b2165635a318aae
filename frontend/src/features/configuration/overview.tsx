import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { formatNumber, t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Card } from '@/shared/ui/page';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { Settings2 } from 'lucide-react';
import { configurationStats } from './api/get-stats';
import { recentConfigurations } from './api/list-recent';
import { categories, categoryName } from './category';
import { ProviderLogo } from './provider-logo';

const REFRESH_MS = 30_000;

/** What is configured, and what was changed last. */
export function Overview() {
  const stats = useQuery({ ...configurationStats(), refetchInterval: REFRESH_MS });
  const recent = useQuery({ ...recentConfigurations(), refetchInterval: REFRESH_MS });
  return (
    <div className="grid gap-6 lg:grid-cols-[2fr_3fr]">
      <Card className="self-start">
        <h2 className="border-b px-5 py-3.5 text-base font-semibold">{t('configuration.enabledNow')}</h2>
        {stats.isError && <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />}
        {stats.isPending && <Skeleton className="m-5 h-32" />}
        {stats.data && (
          <table className="w-full">
            <caption className="sr-only">{t('configuration.enabledNow')}</caption>
            <thead>
              <tr className="text-[0.8125rem] text-muted [&>th]:px-5 [&>th]:py-2 [&>th]:font-medium">
                <th scope="col" className="text-left">
                  {t('configuration.category')}
                </th>
                <th scope="col" className="text-right">
                  {t('configuration.system')}
                </th>
                <th scope="col" className="text-right">
                  {t('configuration.accounts')}
                </th>
              </tr>
            </thead>
            <tbody>
              {categories.map((category) => (
                <tr key={category} className="[&>*]:border-t [&>*]:px-5 [&>*]:py-2.5">
                  <th scope="row" className="text-left font-normal">
                    {categoryName(category)}
                  </th>
                  <td className="text-right tabular-nums">
                    {formatNumber(stats.data.system_configs.by_category[category] ?? 0)}
                  </td>
                  <td className="text-right tabular-nums">
                    {formatNumber(stats.data.account_configs.by_category[category] ?? 0)}
                  </td>
                </tr>
              ))}
              <tr className="font-semibold [&>*]:border-t [&>*]:px-5 [&>*]:py-2.5">
                <th scope="row" className="text-left">
                  {t('configuration.sum')}
                </th>
                <td className="text-right tabular-nums">{formatNumber(stats.data.system_configs.total)}</td>
                <td className="text-right tabular-nums">{formatNumber(stats.data.account_configs.total)}</td>
              </tr>
            </tbody>
          </table>
        )}
      </Card>
      <Card className="overflow-hidden">
        <h2 className="border-b px-5 py-3.5 text-base font-semibold">{t('configuration.recent')}</h2>
        {recent.isError && <ErrorState error={recent.error} onRetry={() => void recent.refetch()} />}
        {recent.isPending && <Skeleton className="m-5 h-32" />}
        {recent.data?.length === 0 && <EmptyState icon={Settings2} title={t('configuration.emptyTitle')} />}
        <ul className="divide-y">
          {recent.data?.map((item) => (
            <li key={item.id} className="relative flex items-center gap-3 px-5 py-2.5 hover:bg-subtle/70">
              <ProviderLogo url={item.logo_url} className="size-8" />
              <span className="min-w-0 flex-1">
                <Link
                  to="/configuration"
                  search={
                    item.is_system
                      ? { tab: 'system', edit: item.id }
                      : { tab: 'account', account: item.account_id, edit: item.id }
                  }
                  className="block truncate font-medium after:absolute after:inset-0"
                >
                  {item.display_name}
                </Link>
                <span className="block truncate text-[0.8125rem] text-muted">{categoryName(item.category)}</span>
              </span>
              <Badge tone={item.is_system ? 'neutral' : 'info'}>
                {item.is_system ? t('configuration.system') : t('users.account')}
              </Badge>
              <Time className="hidden w-44 text-right whitespace-nowrap text-muted sm:block" value={item.updated_at} />
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
