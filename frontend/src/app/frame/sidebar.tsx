import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Table2 } from 'lucide-react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { Logo } from '@/shared/ui/logo';
import { AccountSwitcher } from './account-switcher';
import { navigationFor } from './navigation';

const SHOWN_COLLECTIONS = 15;

const entry =
  'flex h-8 items-center gap-2.5 rounded-lg px-2.5 font-medium text-muted hover:bg-hover hover:text-foreground data-[status=active]:bg-surface data-[status=active]:text-foreground data-[status=active]:shadow-card data-[status=active]:ring-1 data-[status=active]:ring-border data-[status=active]:[&_svg]:text-accent [&_svg]:size-4 [&_svg]:shrink-0';

/** The navigation; `onNavigate` is called when a link is followed. */
export function Sidebar({ onNavigate }: { onNavigate?: () => void }) {
  const caller = useCaller();
  const names = useQuery({ ...collectionNames(), enabled: isSuperadmin(caller) });
  return (
    <nav aria-label={t('nav.label')} className="flex h-full flex-col gap-5 overflow-y-auto px-3 pb-4">
      <Link to="/" className="flex h-14 shrink-0 items-center rounded-lg px-2 -outline-offset-2" onClick={onNavigate}>
        <Logo />
      </Link>
      {isSuperadmin(caller) && (
        <div className="-mt-4">
          <AccountSwitcher onSwitched={onNavigate} />
        </div>
      )}
      {navigationFor(caller).map(({ label, items }) => (
        <div key={label ?? 'top'}>
          {label && <h2 className="mb-1 px-2.5 text-xs font-medium tracking-normal text-muted">{t(label)}</h2>}
          <ul className="space-y-0.5">
            {items.map(({ to, label: text, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className={entry}
                  activeOptions={{ exact: true, includeSearch: false }}
                  onClick={onNavigate}
                >
                  <Icon aria-hidden />
                  {t(text)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {names.data && names.data.length > 0 && (
        <div>
          <h2 className="mb-1 px-2.5 text-xs font-medium tracking-normal text-muted">{t('nav.yourCollections')}</h2>
          <ul className="space-y-0.5">
            {names.data.slice(0, SHOWN_COLLECTIONS).map((name) => (
              <li key={name}>
                <Link
                  to="/collections/$name/records"
                  params={{ name }}
                  className={entry}
                  activeOptions={{ includeSearch: false }}
                  onClick={onNavigate}
                >
                  <Table2 aria-hidden />
                  <span className="truncate">{name}</span>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </nav>
  );
}
