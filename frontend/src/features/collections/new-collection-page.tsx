import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { t } from '@/shared/i18n';
import { Page } from '@/shared/ui/page';
import { CollectionSources } from './collection-sources';
import { NewCollectionForm } from './new-collection-form';

const route = getRouteApi('/frame/collections/new');

/** A new collection: empty, from a template or from a file of records. */
export function NewCollectionPage() {
  const { from } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/new' });
  return (
    <Page narrow title={t('collections.newTitle')} description={t('collections.newLead')}>
      <div className="space-y-6">
        <CollectionSources
          value={from}
          onChange={(source) => void navigate({ search: { from: source }, replace: true, resetScroll: false })}
        />
        <NewCollectionForm key={from} source={from} />
      </div>
    </Page>
  );
}
