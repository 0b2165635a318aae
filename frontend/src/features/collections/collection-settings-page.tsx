import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Table2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { readWord } from '@/shared/lib/list-search';
import { Button } from '@/shared/ui/button';
import { Card, Page } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { DeleteCollection } from './delete-collection';
import { RulesForm } from './rules-form';
import { SchemaForm } from './schema-form';
import { StructureForm } from './structure-form';

const route = getRouteApi('/frame/collections/$name/settings');

/** Schema and rules of a collection. */
export function CollectionSettingsPage() {
  const { name } = route.useParams();
  const { tab = 'schema', test } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/settings' });
  const collection = useQuery(collectionByName(name));
  const [deleting, setDeleting] = useState(false);

  return (
    <Page
      narrow
      title={t('collections.settingsTitle', { name })}
      heading={
        <>
          <nav aria-label={t('collections.path')} className="flex items-center gap-1.5 text-muted">
            <Link to="/collections" className="rounded hover:text-foreground hover:underline">
              {t('nav.collections')}
            </Link>
            <span aria-hidden>/</span>
            <Link
              to="/collections/$name/records"
              params={{ name }}
              className="rounded hover:text-foreground hover:underline"
            >
              {name}
            </Link>
          </nav>
          <h1 className="mt-0.5 text-[1.375rem] leading-8 font-semibold">{t('collections.settings')}</h1>
        </>
      }
      actions={
        <>
          <Button asChild>
            <Link to="/collections/$name/records" params={{ name }}>
              <Table2 aria-hidden />
              {t('collections.openRecords')}
            </Link>
          </Button>
          <Button className="text-danger" disabled={!collection.data} onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden />
            {t('common.delete')}
          </Button>
        </>
      }
    >
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({ search: { tab: readWord(value, ['rules', 'changes']) }, replace: true })
        }
      >
        <TabList className="mb-6" aria-label={t('collections.settings')}>
          <Tab value="schema">{t('collections.schemaTab')}</Tab>
          <Tab value="rules">{t('collections.rulesTab')}</Tab>
          <Tab value="changes">{t('changes.tab')}</Tab>
        </TabList>
        {collection.isError && (
          <Card>
            <ErrorState error={collection.error} onRetry={() => void collection.refetch()} />
          </Card>
        )}
        {collection.isPending && (
          <div className="space-y-3" role="status" aria-label={t('common.loading')}>
            {[0, 1, 2].map((row) => (
              <Skeleton key={row} className="h-[3.75rem] w-full rounded-xl" />
            ))}
          </div>
        )}
        {collection.data && (
          <>
            <TabPanel value="schema" tabIndex={-1}>
              <SchemaForm key={collection.data.updated_at} collection={collection.data} />
            </TabPanel>
            <TabPanel value="rules" tabIndex={-1}>
              <RulesForm
                collection={collection.data}
                test={test}
                onTestChange={(operation) => void navigate({ search: (old) => ({ ...old, test: operation }) })}
              />
            </TabPanel>
            <TabPanel value="changes" tabIndex={-1}>
              <StructureForm key={collection.data.updated_at} collection={collection.data} />
            </TabPanel>
          </>
        )}
      </Tabs>
      {collection.data && (
        <DeleteCollection collection={collection.data} open={deleting} onClose={() => setDeleting(false)} />
      )}
    </Page>
  );
}
