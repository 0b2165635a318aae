import { expect, it } from 'vitest';
import { orderChange } from './field-order';

const ids = ['a', 'b', 'c'];

it('moves an entry to where it is dropped', () => {
  expect(orderChange(ids, 'a', 'c')).toEqual({ from: 0, to: 2 });
  expect(orderChange(ids, 'c', 'b')).toEqual({ from: 2, to: 1 });
});

it('leaves an entry that is dropped on itself or beside the list', () => {
  expect(orderChange(ids, 'b', 'b')).toBeNull();
  expect(orderChange(ids, 'b', undefined)).toBeNull();
  expect(orderChange(ids, 'b', 'x')).toBeNull();
  expect(orderChange(ids, 'x', 'b')).toBeNull();
});
