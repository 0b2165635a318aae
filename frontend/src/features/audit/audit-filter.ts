/** What narrows the audit log; absent parts do not. */
export interface AuditFilter {
  account?: string;
  table?: string;
  operation?: string;
  record?: string;
  user?: string;
  /** First and last day, `YYYY-MM-DD`, in UTC. */
  from?: string;
  to?: string;
}

/** The filter as the API takes it; the last day counts to its end. */
export function filterQuery({ account, table, operation, record, user, from, to }: AuditFilter) {
  return {
    ...(account && { account_id: account }),
    ...(table && { table_name: table }),
    ...(operation && { operation }),
    ...(record && { record_id: record }),
    ...(user && { user_id: user }),
    ...(from && { from_date: `${from}T00:00:00Z` }),
    ...(to && { to_date: `${to}T23:59:59.999999Z` }),
  };
}

/** How many parts of the filter are set. */
export function filterCount({ account, table, operation, record, user, from, to }: AuditFilter): number {
  return [account, table, operation, record, user, from, to].filter(Boolean).length;
}
