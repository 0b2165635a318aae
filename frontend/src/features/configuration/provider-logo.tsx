import { Plug } from 'lucide-react';
import { useState } from 'react';
import { cn } from '@/shared/lib/cn';

/** Where the server's own logos stand, and where this UI has them. */
const OWN = '/assets/providers/';

function sourceOf(url: string | null): string | null {
  if (!url?.startsWith('/')) return null;
  return url.startsWith(OWN) ? `${import.meta.env.BASE_URL}${url.slice(1)}` : url;
}

/** The logo of a provider; a plug where there is none. Logos of other hosts are not loaded. */
export function ProviderLogo({ url, className }: { url: string | null; className?: string }) {
  const source = sourceOf(url);
  const [failed, setFailed] = useState(false);
  if (source === null || failed) {
    return (
      <span className={cn('grid size-9 shrink-0 place-items-center rounded-[10px] bg-subtle text-muted', className)}>
        <Plug className="size-1/2" aria-hidden />
      </span>
    );
  }
  return (
    <img
      src={source}
      alt=""
      width={36}
      height={36}
      className={cn('size-9 shrink-0', className)}
      onError={() => setFailed(true)}
    />
  );
}
