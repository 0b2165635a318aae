import { FileUp } from 'lucide-react';
import { type DragEvent, useId, useState } from 'react';
import { cn } from '@/shared/lib/cn';

interface FileDropProps {
  label: string;
  hint?: string;
  /** Kinds of file that the browser's chooser offers, as in an input's `accept`. */
  accept: string;
  onFile: (file: File) => void;
  /** Why the last file could not be used. */
  error?: string | null;
}

/** Takes one file, chosen or dropped. */
export function FileDrop({ label, hint, accept, onFile, error }: FileDropProps) {
  const [over, setOver] = useState(false);
  const id = useId();
  const drag = (entering: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(entering);
  };
  return (
    <div>
      <label
        className={cn(
          'flex cursor-pointer flex-col items-center rounded-xl border border-dashed border-control px-4 py-8 text-center hover:bg-subtle has-focus-visible:outline-2 has-focus-visible:outline-ring',
          over && 'border-accent bg-accent-subtle',
        )}
        onDragEnter={drag(true)}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          const file = event.dataTransfer.files[0];
          if (file) onFile(file);
        }}
      >
        <FileUp className="mb-2 size-6 text-accent" aria-hidden />
        <span className="font-medium">{label}</span>
        {hint && <span className="mt-0.5 text-[0.8125rem] text-muted">{hint}</span>}
        <input
          type="file"
          className="sr-only"
          accept={accept}
          aria-describedby={error ? `${id}-error` : undefined}
          aria-invalid={error ? true : undefined}
          onChange={(event) => {
            const file = event.target.files?.[0];
            // The same file can be chosen again after it was mended.
            event.target.value = '';
            if (file) onFile(file);
          }}
        />
      </label>
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-2 text-[0.8125rem] break-words text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
