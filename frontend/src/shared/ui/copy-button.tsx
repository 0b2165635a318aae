import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';

/** Copies `text` to the clipboard and says so. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      className={cn(
        'inline-grid size-7 shrink-0 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground',
        className,
      )}
      aria-label={copied ? t('common.copied') : label}
      onClick={() => {
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
    >
      <Icon className={cn('size-3.5', copied && 'text-success')} aria-hidden />
    </button>
  );
}
