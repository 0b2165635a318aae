import { Graph, layout as place } from '@dagrejs/dagre';
import type { GraphCollection, ReferenceGraph } from './reference-graph';

const WIDTH = 224;
const HEADING = 41;
const LINE = 24;
const PADDING = 12;
/** Collections that nothing leads to or from, in a row below the others. */
const PER_ROW = 4;
const PER_ROW_DOWNWARDS = 2;
const GAP = 48;

/** Fields that a box shows; the rest is counted. */
export const SHOWN_FIELDS = 8;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How much room a collection takes. */
export function sizeOf({ fields }: GraphCollection): Pick<Box, 'width' | 'height'> {
  const lines = Math.min(fields.length, SHOWN_FIELDS) + (fields.length > SHOWN_FIELDS ? 1 : 0);
  return { width: WIDTH, height: HEADING + lines * LINE + PADDING };
}

/** Where each collection stands: those that refer left of what they refer to, or above it; the unconnected ones below. */
export function layout({ collections, references }: ReferenceGraph, downwards: boolean): Map<string, Box> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: downwards ? 'TB' : 'LR', nodesep: 40, ranksep: downwards ? 70 : 110 });
  graph.setDefaultEdgeLabel(() => ({}));
  const others = references.filter(({ from, to }) => from !== to);
  const connected = new Set(others.flatMap(({ from, to }) => [from, to]));
  for (const collection of collections) {
    if (connected.has(collection.name)) graph.setNode(collection.name, { ...sizeOf(collection) });
  }
  for (const { id, from, to } of others) graph.setEdge(from, to, {}, id);
  place(graph);

  const boxes = new Map<string, Box>();
  let bottom = 0;
  for (const collection of collections) {
    if (!connected.has(collection.name)) continue;
    const size = sizeOf(collection);
    const { x, y } = graph.node(collection.name) as { x: number; y: number };
    boxes.set(collection.name, { x: x - size.width / 2, y: y - size.height / 2, ...size });
    bottom = Math.max(bottom, y + size.height / 2 + 2 * GAP);
  }
  const perRow = downwards ? PER_ROW_DOWNWARDS : PER_ROW;
  let rowHeight = 0;
  collections
    .filter(({ name }) => !connected.has(name))
    .forEach((collection, index) => {
      const column = index % perRow;
      if (column === 0 && index > 0) {
        bottom += rowHeight + GAP;
        rowHeight = 0;
      }
      const size = sizeOf(collection);
      rowHeight = Math.max(rowHeight, size.height);
      boxes.set(collection.name, { x: column * (WIDTH + GAP), y: bottom, ...size });
    });
  return boxes;
}
