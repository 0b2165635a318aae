import { expect, it } from 'vitest';
import { parseExpression, partsOf } from '@/shared/expressions/parse';
import { inWords } from '@/shared/expressions/words';
import { t } from '@/shared/i18n';
import { collectionTemplates, templateKeys } from './collection-templates';
import { collectionName, fieldDrafts, fieldInput } from './field-draft';

it('there is a template for each key', () => {
  expect(collectionTemplates.map(({ key }) => key)).toEqual([...templateKeys]);
});

it.each(collectionTemplates.map((template) => [template.key, template] as const))(
  'the template %s passes what the server checks',
  (key, { fields, rules }) => {
    expect(collectionName.safeParse(key).success).toBe(true);
    expect(t(`collectionTemplates.${key}.title`)).not.toContain('collectionTemplates');
    expect(fieldDrafts.safeParse(fields).error?.issues).toBeUndefined();
    for (const draft of fields) expect(() => fieldInput(draft)).not.toThrow();
    const known = new Set([...fields.map(({ name }) => name), 'created_by']);
    const named = (code: string) =>
      partsOf(parseExpression(code) ?? expect.fail(code)).flatMap((part) => (part.kind === 'field' ? [part.name] : []));
    for (const rule of Object.values(rules).filter((text): text is string => text !== null && text !== '')) {
      expect(inWords(rule)).not.toBeNull();
      expect(named(rule).filter((name) => !known.has(name))).toEqual([]);
    }
    for (const { type, expression } of fields) {
      if (type === 'computed') expect(named(expression).filter((name) => !known.has(name))).toEqual([]);
    }
  },
);
