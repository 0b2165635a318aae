import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '@/shared/ui/page';

interface PartProps {
  icon: LucideIcon;
  title: string;
  /** How the part is, at the end of its heading. */
  badge?: ReactNode;
  /** Names and values. */
  rows: [string, ReactNode][];
}

/** A part of the server and its figures. */
export function Part({ icon: Icon, title, badge, rows }: PartProps) {
  return (
    <Card className="min-w-0 px-5 py-4">
      <div className="flex min-h-7 items-center gap-2.5">
        <Icon className="size-4 shrink-0 text-accent" aria-hidden />
        <h2 className="min-w-0 flex-1 truncate font-medium">{title}</h2>
        {badge}
      </div>
      <dl className="mt-3 space-y-2">
        {rows.map(([label, value]) => (
          <div key={label} className="flex items-baseline justify-between gap-4">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
