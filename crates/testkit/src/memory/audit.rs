//! The audit log.

use std::cmp::Ordering;

use async_trait::async_trait;
use snackbase_application::ports::{
    AuditEntry, AuditExtent, AuditFilter, AuditLog, AuditQuery, AuditSort, QueuedChange, StoreError,
};
use snackbase_domain::AccountId;
use snackbase_domain::audit::{ChainHead, Change};

use super::Memory;
use super::state::{State, conflict, cut};

fn entries(state: &State) -> Vec<AuditEntry> {
    let mut previous_hash = None;
    let mut entries = Vec::new();
    for change in &state.changes {
        for cell in &change.cells {
            let change = Change { cells: Vec::new(), ..change.clone() };
            let before = previous_hash.replace(cell.checksum.clone());
            entries.push(AuditEntry { change, cell: cell.clone(), previous_hash: before });
        }
    }
    entries
}

fn is_meant(filter: &AuditFilter, change: &Change) -> bool {
    let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
    is(&filter.account_id, &change.account_id.to_string())
        && is(&filter.table_name, &change.table_name)
        && is(&filter.record_id, &change.record_id)
        && is(&filter.user_id, &change.user_id.to_string())
        && is(&filter.operation, change.operation.name())
        && filter.from.is_none_or(|from| change.occurred_at >= from)
        && filter.to.is_none_or(|to| change.occurred_at <= to)
}

fn compare(by: AuditSort, a: &AuditEntry, b: &AuditEntry) -> Ordering {
    let key = |entry: &AuditEntry| {
        let change = &entry.change;
        match by {
            AuditSort::Id | AuditSort::OccurredAt => String::new(),
            AuditSort::AccountId => change.account_id.to_string(),
            AuditSort::Operation => change.operation.name().to_owned(),
            AuditSort::TableName => change.table_name.clone(),
            AuditSort::RecordId => change.record_id.clone(),
            AuditSort::ColumnName => entry.cell.column_name.clone(),
            AuditSort::UserId => change.user_id.to_string(),
            AuditSort::UserEmail => change.user_email.clone(),
        }
    };
    match by {
        AuditSort::Id => a.cell.id.cmp(&b.cell.id),
        AuditSort::OccurredAt => a.change.occurred_at.cmp(&b.change.occurred_at),
        _ => key(a).cmp(&key(b)),
    }
}

#[async_trait]
impl AuditLog for Memory {
    async fn queue(&self, changes: &[QueuedChange]) -> Result<(), StoreError> {
        let mut state = self.state();
        for change in changes {
            state.last_queued += 1;
            let id = state.last_queued;
            state.audit_queue.push(QueuedChange { id, ..change.clone() });
        }
        Ok(())
    }

    async fn queued(&self, after: i64, limit: u64) -> Result<Vec<QueuedChange>, StoreError> {
        let mut queued = self.state().audit_queue.clone();
        queued.retain(|queued| queued.id > after);
        Ok(cut(queued, 0, limit))
    }

    async fn remove_queued(&self, ids: &[i64]) -> Result<(), StoreError> {
        self.state().audit_queue.retain(|queued| !ids.contains(&queued.id));
        Ok(())
    }

    /// Nobody else writes until the unit of work ends.
    async fn hold_row(&self, _table: &str, _id: &str) -> Result<(), StoreError> {
        Ok(())
    }

    async fn lock_heads(&self, accounts: &[AccountId]) -> Result<Vec<ChainHead>, StoreError> {
        let state = self.state();
        let wanted = std::iter::once(None).chain(accounts.iter().copied().map(Some));
        let head = |of| state.heads.get(&of).cloned().unwrap_or_else(|| ChainHead::empty(of));
        Ok(wanted.map(head).collect())
    }

    async fn append(&self, changes: &[Change], heads: &[ChainHead]) -> Result<(), StoreError> {
        let mut state = self.state();
        let known = |new: &Change| {
            let ids = |change: &Change| change.cells.iter().map(|cell| cell.id).collect::<Vec<_>>();
            let new_ids = ids(new);
            state.changes.iter().any(|old| old.id == new.id || ids(old).iter().any(|id| new_ids.contains(id)))
        };
        if changes.iter().any(known) {
            return conflict("audit_changes.id");
        }
        state.changes.extend_from_slice(changes);
        state.heads.extend(heads.iter().map(|head| (head.account_id, head.clone())));
        Ok(())
    }

    async fn find(&self, id: i64) -> Result<Option<AuditEntry>, StoreError> {
        Ok(entries(&self.state()).into_iter().find(|entry| entry.cell.id == id))
    }

    async fn page(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        let mut found = entries(&self.state());
        found.retain(|entry| is_meant(&query.filter, &entry.change));
        found.sort_by(|a, b| {
            let order = compare(query.sort, a, b);
            let order = if query.descending { order.reverse() } else { order };
            order.then_with(|| b.cell.id.cmp(&a.cell.id))
        });
        Ok(cut(found, query.skip, query.limit))
    }

    async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        let state = self.state();
        let meant = state.changes.iter().filter(|change| is_meant(filter, change));
        Ok(meant.map(|change| change.cells.len() as u64).sum())
    }

    async fn heads(&self) -> Result<Vec<ChainHead>, StoreError> {
        let mut heads = self.state().heads.clone();
        heads.entry(None).or_insert_with(|| ChainHead::empty(None));
        Ok(heads.into_values().collect())
    }

    async fn entries_after(&self, id: i64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        let mut found = entries(&self.state());
        found.retain(|entry| entry.cell.id > id);
        Ok(cut(found, 0, limit))
    }

    async fn extent(&self) -> Result<AuditExtent, StoreError> {
        let state = self.state();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let entries = count(state.changes.iter().map(|change| change.cells.len()).sum());
        let head = state.heads.get(&None).cloned().unwrap_or_else(|| ChainHead::empty(None));
        Ok(AuditExtent {
            changes: count(state.changes.len()),
            entries,
            entries_of_changes: entries,
            head_changes: head.changes,
            head_entries: head.entries,
        })
    }
}
