import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus, Settings2, Upload } from 'lucide-react';
import { CollectionLinks } from '@/shared/collections/collection-links';
import { useAccountScope, withinAccount } from '@/shared/accounts/account-scope';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Button } from '@/shared/ui/button';
import { TableSkeleton } from '@/shared/ui/data-table';
import { Card, Page } from '@/shared/ui/page';
import { ErrorState } from '@/shared/ui/states';
import { ExportMenu } from './export-menu';
import { RecordsGrid } from './grid/records-grid';
import { apiSort } from './grid/sort-order';
import { searched } from './grid/wanted-order';
import { ImportDialog } from './import-dialog';
import { RecordDrawer } from './record-drawer';

const route = getRouteApi('/frame/collections/$name/records');

/** The records of a collection. */
export function RecordsPage() {
  const { name } = route.useParams();
  const { record, from, tab, dialog, filter = '', sort, q = '' } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/records' });
  const collection = useQuery(collectionByName(name));
  const openRecord = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, record: id, from: undefined, tab: undefined }) });
  const setDialog = (next: 'import' | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => openRecord('new'), collection.isSuccess);
  const wanted = searched(collection.data?.schema ?? [], q, sort);
  // The menu gives the first column its direction; the others have theirs.
  const exported = wanted.sort && apiSort(wanted.sort).replace(/^\+/, '');
  const scope = useAccountScope();

  return (
    <Page
      title={name}
      heading={
        <>
          <nav aria-label={t('collections.path')} className="text-muted">
            <Link to="/collections" className="rounded hover:text-foreground hover:underline">
              {t('nav.collections')}
            </Link>
          </nav>
          <h1 className="mt-0.5 truncate text-[1.375rem] leading-8 font-semibold">{name}</h1>
        </>
      }
      actions={
        <>
          <CollectionLinks name={name} filter={filter} />
          <Button asChild>
            <Link to="/collections/$name/settings" params={{ name }}>
              <Settings2 aria-hidden />
              {t('collections.settings')}
            </Link>
          </Button>
          <Button disabled={!collection.data} onClick={() => setDialog('import')}>
            <Upload aria-hidden />
            {t('recordFiles.importButton')}
          </Button>
          <ExportMenu collection={name} filter={withinAccount(filter, scope)} search={wanted.search} sort={exported} />
          <Button variant="primary" disabled={!collection.data} onClick={() => openRecord('new')}>
            <Plus aria-hidden />
            {t('records.new')}
          </Button>
        </>
      }
    >
      {collection.isError && (
        <Card>
          <ErrorState error={collection.error} onRetry={() => void collection.refetch()} />
        </Card>
      )}
      {collection.isPending && (
        <Card className="overflow-hidden">
          <div className="h-[6.875rem] border-b" />
          <TableSkeleton columns={5} />
        </Card>
      )}
      {collection.data && (
        <>
          <RecordsGrid key={name} collection={collection.data} openRecord={openRecord} />
          <RecordDrawer
            collection={collection.data}
            open={record}
            from={from}
            tab={tab}
            onTabChange={(next) =>
              void navigate({ search: (old) => ({ ...old, tab: next === 'fields' ? undefined : next }), replace: true })
            }
            onClose={() => openRecord(undefined)}
          />
          <ImportDialog collection={collection.data} open={dialog === 'import'} onClose={() => setDialog(undefined)} />
        </>
      )}
    </Page>
  );
}
