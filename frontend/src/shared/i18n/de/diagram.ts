import type { diagram as en } from '../en/diagram';
import type { Translation } from '../language';

/** Texts of the diagram of references. */
export const diagram = {
  diagram: {
    title: 'Diagramm',
    open: 'Diagramm',
    lead: 'Wie Sammlungen aufeinander verweisen. Ein Kasten öffnet die Einstellungen seiner Sammlung.',
    view: 'Darstellung',
    asDiagram: 'Diagramm',
    asList: 'Liste',
    controls: 'Zoom',
    more: { one: 'und ein weiteres', other: 'und {count} weitere' },
    none: 'Verweist auf keine andere Sammlung.',
    leadsTo: 'führt zu',
    whenDeleted: '· wenn das Ziel gelöscht wird:',
    onDelete: {
      cascade: 'auch gelöscht',
      set_null: 'geleert',
      restrict: 'das Löschen wird verweigert',
    },
  },
} satisfies Translation<typeof en>;
