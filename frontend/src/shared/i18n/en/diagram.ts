/** Texts of the diagram of references. */
export const diagram = {
  diagram: {
    title: 'Diagram',
    open: 'Diagram',
    lead: 'How collections refer to each other. A box opens the settings of its collection.',
    view: 'Shown as',
    asDiagram: 'Diagram',
    asList: 'List',
    controls: 'Zoom',
    more: { one: 'and one more', other: 'and {count} more' },
    none: 'Refers to no other collection.',
    leadsTo: 'leads to',
    whenDeleted: '· when that is deleted:',
    onDelete: {
      cascade: 'deleted too',
      set_null: 'emptied',
      restrict: 'the deletion is refused',
    },
  },
} as const;
