import { Bookmark, BookmarkPlus, Check, RotateCcw, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/shared/ui/menu';
import { emptyLayout } from './column-layout';
import { dropView, keepView, readViews, sameView, type SavedView } from './saved-views';

interface ViewsMenuProps {
  collection: string;
  /** What is shown now. */
  current: Omit<SavedView, 'name'>;
  onApply: (view: Omit<SavedView, 'name'>) => void;
}

const initial: Omit<SavedView, 'name'> = { filter: '', sort: '', mode: 'pages', layout: emptyLayout };

/** Named combinations of filter, order, columns and mode, kept in this browser. */
export function ViewsMenu({ collection, current, onApply }: ViewsMenuProps) {
  const [views, setViews] = useState(() => readViews(collection));
  const [saving, setSaving] = useState(false);
  const active = views.find((view) => sameView(view, current));

  function save(name: string) {
    setViews(keepView(collection, { ...current, name }));
    setSaving(false);
    toast.success(t('grid.viewSaved', { name }));
  }

  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <Button size="sm" className="max-w-48 max-sm:max-w-28">
            <Bookmark aria-hidden />
            <span className="truncate">{active?.name ?? t('grid.views')}</span>
          </Button>
        </MenuTrigger>
        <MenuContent align="end" className="w-72">
          <MenuLabel>{t('grid.viewsSaved')}</MenuLabel>
          {views.length === 0 && <p className="px-2.5 pb-2 text-[0.8125rem] text-muted">{t('grid.noViews')}</p>}
          {views.map((view) => (
            <div key={view.name} className="flex items-center">
              <MenuItem className="min-w-0 flex-1" onSelect={() => onApply(view)}>
                {view === active ? <Check aria-hidden /> : <Bookmark aria-hidden />}
                <span className="truncate">{view.name}</span>
              </MenuItem>
              <MenuItem
                aria-label={t('grid.deleteView', { name: view.name })}
                className="px-2"
                onSelect={(event) => {
                  event.preventDefault();
                  setViews(dropView(collection, view.name));
                }}
              >
                <Trash2 aria-hidden />
              </MenuItem>
            </div>
          ))}
          <MenuSeparator />
          <MenuItem disabled={sameView(initial, current)} onSelect={() => onApply(initial)}>
            <RotateCcw aria-hidden />
            {t('grid.defaultView')}
          </MenuItem>
          <MenuItem onSelect={() => setSaving(true)}>
            <BookmarkPlus aria-hidden />
            {t('grid.saveView')}
          </MenuItem>
        </MenuContent>
      </Menu>
      <Dialog
        open={saving}
        onOpenChange={setSaving}
        title={t('grid.saveViewTitle')}
        description={t('grid.saveViewLead')}
      >
        <SaveForm
          names={views.map(({ name }) => name)}
          suggestion={active?.name ?? ''}
          onSave={save}
          onCancel={() => setSaving(false)}
        />
      </Dialog>
    </>
  );
}

interface SaveFormProps {
  names: string[];
  suggestion: string;
  onSave: (name: string) => void;
  onCancel: () => void;
}

function SaveForm({ names, suggestion, onSave, onCancel }: SaveFormProps) {
  const [name, setName] = useState(suggestion);
  const [fault, setFault] = useState<string>();
  const wanted = name.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted === '') setFault(t('error.required'));
    else onSave(wanted);
  };
  return (
    <form noValidate className="contents" onSubmit={submit}>
      <DialogBody>
        <Field
          label={t('grid.viewName')}
          error={fault}
          hint={names.includes(wanted) ? t('grid.viewReplaces') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={60}
              autoComplete="off"
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                setFault(undefined);
              }}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary">
          {t('grid.keepView')}
        </Button>
      </DialogFooter>
    </form>
  );
}
