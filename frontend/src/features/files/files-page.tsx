import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Files, FileUp, RotateCw, SearchX } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { AccountSelect } from '@/shared/accounts/account-select';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { formatBytes, t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { readWord, unlessDefault } from '@/shared/lib/list-search';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput, Select } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { fileList } from './api/list-files';
import { DropZone } from './drop-zone';
import { fileColumns } from './file-columns';
import { FileDrawer } from './file-drawer';
import { UploadList } from './upload-list';
import { useUploadQueue } from './use-upload-queue';

const route = getRouteApi('/frame/files');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;
const states = ['held', 'unheld'] as const;

/** Every file of the account, for superadmins of all accounts. */
export function FilesPage() {
  const search = route.useSearch();
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, q = '', state, file } = search;
  const navigate = useNavigate({ from: '/files' });
  const administers = isSuperadmin(useCaller());
  const account = administers ? search.account : undefined;
  const list = useQuery(fileList({ page, size, sort, q, state, account }));
  const accounts = useQuery({ ...accountChoices(), enabled: administers });
  const queue = useUploadQueue();
  const chooser = useRef<HTMLInputElement>(null);
  const [searchText, setSearchText] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const open = (path: string | undefined) => void navigate({ search: (old) => ({ ...old, file: path }) });
  const accountName = useMemo(() => {
    const names = new Map(accounts.data?.map(({ id, name }) => [id, name]));
    return administers ? (id: string) => names.get(id) ?? id.slice(0, 8) : null;
  }, [administers, accounts.data]);
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => fileColumns(open, accountName), [accountName]);
  const filtered = q !== '' || state !== undefined || account !== undefined;
  const shown = list.data?.items.find(({ path }) => path === file);
  const upload = (chosen: File[]) => queue.add(chosen, account);
  const uploadButton = (
    <Button variant="primary" onClick={() => chooser.current?.click()}>
      <FileUp aria-hidden />
      {t('filesPage.upload')}
    </Button>
  );

  return (
    <Page
      title={t('nav.files')}
      description={t('filesPage.lead')}
      actions={
        <>
          {list.data && (
            <p className="mr-1 text-muted tabular-nums" aria-live="polite">
              {tn('filesPage.sum', list.data.total, { size: formatBytes(list.data.total_bytes) })}
            </p>
          )}
          <input
            ref={chooser}
            type="file"
            multiple
            hidden
            aria-label={t('filesPage.upload')}
            onChange={(event) => {
              upload([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
          {uploadButton}
        </>
      }
    >
      <DropZone
        label={
          account && accountName
            ? `${t('filesPage.drop')} · ${t('filesPage.uploadInto', { account: accountName(account) })}`
            : t('filesPage.drop')
        }
        onFiles={upload}
      >
        <UploadList items={queue.items} onCancel={queue.cancel} onClear={queue.clear} />
        <Card className="overflow-hidden">
          <div className="flex flex-wrap gap-2 border-b p-3">
            <SearchInput
              className="min-w-48 flex-1"
              label={t('filesPage.search')}
              value={searchText}
              onChange={setSearchText}
            />
            <Select
              className="min-w-36 max-sm:flex-1 sm:w-44"
              aria-label={t('filesPage.state')}
              value={state ?? ''}
              onChange={(event) =>
                void navigate({
                  search: (old) => ({ ...old, state: readWord(event.target.value, states), page: undefined }),
                })
              }
            >
              <option value="">{t('filesPage.anyState')}</option>
              {states.map((name) => (
                <option key={name} value={name}>
                  {t(`filesPage.${name}`)}
                </option>
              ))}
            </Select>
            {administers && (
              <AccountSelect
                className="min-w-36 max-sm:flex-1 sm:w-52"
                none={t('users.allAccounts')}
                value={account}
                onChange={(next) => void navigate({ search: (old) => ({ ...old, account: next, page: undefined }) })}
              />
            )}
          </div>
          {list.isPending && <TableSkeleton columns={5} />}
          {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && (
            // Arrow keys are a shortcut beside Tab, which reaches every row as well.
            // eslint-disable-next-line jsx-a11y/no-static-element-interactions
            <div onKeyDown={moveBetweenRows}>
              <DataTable
                boxed
                label={t('nav.files')}
                columns={columns}
                rows={list.data.items}
                rowId={(row) => row.path}
                sort={sort}
                openRowId={file}
                stale={list.isPlaceholderData}
                onOpenRow={(row) => open(row.path)}
                onSortChange={(next) =>
                  void navigate({
                    search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT), page: undefined }),
                  })
                }
                empty={
                  <EmptyState
                    icon={filtered ? SearchX : Files}
                    title={filtered ? t('table.noMatchTitle') : t('filesPage.emptyTitle')}
                    actions={
                      filtered ? (
                        <Button
                          onClick={() => {
                            setSearchText('');
                            void navigate({ search: {} });
                          }}
                        >
                          {t('common.clearFilters')}
                        </Button>
                      ) : (
                        uploadButton
                      )
                    }
                  >
                    {filtered ? t('table.noFilterMatch') : t('filesPage.empty')}
                  </EmptyState>
                }
              />
              <div className="flex items-center border-t [&>nav]:flex-1 [&>nav]:border-t-0">
                <Button
                  variant="ghost"
                  size="icon"
                  className="ml-2"
                  aria-label={t('common.refresh')}
                  onClick={() => void list.refetch()}
                >
                  <RotateCw className={cn(list.isFetching && 'animate-spin')} aria-hidden />
                </Button>
                <Pagination
                  page={page}
                  size={size}
                  total={list.data.total}
                  onChange={(next) =>
                    void navigate({
                      search: (old) => ({
                        ...old,
                        page: unlessDefault(next.page, 1),
                        size: unlessDefault(next.size, DEFAULT_SIZE),
                      }),
                    })
                  }
                />
              </div>
            </div>
          )}
        </Card>
        <p className="mt-3 text-[0.8125rem] text-muted">{t('filesPage.unheldHint')}</p>
      </DropZone>
      {list.data && (
        <FileDrawer
          open={file}
          file={shown}
          account={shown && accountName ? accountName(shown.account_id) : undefined}
          onClose={() => open(undefined)}
        />
      )}
    </Page>
  );
}
