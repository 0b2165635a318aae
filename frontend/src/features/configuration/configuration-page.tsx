import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { t } from '@/shared/i18n';
import { readWord } from '@/shared/lib/list-search';
import { Page } from '@/shared/ui/page';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { Overview } from './overview';
import { AccountTab, SystemTab } from './provider-tab';

const route = getRouteApi('/frame/configuration');

/** Providers for sign-in, mail and storage, and the settings of the system. */
export function ConfigurationPage() {
  const { tab = 'overview' } = route.useSearch();
  const navigate = useNavigate({ from: '/configuration' });
  return (
    <Page title={t('nav.configuration')} description={t('configuration.lead')}>
      <Tabs
        value={tab}
        onValueChange={(value) => void navigate({ search: { tab: readWord(value, ['system', 'account']) } })}
      >
        <TabList className="mb-6" aria-label={t('nav.configuration')}>
          <Tab value="overview">{t('configuration.overviewTab')}</Tab>
          <Tab value="system">{t('configuration.systemTab')}</Tab>
          <Tab value="account">{t('configuration.accountTab')}</Tab>
        </TabList>
        <TabPanel value="overview" tabIndex={-1}>
          <Overview />
        </TabPanel>
        <TabPanel value="system" tabIndex={-1}>
          <SystemTab />
        </TabPanel>
        <TabPanel value="account" tabIndex={-1}>
          <AccountTab />
        </TabPanel>
      </Tabs>
    </Page>
  );
}
