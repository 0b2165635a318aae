import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { t } from '@/shared/i18n';
import { readWord } from '@/shared/lib/list-search';
import { Page } from '@/shared/ui/page';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { LogsTab } from './logs-tab';
import { TemplatesTab } from './templates-tab';

const route = getRouteApi('/frame/mail');

/** The mails that the server sends: their texts, and what became of them. */
export function MailPage() {
  const { tab = 'templates' } = route.useSearch();
  const navigate = useNavigate({ from: '/mail' });
  return (
    <Page title={t('nav.mail')} description={t('mail.lead')}>
      <Tabs value={tab} onValueChange={(value) => void navigate({ search: { tab: readWord(value, ['logs']) } })}>
        <TabList className="mb-6" aria-label={t('nav.mail')}>
          <Tab value="templates">{t('mail.templatesTab')}</Tab>
          <Tab value="logs">{t('mail.logsTab')}</Tab>
        </TabList>
        <TabPanel value="templates" tabIndex={-1}>
          <TemplatesTab />
        </TabPanel>
        <TabPanel value="logs" tabIndex={-1}>
          <LogsTab />
        </TabPanel>
      </Tabs>
    </Page>
  );
}
