import { describe as group, expect, it } from 'vitest';
import type { FieldDefinition } from '@/shared/api/types';
import { type ChangeDraft, changeOf, describe, planned } from './structure-change';

const field = (name: string, type = 'text', required = false) => ({ name, type, required }) as FieldDefinition;
const schema = [field('title', 'text', true), field('price', 'text'), field('note')];
const draft = (part: Partial<ChangeDraft>): ChangeDraft => ({
  kind: 'rename_field',
  field: 'price',
  to: '',
  type: 'number',
  backfill: '',
  ...part,
});
const made = (part: Partial<ChangeDraft>, from = planned('posts', schema, [])) => changeOf(draft(part), from);

group('planned', () => {
  it('follows changes one after the other', () => {
    const after = planned('posts', schema, [
      { op: 'rename_field', from: 'price', to: 'cost' },
      { op: 'change_type', field: 'cost', type: 'number' },
      { op: 'require', field: 'cost', backfill: 0 },
      { op: 'drop_field', field: 'note', confirm: true },
      { op: 'rename_collection', to: 'articles' },
    ]);
    expect(after.name).toBe('articles');
    expect(after.fields).toMatchObject([
      { origin: 'title', name: 'title', dropped: false },
      { origin: 'price', name: 'cost', type: 'number', required: true },
      { origin: 'note', dropped: true },
    ]);
  });
});

group('changeOf', () => {
  it('makes the call of each kind', () => {
    expect(made({ to: ' cost ' })).toEqual({ change: { op: 'rename_field', from: 'price', to: 'cost' } });
    expect(made({ kind: 'drop_field' })).toEqual({ change: { op: 'drop_field', field: 'price', confirm: true } });
    expect(made({ kind: 'rename_collection', to: 'articles' })).toEqual({
      change: { op: 'rename_collection', to: 'articles' },
    });
  });

  it('keeps all else of a field that gets another type', () => {
    const stored = { ...field('price', 'text', true), unique: true };
    const change = (fallback: string) =>
      made({ kind: 'change_type' }, planned('posts', [{ ...stored, default: fallback } as FieldDefinition], []));
    expect(change('3')).toMatchObject({
      change: { op: 'change_type', field: 'price', type: 'number', required: true, unique: true, default: 3 },
    });
    expect(change('none')).toMatchObject({ change: { default: null } });
  });

  it('reads the value for old records by the planned type', () => {
    const numeric = planned('posts', schema, [{ op: 'change_type', field: 'price', type: 'number' }]);
    expect(made({ kind: 'require', backfill: '0' }, numeric)).toEqual({
      change: { op: 'require', field: 'price', backfill: 0 },
    });
    expect(made({ kind: 'require', backfill: 'x' }, numeric)).toMatchObject({ fault: { control: 'backfill' } });
  });

  it.each([
    [{ field: '' }, 'field'],
    [{ to: '1x' }, 'to'],
    [{ to: 'TITLE' }, 'to'],
    [{ to: 'price' }, 'to'],
    [{ kind: 'rename_collection', to: 'ab' }, 'to'],
    [{ kind: 'change_type', type: 'text' }, 'type'],
    [{ kind: 'require', field: 'title' }, 'field'],
  ] as [Partial<ChangeDraft>, string][])('refuses %j', (part, control) => {
    expect(made(part)).toMatchObject({ fault: { control } });
  });

  it('keeps the last field', () => {
    const one = planned('posts', [field('price')], []);
    expect(made({ kind: 'drop_field' }, one)).toMatchObject({ fault: { control: 'field' } });
  });
});

group('describe', () => {
  it('says what a change does', () => {
    expect(describe({ op: 'change_type', field: 'price', type: 'number' })).toBe('Turn price into Number');
    expect(describe({ op: 'require', field: 'price', backfill: 'x' })).toContain('"x"');
  });
});
