import { Link } from '@tanstack/react-router';
import { History, type LucideIcon, MailPlus, Table2, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '@/shared/api/session';
import { t } from '@/shared/i18n';
import { Card, Page } from '@/shared/ui/page';

interface Way {
  icon: LucideIcon;
  text: string;
  link: ReactNode;
}

/** Where an admin of an account can go. */
export function AccountOverview() {
  const session = useSession();
  const ways: Way[] = [
    { icon: Table2, text: t('home.recordsText'), link: <Link to="/records">{t('nav.records')}</Link> },
    { icon: MailPlus, text: t('home.invitationsText'), link: <Link to="/invitations">{t('nav.invitations')}</Link> },
    { icon: UsersRound, text: t('home.groupsText'), link: <Link to="/groups">{t('nav.groups')}</Link> },
    { icon: History, text: t('home.auditText'), link: <Link to="/audit">{t('nav.audit')}</Link> },
  ];
  return (
    <Page title={t('home.title')} description={session?.account.name}>
      <ul className="grid gap-4 sm:grid-cols-2">
        {ways.map(({ icon: Icon, text, link }) => (
          <li key={text}>
            <Card className="relative flex h-full gap-4 p-5 hover:bg-subtle/70">
              <span className="grid size-9 shrink-0 place-items-center rounded-xl bg-accent-subtle text-accent">
                <Icon className="size-4.5" aria-hidden />
              </span>
              <div>
                <h2 className="font-medium [&_a]:after:absolute [&_a]:after:inset-0">{link}</h2>
                <p className="mt-0.5 text-pretty text-muted">{text}</p>
              </div>
            </Card>
          </li>
        ))}
      </ul>
    </Page>
  );
}
