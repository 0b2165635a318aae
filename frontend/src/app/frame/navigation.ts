import { Building2, Database, House, type LucideIcon, Users } from 'lucide-react';
import type { MessageKey } from '@/shared/i18n';

export interface Destination {
  to: '/' | '/collections' | '/accounts' | '/users';
  label: MessageKey;
  icon: LucideIcon;
}

/** The sidebar's groups; the first one has no heading. */
export const navigation: { label?: MessageKey; items: Destination[] }[] = [
  { items: [{ to: '/', label: 'nav.overview', icon: House }] },
  { label: 'nav.data', items: [{ to: '/collections', label: 'nav.collections', icon: Database }] },
  {
    label: 'nav.people',
    items: [
      { to: '/accounts', label: 'nav.accounts', icon: Building2 },
      { to: '/users', label: 'nav.users', icon: Users },
    ],
  },
];
