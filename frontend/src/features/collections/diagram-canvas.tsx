import '@xyflow/react/dist/base.css';
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { useMemo, useState } from 'react';
import { FieldIcon } from '@/shared/collections/field-icon';
import { t, tn } from '@/shared/i18n';
import { layout, SHOWN_FIELDS } from './graph-layout';
import type { GraphCollection, ReferenceGraph } from './reference-graph';

type CollectionNode = Node<
  { collection: GraphCollection; downwards: boolean; onOpen: (name: string) => void },
  'collection'
>;

interface DiagramCanvasProps {
  graph: ReferenceGraph;
  onOpen: (name: string) => void;
}

/** The collections as boxes, the references between them as arrows; to be moved and zoomed. */
export default function DiagramCanvas({ graph, onOpen }: DiagramCanvasProps) {
  // A phone is higher than wide.
  const [downwards] = useState(() => window.innerWidth < window.innerHeight);
  const nodes = useMemo((): CollectionNode[] => {
    const boxes = layout(graph, downwards);
    return graph.collections.map((collection) => {
      const { x = 0, y = 0, width, height } = boxes.get(collection.name) ?? {};
      return {
        id: collection.name,
        type: 'collection',
        position: { x, y },
        width,
        height,
        data: { collection, downwards, onOpen },
        ariaLabel: collection.name,
        focusable: false,
      };
    });
    // `onOpen` does the same in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [graph, downwards]);
  const edges = useMemo(
    (): Edge[] =>
      graph.references.map(({ id, from, to, field }) => ({
        id,
        source: from,
        target: to,
        label: field,
        type: from === to ? 'default' : 'smoothstep',
        focusable: false,
        markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--muted)' },
      })),
    [graph],
  );
  return (
    <ReactFlow
      defaultNodes={nodes}
      defaultEdges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
      minZoom={0.1}
      nodesConnectable={false}
      edgesFocusable={false}
      proOptions={{ hideAttribution: true }}
      className="diagram"
    >
      <Background gap={20} size={1} color="var(--border)" />
      <Controls showInteractive={false} aria-label={t('diagram.controls')} />
    </ReactFlow>
  );
}

function CollectionBox({ data: { collection, downwards, onOpen } }: NodeProps<CollectionNode>) {
  const { name, fields } = collection;
  const left = fields.length - SHOWN_FIELDS;
  return (
    <div className="size-full overflow-hidden rounded-xl border bg-surface shadow-card">
      <Handle type="target" position={downwards ? Position.Top : Position.Left} className="invisible" />
      <button
        type="button"
        className="nodrag flex h-10 w-full items-center border-b bg-subtle px-3 text-left font-medium -outline-offset-2 hover:bg-hover"
        onClick={() => onOpen(name)}
      >
        <span className="truncate">{name}</span>
      </button>
      <ul className="px-3 py-1.5 text-xs leading-6">
        {fields.slice(0, SHOWN_FIELDS).map((field) => (
          <li key={field.name} className="flex items-center gap-2">
            <FieldIcon type={field.type} className="size-3 shrink-0 text-accent" />
            <span className="min-w-0 flex-1 truncate font-mono">{field.name}</span>
            <span className="text-muted">{t(`fieldTypes.${field.type}`)}</span>
          </li>
        ))}
        {left > 0 && <li className="text-muted">{tn('diagram.more', left)}</li>}
      </ul>
      <Handle type="source" position={downwards ? Position.Bottom : Position.Right} className="invisible" />
    </div>
  );
}

const nodeTypes = { collection: CollectionBox };
