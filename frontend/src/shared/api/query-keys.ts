/** First parts of the cache keys; invalidating one reaches everything below it. */
export const keys = {
  setup: ['setup'] as const,
  me: ['me'] as const,
  collections: ['collections'] as const,
  rules: (name: string) => ['collections', 'rules', name] as const,
  records: (collection: string) => ['records', collection] as const,
  allRecords: ['records'] as const,
  accounts: ['accounts'] as const,
  users: ['users'] as const,
  roles: ['roles'] as const,
};
