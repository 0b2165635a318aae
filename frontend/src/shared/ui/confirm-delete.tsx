import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { Button } from './button';
import { Dialog, DialogBody, DialogFooter } from './dialog';
import { Field, FormError } from './field';
import { Input } from './input';

interface ConfirmDeleteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will be lost. */
  consequence: string;
  /** Label of the button that does it. */
  action: string;
  /** Text that must be typed first; absent for what is small or can be undone. */
  typeToConfirm?: string;
  /** Does it; a rejection is shown and leaves the dialog open. */
  onConfirm: () => Promise<unknown>;
}

/** Asks before something is destroyed. */
export function ConfirmDelete(props: ConfirmDeleteProps) {
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange} title={props.title}>
      <ConfirmForm {...props} />
    </Dialog>
  );
}

function ConfirmForm({ consequence, action, typeToConfirm, onConfirm, onOpenChange }: ConfirmDeleteProps) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const allowed = typeToConfirm === undefined || typed === typeToConfirm;
  const failure = error ? asApiError(error) : null;

  async function submit() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  }

  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (allowed && !busy) void submit();
      }}
    >
      <DialogBody>
        <p>{consequence}</p>
        {typeToConfirm !== undefined && (
          <Field label={t('common.typeToConfirm', { name: typeToConfirm })}>
            {(control) => (
              <Input
                {...control}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                autoFocus
              />
            )}
          </Field>
        )}
        <FormError message={failure?.message} error={failure} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={() => onOpenChange(false)}>{t('common.cancel')}</Button>
        <Button type="submit" variant="danger" busy={busy} disabled={!allowed}>
          {action}
        </Button>
      </DialogFooter>
    </form>
  );
}
