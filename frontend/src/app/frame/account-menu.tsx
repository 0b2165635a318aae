import { Link } from '@tanstack/react-router';
import { CircleUser, Languages, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useLogout } from '@/features/auth/api/logout';
import { useSession } from '@/shared/api/session';
import { useLeave } from '@/shared/api/use-leave';
import { type Language, languages, setLanguage, t, useLanguage } from '@/shared/i18n';
import { setTheme, type Theme, useTheme } from '@/shared/lib/theme';
import { Button } from '@/shared/ui/button';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/shared/ui/menu';

const themes = [
  { value: 'light', icon: Sun, label: 'theme.light' },
  { value: 'dark', icon: Moon, label: 'theme.dark' },
  { value: 'system', icon: Monitor, label: 'theme.system' },
] as const;

export function ThemeMenu() {
  const theme = useTheme();
  const Icon = themes.find((entry) => entry.value === theme)?.icon ?? Monitor;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('theme.label')}>
          <Icon aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuLabel>{t('theme.label')}</MenuLabel>
        <MenuRadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
          {themes.map(({ value, icon: ThemeIcon, label }) => (
            <MenuRadioItem key={value} value={value}>
              <ThemeIcon aria-hidden />
              {t(label)}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

export function AccountMenu() {
  const session = useSession();
  const logout = useLogout();
  const leave = useLeave();
  const language = useLanguage();
  if (!session) return null;
  const { email } = session.user;
  return (
    <Menu>
      <MenuTrigger
        className="grid size-8 place-items-center rounded-full bg-primary text-[0.8125rem] font-semibold text-on-primary uppercase hover:bg-primary-hover"
        aria-label={t('account.menu')}
      >
        {email.slice(0, 1)}
      </MenuTrigger>
      <MenuContent align="end" className="w-64">
        <div className="px-2.5 pt-1.5 pb-2">
          <p className="truncate font-medium">{email}</p>
          <p className="truncate text-[0.8125rem] text-muted">{session.account.name}</p>
        </div>
        <MenuSeparator />
        <MenuItem asChild>
          <Link to="/profile">
            <CircleUser aria-hidden />
            {t('account.profile')}
          </Link>
        </MenuItem>
        <MenuSeparator />
        <MenuLabel>{t('language.label')}</MenuLabel>
        <MenuRadioGroup value={language} onValueChange={(value) => void setLanguage(value as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <MenuRadioItem key={tag} value={tag} lang={tag}>
              <Languages aria-hidden />
              {name}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem onSelect={() => logout.mutate(undefined, { onSettled: () => void leave() })}>
          <LogOut aria-hidden />
          {t('account.signOut')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
