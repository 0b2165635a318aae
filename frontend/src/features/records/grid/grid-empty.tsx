import { Link } from '@tanstack/react-router';
import { Plus, SearchX, ShieldCheck, Table2 } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { EmptyState } from '@/shared/ui/states';

/** Stands for rows where filter and search let nothing through. */
export function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={SearchX}
      title={t('records.noMatchTitle')}
      actions={<Button onClick={onClear}>{t('records.clearFilter')}</Button>}
    >
      {t('records.noMatch')}
    </EmptyState>
  );
}

/** Stands for rows where there are none yet. */
export function NoRecords({ name, onCreate }: { name: string; onCreate: () => void }) {
  return (
    <EmptyState
      icon={Table2}
      title={t('records.emptyTitle')}
      actions={
        <>
          <Button variant="primary" onClick={onCreate}>
            <Plus aria-hidden />
            {t('records.createFirst')}
          </Button>
          <Button asChild>
            <Link to="/collections/$name/settings" params={{ name }} search={{ tab: 'rules' }}>
              <ShieldCheck aria-hidden />
              {t('records.setRules')}
            </Link>
          </Button>
        </>
      }
    >
      {t('records.empty', { name })}
    </EmptyState>
  );
}
