/** The views of a record in its drawer. */
export const recordTabs = ['fields', 'history', 'json'] as const;
export type RecordTab = (typeof recordTabs)[number];
