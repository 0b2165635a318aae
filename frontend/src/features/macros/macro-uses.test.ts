import { expect, it } from 'vitest';
import { macroUses } from './macro-uses';

it('finds the rules that call a macro', () => {
  const collections = [
    { name: 'a', rules: { list_rule: '@m(x) && y = 1', view_rule: '@mm()', create_rule: null, list_fields: '@m' } },
    { name: 'b', rules: { update_rule: 'title = "@m()"', update_check_rule: '!@m' } },
  ];
  expect(macroUses('m', collections)).toEqual([
    { collection: 'a', rule: 'list_rule' },
    { collection: 'b', rule: 'update_check_rule' },
  ]);
  expect(macroUses('nobody', collections)).toEqual([]);
});
