import { Link } from '@tanstack/react-router';
import { ChartNoAxesCombined, CodeXml } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';

/** The ways from the records of a collection to its analytics, with the same filter, and to its API. */
export function CollectionLinks({ name, filter }: { name: string; filter: string }) {
  return (
    <>
      <Button asChild>
        <Link to="/collections/$name/analytics" params={{ name }} search={{ filter: filter || undefined }}>
          <ChartNoAxesCombined aria-hidden />
          {t('analytics.title')}
        </Link>
      </Button>
      <Button asChild>
        <Link to="/collections/$name/api" params={{ name }}>
          <CodeXml aria-hidden />
          {t('apiDocs.title')}
        </Link>
      </Button>
    </>
  );
}
