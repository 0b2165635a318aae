import { expect, it } from 'vitest';
import type { ExportedCollection } from '@/shared/api/types';
import { layout } from './graph-layout';
import { referenceGraph } from './reference-graph';

const reference = (name: string, collection: string) => ({ name, type: 'reference', collection, on_delete: 'cascade' });
const collections = [
  { name: 'tasks', schema: [reference('project', 'projects'), reference('parent', 'tasks'), reference('old', 'gone')] },
  { name: 'projects', schema: [{ name: 'title', type: 'text' }] },
  { name: 'alone', schema: [{ name: 'title', type: 'text' }] },
] as unknown as ExportedCollection[];

it('finds what leads from one collection to another', () => {
  const { references } = referenceGraph(collections);
  expect(references.map(({ id, to }) => `${id} → ${to}`)).toEqual(['tasks.project → projects', 'tasks.parent → tasks']);
});

it.each([true, false])('gives each collection a place of its own, downwards: %s', (downwards) => {
  const places = [...layout(referenceGraph(collections), downwards).values()];
  expect(places).toHaveLength(3);
  const boxes = places.map(({ x, y, width, height }) => ({ left: x, right: x + width, top: y, bottom: y + height }));
  boxes.forEach((a, index) =>
    boxes.slice(index + 1).forEach((b) => {
      const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
      expect(apart).toBe(true);
    }),
  );
});
