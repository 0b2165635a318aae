import {
  BookUser,
  CalendarDays,
  ListChecks,
  type LucideIcon,
  MessageSquareText,
  Newspaper,
  Package,
  StickyNote,
} from 'lucide-react';
import { emptyDraft, type FieldDraft } from './field-draft';
import type { Operation } from './rule-draft';

export const templateKeys = ['posts', 'tasks', 'contacts', 'products', 'events', 'feedback', 'notes'] as const;
export type TemplateKey = (typeof templateKeys)[number];

/** A collection to begin with; its texts are `collectionTemplates.<key>`. */
export interface CollectionTemplate {
  key: TemplateKey;
  icon: LucideIcon;
  fields: FieldDraft[];
  /** Null is locked, the empty text public. */
  rules: Record<Operation, string | null>;
}

type Options = Partial<Omit<FieldDraft, 'name' | 'type' | 'existing'>>;

const field = (name: string, type: FieldDraft['type'], options: Options = {}): FieldDraft => ({
  ...emptyDraft(),
  name,
  type,
  ...options,
});

const OWNER = 'created_by = @request.auth.id';
const OWNER_OR_ADMIN = `${OWNER} || @has_role("admin")`;
const ADMIN = '@has_role("admin")';
const EVERYBODY = 'true';

const rules = (list: string | null, create: string | null, update: string | null, remove = update) => ({
  list,
  view: list,
  create,
  update,
  delete: remove,
});

/** Collections that many people begin with, each with fields and rules that make sense together. */
export const collectionTemplates: CollectionTemplate[] = [
  {
    key: 'posts',
    icon: Newspaper,
    fields: [
      field('title', 'text', { required: true, searchable: true }),
      field('slug', 'text', { required: true, unique: true }),
      field('summary', 'text', { searchable: true }),
      field('body', 'text', { searchable: true }),
      field('cover', 'file'),
      field('tags', 'json'),
      field('published', 'boolean', { defaultText: 'false' }),
      field('published_at', 'datetime'),
    ],
    rules: rules(`published = true || ${OWNER}`, EVERYBODY, OWNER_OR_ADMIN),
  },
  {
    key: 'tasks',
    icon: ListChecks,
    fields: [
      field('title', 'text', { required: true, searchable: true }),
      field('notes', 'text', { searchable: true }),
      field('status', 'text', { required: true, defaultText: 'open' }),
      field('priority', 'number', { defaultText: '3' }),
      field('due', 'date'),
      field('assignee', 'text'),
      field('done', 'computed', { expression: "status = 'done'", returnType: 'boolean' }),
    ],
    rules: rules(EVERYBODY, EVERYBODY, `${OWNER} || assignee = @request.auth.id || ${ADMIN}`, OWNER_OR_ADMIN),
  },
  {
    key: 'contacts',
    icon: BookUser,
    fields: [
      field('first_name', 'text', { required: true, searchable: true }),
      field('last_name', 'text', { searchable: true }),
      field('email', 'email', { unique: true, pii: true, maskType: 'email' }),
      field('phone', 'text', { pii: true, maskType: 'phone' }),
      field('company', 'text', { searchable: true }),
      field('notes', 'text'),
      field('full_name', 'computed', {
        expression: "trim(concat(first_name, ' ', coalesce(last_name, '')))",
        returnType: 'text',
      }),
    ],
    rules: rules(EVERYBODY, EVERYBODY, OWNER_OR_ADMIN),
  },
  {
    key: 'products',
    icon: Package,
    fields: [
      field('name', 'text', { required: true, searchable: true }),
      field('sku', 'text', { required: true, unique: true }),
      field('description', 'text', { searchable: true }),
      field('price', 'number', { required: true }),
      field('stock', 'number', { defaultText: '0' }),
      field('active', 'boolean', { defaultText: 'true' }),
      field('picture', 'file'),
      field('available', 'computed', { expression: 'active && stock > 0', returnType: 'boolean' }),
    ],
    rules: rules(`active = true || ${ADMIN}`, ADMIN, ADMIN),
  },
  {
    key: 'events',
    icon: CalendarDays,
    fields: [
      field('title', 'text', { required: true, searchable: true }),
      field('place', 'text', { searchable: true }),
      field('starts_at', 'datetime', { required: true }),
      field('ends_at', 'datetime'),
      field('link', 'url'),
      field('seats', 'number'),
      field('hours', 'computed', { expression: "date_diff(ends_at, starts_at, 'hours')", returnType: 'number' }),
    ],
    rules: rules(EVERYBODY, EVERYBODY, OWNER_OR_ADMIN),
  },
  {
    key: 'feedback',
    icon: MessageSquareText,
    fields: [
      field('message', 'text', { required: true, searchable: true }),
      field('rating', 'number'),
      field('email', 'email', { pii: true, maskType: 'email' }),
      field('page', 'url'),
      field('handled', 'boolean', { defaultText: 'false' }),
    ],
    rules: rules(ADMIN, '', ADMIN),
  },
  {
    key: 'notes',
    icon: StickyNote,
    fields: [
      field('title', 'text', { searchable: true }),
      field('body', 'text', { required: true, searchable: true }),
      field('pinned', 'boolean', { defaultText: 'false' }),
      field('colour', 'text'),
    ],
    rules: rules(OWNER, EVERYBODY, OWNER),
  },
];

/** The template of that key. */
export function templateOf(key: TemplateKey | undefined): CollectionTemplate | undefined {
  return collectionTemplates.find((template) => template.key === key);
}
