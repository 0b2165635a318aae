/** Texts of what a new collection begins with. */
export const newCollection = {
  newCollection: {
    begin: 'Begin with',
    empty: 'An empty collection',
    emptyHint: 'Name it and add fields one by one.',
    file: 'A file of records',
    fileHint: 'Fields are read from CSV or JSON, records imported next.',
    fileKinds: 'CSV with a row of names, JSON or NDJSON',
    read: {
      one: 'The fields come from one record of {file}.',
      other: 'The fields come from {count} records of {file}.',
    },
    importNext: 'Check their types; the records are imported in the next step.',
    rules: 'Rules to begin with',
    rulesLead: 'Who may do what with the records of their own account. All of it can be changed later.',
    rulesOf: {
      template: 'As the template says',
      locked: 'Locked',
      owner: 'Each user their own',
      everybody: 'Everybody sees, makers change',
    },
    signedIn: 'Everybody signed in',
    signedInIf: 'Signed in, if {condition}',
  },
  collectionTemplates: {
    posts: { title: 'Blog posts', text: 'Drafts of one’s own, published ones for all.' },
    tasks: { title: 'Tasks', text: 'With status, due day and assignee.' },
    contacts: { title: 'Contacts', text: 'People, with masked personal data.' },
    products: { title: 'Products', text: 'With price and stock, kept by admins.' },
    events: { title: 'Events', text: 'With begin, end and place.' },
    feedback: { title: 'Feedback', text: 'Sent by anybody, read by admins.' },
    notes: { title: 'Private notes', text: 'Each user sees only their own.' },
  },
} as const;
