import {
  AtSign,
  Workflow,
  Braces,
  Calendar,
  CalendarClock,
  Hash,
  Link2,
  type LucideIcon,
  Paperclip,
  Sigma,
  ToggleLeft,
  Type,
} from 'lucide-react';
import type { FieldType } from './field-types';

const icons: Record<FieldType, LucideIcon> = {
  text: Type,
  number: Hash,
  boolean: ToggleLeft,
  date: Calendar,
  datetime: CalendarClock,
  email: AtSign,
  url: Link2,
  json: Braces,
  reference: Workflow,
  computed: Sigma,
  file: Paperclip,
};

/** The icon of a field's type; decorative, the type's name or the field's stands beside it. */
export function FieldIcon({ type, className }: { type: FieldType; className?: string }) {
  const Icon = icons[type];
  return <Icon className={className} aria-hidden />;
}
