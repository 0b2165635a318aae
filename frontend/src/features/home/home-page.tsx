import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Building2, Check, Database, type LucideIcon, ShieldCheck, Table2, UserPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CollectionRules } from '@/shared/api/types';
import { collectionRules } from '@/shared/collections/get-rules';
import { formatDateTime, formatNumber, t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Card, Page } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { countAccounts, countUsers, newestCollections } from './api/get-overview';

interface Step {
  icon: LucideIcon;
  title: string;
  text: string;
  done: boolean;
  link: ReactNode;
}

/** What is there, and for a fresh installation what to do first. */
export function HomePage() {
  const [collections, accounts, users] = useQueries({ queries: [newestCollections(), countAccounts(), countUsers()] });
  const newest = collections.data?.items ?? [];
  const first = newest[0];
  const rules = useQuery({ ...collectionRules(first?.name ?? ''), enabled: first !== undefined });
  const failed = [collections, accounts, users].find((query) => query.isError);
  if (failed) {
    return (
      <Page title={t('home.title')}>
        <Card>
          <ErrorState
            error={failed.error}
            onRetry={() => {
              for (const query of [collections, accounts, users]) void query.refetch();
            }}
          />
        </Card>
      </Page>
    );
  }
  const steps: Step[] = [
    {
      icon: Database,
      title: t('home.collectionTitle'),
      text: t('home.collectionText'),
      done: newest.length > 0,
      link: <Link to="/collections/new">{t('home.collectionTitle')}</Link>,
    },
    {
      icon: ShieldCheck,
      title: t('home.rulesTitle'),
      text: t('home.rulesText'),
      done: newest.some((item) => item.has_public_access) || hasOpenRule(rules.data),
      link: first ? (
        <Link to="/collections/$name/settings" params={{ name: first.name }} search={{ tab: 'rules' }}>
          {t('home.rulesTitle')}
        </Link>
      ) : (
        <Link to="/collections">{t('home.rulesTitle')}</Link>
      ),
    },
    {
      icon: Building2,
      title: t('home.accountTitle'),
      text: t('home.accountText'),
      done: (accounts.data ?? 0) > 1,
      link: (
        <Link to="/accounts" search={{ dialog: 'new' }}>
          {t('home.accountTitle')}
        </Link>
      ),
    },
    {
      icon: UserPlus,
      title: t('home.userTitle'),
      text: t('home.userText'),
      done: (users.data ?? 0) > 1,
      link: (
        <Link to="/users" search={{ dialog: 'new' }}>
          {t('home.userTitle')}
        </Link>
      ),
    },
  ];
  const done = steps.filter((step) => step.done).length;
  const loaded = collections.isSuccess && accounts.isSuccess && users.isSuccess;
  const records = newest.reduce((sum, item) => sum + item.records_count, 0);

  return (
    <Page title={t('home.title')}>
      <div className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
        <Figure value={collections.data?.total} label={(count) => tn('home.collections', count)} />
        <Figure value={collections.data && records} label={(count) => tn('home.records', count)} />
        <Figure value={accounts.data} label={(count) => tn('home.accounts', count)} />
        <Figure value={users.data} label={(count) => tn('home.users', count)} />
      </div>
      {loaded && done < steps.length && (
        <Card className="mt-6 overflow-hidden">
          <div className="flex flex-wrap items-end justify-between gap-4 border-b px-5 py-4">
            <div>
              <h2 className="text-base font-semibold">{t('home.welcome')}</h2>
              <p className="mt-0.5 text-muted">{t('home.welcomeText')}</p>
            </div>
            <Badge tone="accent">{t('home.progress', { done, total: steps.length })}</Badge>
          </div>
          <ol className="grid md:grid-cols-2">
            {steps.map((step, index) => (
              <StepItem
                key={step.title}
                step={step}
                className={cn('border-b md:nth-last-2:border-b-0 last:border-b-0', index % 2 === 0 && 'md:border-r')}
              />
            ))}
          </ol>
        </Card>
      )}
      {newest.length > 0 && (
        <Card className="mt-6 overflow-hidden">
          <div className="flex items-center justify-between gap-4 border-b px-5 py-3">
            <h2 className="text-base font-semibold">{t('home.recent')}</h2>
            <Button asChild size="sm" variant="ghost">
              <Link to="/collections">
                {t('home.all')}
                <ArrowRight aria-hidden />
              </Link>
            </Button>
          </div>
          <ul className="divide-y">
            {newest.slice(0, 5).map((item) => (
              <li key={item.id} className="relative flex items-center gap-3 px-5 py-3 hover:bg-subtle/70">
                <Table2 className="size-4 shrink-0 text-accent" aria-hidden />
                <Link
                  to="/collections/$name/records"
                  params={{ name: item.name }}
                  className="min-w-0 truncate font-medium after:absolute after:inset-0"
                >
                  {item.name}
                </Link>
                <span className="ml-auto whitespace-nowrap text-muted tabular-nums">
                  {formatNumber(item.records_count)} {tn('home.records', item.records_count)}
                </span>
                <time
                  className="hidden w-44 text-right whitespace-nowrap text-muted sm:block"
                  dateTime={item.created_at}
                >
                  {formatDateTime(item.created_at)}
                </time>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Page>
  );
}

function hasOpenRule(rules: CollectionRules | undefined): boolean {
  return (
    rules !== undefined &&
    [rules.list_rule, rules.view_rule, rules.create_rule, rules.update_rule, rules.delete_rule].some(
      (rule) => rule !== null,
    )
  );
}

function Figure({ value, label }: { value: number | undefined; label: (count: number) => string }) {
  return (
    <Card className="px-5 py-4">
      <p className="flex h-9 items-center text-[1.75rem] leading-none font-semibold tracking-tight">
        {value === undefined ? <Skeleton className="h-7 w-14" /> : formatNumber(value)}
      </p>
      <p className="mt-1 text-muted first-letter:uppercase">{label(value ?? 0)}</p>
    </Card>
  );
}

function StepItem({ step, className }: { step: Step; className?: string }) {
  const Icon = step.done ? Check : step.icon;
  return (
    <li className={cn('relative flex gap-4 p-5', !step.done && 'hover:bg-subtle/70', className)}>
      <span
        className={cn(
          'grid size-9 shrink-0 place-items-center rounded-xl',
          step.done ? 'bg-success-subtle text-success' : 'bg-accent-subtle text-accent',
        )}
      >
        <Icon className="size-4.5" aria-hidden />
      </span>
      <div>
        <h3 className={cn('font-medium', step.done ? 'text-muted' : '[&_a]:after:absolute [&_a]:after:inset-0')}>
          {step.done ? step.title : step.link}
          {step.done && <span className="sr-only"> ({t('home.done')})</span>}
        </h3>
        <p className="mt-0.5 text-pretty text-muted">{step.text}</p>
      </div>
    </li>
  );
}
