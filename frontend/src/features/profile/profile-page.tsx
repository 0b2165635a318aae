import { useCaller } from '@/shared/api/audience';
import { useSession } from '@/shared/api/session';
import { t } from '@/shared/i18n';
import { setTheme, type Theme, useTheme } from '@/shared/lib/theme';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { LanguageChoice } from '@/shared/ui/language-choice';
import { Card, Page } from '@/shared/ui/page';
import { PasswordCard } from './password-card';
import { SessionList } from './session-list';

const themes: Theme[] = ['light', 'dark', 'system'];

/** The signed-in user: who it is, where signed in, password and theme. */
export function ProfilePage() {
  const caller = useCaller();
  const session = useSession();
  const theme = useTheme();
  return (
    <Page narrow title={t('nav.profile')}>
      <div className="space-y-6">
        <Details
          className="bg-surface shadow-card"
          rows={[
            { label: t('fields.email'), value: caller.email },
            { label: t('users.account'), value: session ? `${session.account.name} (${session.account.slug})` : '' },
            { label: t('users.role'), value: caller.role },
            {
              label: t('audit.userId'),
              value: (
                <span className="flex items-center gap-1">
                  <code className="font-mono text-xs break-all">{caller.user_id}</code>
                  <CopyButton className="-my-1" text={caller.user_id} label={t('profile.copyId')} />
                </span>
              ),
            },
          ]}
        />
        <SessionList />
        <PasswordCard />
        <Card className="flex flex-wrap items-center justify-between gap-3 px-5 py-3.5">
          <h2 className="text-base font-semibold">{t('language.label')}</h2>
          <LanguageChoice className="w-40" />
        </Card>
        <Card>
          <h2 className="border-b px-5 py-3.5 text-base font-semibold">{t('theme.label')}</h2>
          <fieldset className="flex flex-wrap gap-x-6 gap-y-3 p-5">
            <legend className="sr-only">{t('theme.label')}</legend>
            {themes.map((value) => (
              <label key={value} className="flex items-center gap-2">
                <input
                  type="radio"
                  name="theme"
                  className="size-4 accent-(--accent)"
                  checked={theme === value}
                  onChange={() => setTheme(value)}
                />
                {t(`theme.${value}`)}
              </label>
            ))}
          </fieldset>
        </Card>
      </div>
    </Page>
  );
}
