import { WandSparkles } from 'lucide-react';
import { lazy, Suspense, useId } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { jsonFault } from '@/shared/lib/json-fault';
import { Button } from './button';
import type { JsonEditorProps } from './json-editor-props';
import { faultText } from './json-fault-text';

const Editor = lazy(() => import('./json-editor').then(({ JsonEditor }) => ({ default: JsonEditor })));

/** The text alone, as high as the editor will be. */
function Text({ value, className }: { value: string; className?: string }) {
  return (
    <pre
      className={cn(
        'overflow-hidden py-2 pl-11 font-mono text-[0.8125rem] leading-5 break-all whitespace-pre-wrap',
        className,
      )}
    >
      {value || ' '}
    </pre>
  );
}

/** JSON that is only shown, with its colours. */
export function JsonText({ value, label, className }: Pick<JsonEditorProps, 'value' | 'label' | 'className'>) {
  return (
    <Suspense fallback={<Text value={value} className={className} />}>
      <Editor value={value} label={label} className={className} readOnly />
    </Suspense>
  );
}

const bounds = 'max-h-96 min-h-28';

/** JSON that is entered: the editor, what is wrong with its text, and the button that lays it out. */
export function JsonControl({ value, onChange, control, ...editor }: JsonEditorProps) {
  const id = useId();
  const fault = value.trim() === '' ? null : jsonFault(value);
  const invalid = control?.['aria-invalid'];
  const described = [control?.['aria-describedby'], fault && !invalid ? `${id}-fault` : ''].filter(Boolean).join(' ');
  return (
    <div
      className={cn(
        'overflow-hidden rounded-lg border border-control bg-surface shadow-card hover:border-muted has-focus-visible:border-ring has-focus-visible:outline-2 has-focus-visible:outline-ring',
        invalid && 'border-danger has-focus-visible:outline-danger',
      )}
    >
      <Suspense fallback={<Text value={value} className={bounds} />}>
        <Editor
          {...editor}
          value={value}
          onChange={onChange}
          control={control && { ...control, 'aria-describedby': described || undefined }}
          className={bounds}
        />
      </Suspense>
      <div className="flex min-h-10 items-center gap-3 border-t bg-subtle/60 py-1 pr-1 pl-3 text-[0.8125rem]">
        <p id={`${id}-fault`} role="status" className="min-w-0 flex-1 break-words text-danger">
          {fault && !invalid && faultText(fault)}
        </p>
        <Button
          size="sm"
          variant="ghost"
          disabled={value.trim() === '' || fault !== null}
          onClick={() => onChange?.(JSON.stringify(JSON.parse(value), null, 2))}
        >
          <WandSparkles aria-hidden />
          {t('json.format')}
        </Button>
      </div>
    </div>
  );
}
