import { Link, Outlet, useMatches } from '@tanstack/react-router';
import { Menu as MenuIcon, Search, ShieldOff } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useState } from 'react';
import { isOpenTo, isSuperadmin, useCaller } from '@/shared/api/audience';
import { t } from '@/shared/i18n';
import { keysOf, useShortcut } from '@/shared/lib/shortcuts';
import { Button } from '@/shared/ui/button';
import { LogoMark } from '@/shared/ui/logo';
import { EmptyState } from '@/shared/ui/states';
import { CommandPalette } from '../palette/command-palette';
import { AccountMenu, ThemeMenu } from './account-menu';
import { ConnectionBanner } from './connection-banner';
import { useGoKeys } from './go-keys';
import { ScopeBar } from './scope-bar';
import { SessionExpiredDialog } from './session-expired-dialog';
import { ShortcutSheet } from './shortcut-sheet';
import { Sidebar } from './sidebar';

/** The frame around every page of a signed-in user. */
export function Frame() {
  const [navigationOpen, setNavigationOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  const caller = useCaller();
  const administers = isOpenTo('admins', caller);
  const audience = useMatches({ select: (matches) => matches.at(-1)?.staticData.audience ?? 'superadmins' });
  const scoped = useMatches({
    select: (matches) => {
      const { staticData, search } = matches.at(-1) ?? {};
      return typeof staticData?.scoped === 'function' ? staticData.scoped(search ?? {}) : staticData?.scoped === true;
    },
  });

  useShortcut('mod+k', () => setPaletteOpen((open) => !open), administers);
  useShortcut('?', () => setShortcutsOpen(true));
  useGoKeys(caller);

  return (
    <div className="flex min-h-dvh">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-primary px-3 py-2 font-medium text-on-primary focus-visible:translate-y-0"
      >
        {t('nav.skip')}
      </a>
      {administers && (
        <div className="sticky top-0 hidden h-dvh w-60 shrink-0 border-r bg-sidebar lg:block">
          <Sidebar />
        </div>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b bg-background/85 px-3 backdrop-blur-md sm:px-6 lg:px-8">
          {administers && (
            <>
              <Button
                variant="ghost"
                size="icon"
                className="-ml-1 lg:hidden"
                aria-label={t('nav.open')}
                onClick={() => setNavigationOpen(true)}
              >
                <MenuIcon aria-hidden />
              </Button>
              <LogoMark className="lg:hidden" />
              <button
                type="button"
                onClick={() => setPaletteOpen(true)}
                className="ml-1 flex h-9 min-w-0 flex-1 items-center gap-2.5 rounded-lg border bg-surface px-3 text-muted shadow-card hover:bg-hover sm:max-w-xs lg:ml-0"
              >
                <Search className="size-4 shrink-0" aria-hidden />
                <span className="truncate">{t('palette.open')}</span>
                <kbd
                  className="ml-auto hidden rounded border bg-subtle px-1.5 font-mono text-[0.6875rem] sm:block"
                  aria-hidden
                >
                  {keysOf('mod+k').join(' ')}
                </kbd>
              </button>
            </>
          )}
          <div className="ml-auto flex items-center gap-1.5">
            <ThemeMenu />
            <AccountMenu />
          </div>
        </header>
        <ConnectionBanner />
        {isSuperadmin(caller) && <ScopeBar scoped={scoped} />}
        <main id="content" tabIndex={-1} className="flex-1 outline-none">
          {isOpenTo(audience, caller) ? (
            <Outlet />
          ) : (
            <EmptyState
              icon={ShieldOff}
              title={administers ? t('noAccess.pageTitle') : t('noAccess.title')}
              className="py-24"
              actions={
                <Button asChild>
                  {administers ? (
                    <Link to="/">{t('error.goHome')}</Link>
                  ) : (
                    <Link to="/profile">{t('noAccess.profile')}</Link>
                  )}
                </Button>
              }
            >
              {t(administers ? 'noAccess.pageText' : 'noAccess.text', { email: caller.email })}
            </EmptyState>
          )}
        </main>
      </div>
      <Primitive.Root open={navigationOpen} onOpenChange={setNavigationOpen}>
        <Primitive.Portal>
          <Primitive.Overlay className="fixed inset-0 z-40 bg-black/45 data-[state=open]:animate-in data-[state=open]:fade-in-0" />
          <Primitive.Content
            aria-describedby={undefined}
            className="fixed inset-y-0 left-0 z-50 w-72 max-w-[85vw] border-r bg-sidebar shadow-pop outline-none data-[state=open]:animate-in data-[state=open]:slide-in-from-left"
          >
            <Primitive.Title className="sr-only">{t('nav.label')}</Primitive.Title>
            <Sidebar onNavigate={() => setNavigationOpen(false)} />
          </Primitive.Content>
        </Primitive.Portal>
      </Primitive.Root>
      {administers && (
        <CommandPalette
          open={paletteOpen}
          onOpenChange={setPaletteOpen}
          onShowShortcuts={() => setShortcutsOpen(true)}
        />
      )}
      <ShortcutSheet open={shortcutsOpen} onOpenChange={setShortcutsOpen} />
      <SessionExpiredDialog />
    </div>
  );
}
