import { describe, expect, it } from 'vitest';
import type { RecordRow } from '@/shared/api/types';
import { inferredSchema } from './inferred-schema';

const row = (values: Record<string, unknown>): RecordRow => ({
  id: 'r',
  account_id: 'a',
  account_name: null,
  created_at: '',
  created_by: 'u',
  updated_at: '',
  updated_by: 'u',
  ...values,
});

describe('inferredSchema', () => {
  it('takes the type of the first value there is, and leaves system keys out', () => {
    const schema = inferredSchema([
      row({ title: 'Tea', price: null, sold: true, tags: ['a'], baked: '2026-03-01', at: '2026-03-01T10:00:00Z' }),
      row({ title: 'Bread', price: 4.5, link: 'https://example.com' }),
    ]);
    expect(schema.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'title:text',
      'price:number',
      'sold:boolean',
      'tags:json',
      'baked:date',
      'at:datetime',
      'link:url',
    ]);
  });

  it('shows a field without any value as text', () => {
    expect(inferredSchema([row({ note: null })])[0]?.type).toBe('text');
  });
});
