import { lazy, type Ref, Suspense } from 'react';
import type { CodeFault } from '@/shared/expressions/faults';
import type { Vocabulary } from '@/shared/expressions/vocabulary';
import { cn } from '@/shared/lib/cn';
import type { ControlProps } from './field';

const CodeMirror = lazy(() => import('@/shared/code/code-mirror'));

export interface CodeEditorProps extends Partial<ControlProps> {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  ref?: Ref<{ focus: () => void }>;
  language: 'expression' | 'sql' | 'json' | 'text';
  /** Names that are suggested in an expression. */
  vocabulary?: Vocabulary;
  /** What is wrong, underlined in its place. */
  faults?: CodeFault[];
  placeholder?: string;
  /** Keeps the text on one line, broken only to be shown. */
  oneLine?: boolean;
  readOnly?: boolean;
  /** Lines that there is room for at least. */
  rows?: number;
  className?: string;
}

/**
 * A text that is code: colours, suggestions, faults at their places. Stands in a `Field` like any control; Tab leaves
 * it. What it is made of is loaded when it is first shown.
 */
export function CodeEditor({ className, rows = 1, ...props }: CodeEditorProps) {
  const height = { minHeight: `calc(${rows * 1.25}rem + 1rem + 2px)` };
  return (
    <div
      className={cn(
        'w-full min-w-0 rounded-lg border border-control bg-surface shadow-card transition-[border-color] hover:border-muted has-focus-visible:border-ring has-focus-visible:outline-2 has-focus-visible:outline-offset-0 has-focus-visible:outline-ring max-sm:[&_.cm-content]:text-base',
        props['aria-invalid'] && 'border-danger has-focus-visible:outline-danger',
        props.readOnly && 'bg-subtle',
        className,
      )}
      style={height}
    >
      <Suspense
        fallback={
          <p className="px-3 py-2 font-mono text-[0.8125rem] leading-5 break-words whitespace-pre-wrap text-muted">
            {props.value || props.placeholder}
          </p>
        }
      >
        <CodeMirror {...props} />
      </Suspense>
    </div>
  );
}
