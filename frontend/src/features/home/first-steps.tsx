import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  Building2,
  Check,
  Database,
  KeyRound,
  type LucideIcon,
  ShieldCheck,
  TableProperties,
  UserPlus,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { CollectionRules, DashboardStats } from '@/shared/api/types';
import { collectionRules } from '@/shared/collections/get-rules';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Badge } from '@/shared/ui/badge';
import { Card } from '@/shared/ui/page';
import { newestCollections } from './api/newest-collections';
import { ownApiKeys } from './api/own-api-keys';

interface Step {
  icon: LucideIcon;
  title: string;
  text: string;
  done: boolean;
  link: ReactNode;
}

/** What to do first in a fresh installation; nothing once all of it is done. */
export function FirstSteps({ stats }: { stats: DashboardStats }) {
  const collections = useQuery(newestCollections());
  const newest = collections.data?.items ?? [];
  const first = newest[0];
  const apiKeys = useQuery(ownApiKeys());
  const rules = useQuery({ ...collectionRules(first?.name ?? ''), enabled: first !== undefined });
  const steps: Step[] = [
    {
      icon: Database,
      title: t('home.collectionTitle'),
      text: t('home.collectionText'),
      done: stats.total_collections > 0,
      link: <Link to="/collections/new">{t('home.collectionTitle')}</Link>,
    },
    {
      icon: ShieldCheck,
      title: t('home.rulesTitle'),
      text: t('home.rulesText'),
      done: stats.public_collections_count > 0 || hasOpenRule(rules.data),
      link: first ? (
        <Link to="/collections/$name/settings" params={{ name: first.name }} search={{ tab: 'rules' }}>
          {t('home.rulesTitle')}
        </Link>
      ) : (
        <Link to="/collections">{t('home.rulesTitle')}</Link>
      ),
    },
    {
      icon: TableProperties,
      title: t('home.recordTitle'),
      text: t('home.recordText'),
      done: stats.total_records > 0,
      link: first ? (
        <Link to="/collections/$name/records" params={{ name: first.name }} search={{ record: 'new' }}>
          {t('home.recordTitle')}
        </Link>
      ) : (
        <Link to="/collections">{t('home.recordTitle')}</Link>
      ),
    },
    {
      icon: Building2,
      title: t('home.accountTitle'),
      text: t('home.accountText'),
      done: stats.total_accounts > 1,
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
      done: stats.total_users > 1,
      link: (
        <Link to="/users" search={{ dialog: 'new' }}>
          {t('home.userTitle')}
        </Link>
      ),
    },
    {
      icon: KeyRound,
      title: t('home.keyTitle'),
      text: t('home.keyText'),
      done: apiKeys.data === true,
      link: (
        <Link to="/api-keys" search={{ dialog: 'new' }}>
          {t('home.keyTitle')}
        </Link>
      ),
    },
  ];
  const done = steps.filter((step) => step.done).length;
  if (!collections.isSuccess || apiKeys.isPending || done === steps.length) return null;
  return (
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
