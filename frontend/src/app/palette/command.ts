import type { LucideIcon } from 'lucide-react';

/** A page of this UI as the router takes it. */
export interface Place {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, string>;
}

/** Something the palette offers: a place to go to, or something to do. */
export interface Command {
  id: string;
  group: string;
  label: string;
  /** Said beside the label, such as an account. */
  note?: string;
  icon: LucideIcon;
  place?: Place;
  run?: () => void;
  /** Offered only once something is typed. */
  onlyWhenSearched?: boolean;
}

/** The commands whose label holds every word that is typed; those that begin with it come first within their group. */
export function matchingCommands(commands: Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands.filter(({ onlyWhenSearched }) => !onlyWhenSearched);
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const order = [...new Set(found.map(({ group }) => group))];
  const begins = ({ label }: Command) => (label.toLowerCase().startsWith(words.join(' ')) ? 0 : 1);
  return found.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || begins(a) - begins(b));
}

/** The id of a record that a text holds, and what stands before it. */
export function readRecordId(query: string): { id: string; before: string } | null {
  const match = /^(.*?)\s*\b([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\s*$/i.exec(query);
  return match?.[2] ? { id: match[2].toLowerCase(), before: (match[1] ?? '').trim() } : null;
}
