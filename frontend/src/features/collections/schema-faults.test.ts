import { describe, expect, it } from 'vitest';
import { ApiError } from '@/shared/api/errors';
import { controlOf, schemaFaults } from './schema-faults';

const refused = (message: string) => new ApiError(400, message);

describe('schemaFaults', () => {
  it('takes a joined message apart', () => {
    expect(
      schemaFaults(
        refused(
          "Validation failed: schema[0].name: Field name 'id' is reserved and cannot be used; schema[1].collection: Target collection 'x' does not exist",
        ),
      ),
    ).toEqual([
      { field: 'schema[0].name', message: "Field name 'id' is reserved and cannot be used" },
      { field: 'schema[1].collection', message: "Target collection 'x' does not exist" },
    ]);
  });

  it('keeps a semicolon inside a text', () => {
    expect(schemaFaults(refused('Validation failed: schema[0].expression: Invalid; odd'))).toEqual([
      { field: 'schema[0].expression', message: 'Invalid; odd' },
    ]);
  });

  it('knows faults that name a stored field', () => {
    expect(
      schemaFaults(refused('Schema validation failed: title: Field deletion is not allowed for data safety')),
    ).toEqual([{ field: 'title', message: 'Field deletion is not allowed for data safety' }]);
  });

  it('leaves other refusals as they are', () => {
    expect(schemaFaults(refused('Nothing to see'))).toEqual([{ message: 'Nothing to see' }]);
  });
});

describe('controlOf', () => {
  it.each([
    ['name', 'name'],
    ['schema[2].on_delete', 'fields.2.onDelete'],
    ['schema.1.mask_type', 'fields.1.maskType'],
    ['schema[0]', 'fields.0.name'],
    ['title', 'fields.1.name'],
    ['schema', undefined],
    ['list_rule', undefined],
  ])('%s', (path, control) => {
    expect(controlOf(path, ['a', 'title'])).toBe(control);
  });
});
