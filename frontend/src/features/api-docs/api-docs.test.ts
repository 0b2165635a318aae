import { describe, expect, it } from 'vitest';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { addressOf, type ApiContext, operation, operationIds } from './operations';
import { sampleAggregate, sampleBody, sampleFilter } from './sample';
import { componentName, languages, literal, shellQuote, snippet } from './snippets';

const field = (name: string, type: string, more = {}) => ({ name, type, required: false, ...more }) as FieldDefinition;
const schema = [
  field('title', 'text', { required: true }),
  field('price', 'number'),
  field('author', 'reference', { collection: 'authors' }),
  field('photo', 'file'),
  field('twice', 'computed'),
];
const record = { id: 'r-1', title: "it's", author: 'a-1' } as unknown as RecordRow;
const context: ApiContext = {
  base: 'https://api.example.com',
  collection: 'articles',
  schema,
  record,
  account: 'acme',
  email: 'ann@example.com',
};

describe('samples', () => {
  it('are made of the fields that a body can have', () => {
    expect(sampleBody(schema, record)).toEqual({ title: 'A title', price: 12.5, author: 'a-1' });
    // A reference to nothing would be refused.
    expect(sampleBody(schema, undefined)).toEqual({ title: 'A title', price: 12.5 });
  });

  it('filter and compute over fields that are there', () => {
    expect(sampleFilter(schema, record)).toBe('price > 10');
    expect(sampleFilter([field('title', 'text')], record)).toBe('title = "it\'s"');
    expect(sampleFilter([], undefined)).toBe('created_at > "2026-01-01"');
    expect(sampleAggregate(schema)).toEqual({ functions: 'count(),avg(price)', group_by: 'title' });
    expect(sampleAggregate([])).toEqual({ functions: 'count()' });
  });
});

describe('snippets', () => {
  it('quote for a shell', () => {
    expect(shellQuote("it's")).toBe("'it'\\''s'");
  });

  it('write values as JavaScript that means the same', () => {
    const values = [
      { a: "it's", 'b-c': ['"x"', '\\', 'line\nbreak', null, true, 1.5], d: {}, e: [] },
      'a "quoted" \\" text',
      [],
    ];
    for (const value of values) {
      // Only texts of this test are evaluated.
      expect(new Function(`return (${literal(value)});`)()).toEqual(value);
    }
  });

  it('name components after collections', () => {
    expect(['articles', 'blog_posts', '2024_x'].map(componentName)).toEqual(['Articles', 'BlogPosts', 'Records2024X']);
  });

  it('use real names, ids and the address of the server', () => {
    expect(snippet('curl', operation('delete', context), context)).toBe(
      'curl -X DELETE \'https://api.example.com/api/v1/records/articles/r-1\' \\\n  -H "Authorization: Bearer $TOKEN"',
    );
    expect(snippet('curl', operation('update', context), context)).toContain('curl -X PATCH ');
    expect(snippet('curl', operation('create', context), context)).toContain('"author": "a-1"');
    expect(snippet('js', operation('view', context), context)).toContain("client.records.get('articles', 'r-1', {");
    expect(snippet('react', operation('list', context), context)).toContain("useQuery('articles', {");
    expect(addressOf(operation('list', context))).toContain('filter=price%20%3E%2010');
  });

  it('are there for every request in every language, without a hole', () => {
    for (const id of operationIds) {
      for (const language of languages) {
        for (const seen of [context, { ...context, record: undefined, schema: [] }]) {
          const text = snippet(language, operation(id, seen), seen);
          expect(text).not.toMatch(/undefined|\[object/);
          expect(text.length).toBeGreaterThan(40);
        }
      }
    }
  });
});
