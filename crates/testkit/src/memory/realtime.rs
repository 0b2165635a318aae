//! The log of what happened.

use async_trait::async_trait;
use snackbase_application::ports::{LogBounds, LogEntry, NewLogEntry, RealtimeLog, StoreError};

use super::Memory;
use super::state::cut;

#[async_trait]
impl RealtimeLog for Memory {
    async fn append(&self, entries: &[NewLogEntry]) -> Result<(), StoreError> {
        let mut state = self.state();
        for entry in entries.iter().cloned() {
            state.last_position += 1;
            let position = state.last_position;
            state.log.push(LogEntry {
                position,
                kind: entry.kind,
                account_id: entry.account_id,
                collection_id: entry.collection_id,
                record_id: entry.record_id,
                operation: entry.operation,
                body: entry.body,
                occurred_at: entry.occurred_at,
            });
        }
        Ok(())
    }

    /// One writes at a time, so entries have their places from the beginning.
    async fn settle(&self, _limit: u64) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn after(&self, position: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        let state = self.state();
        let behind = state.log.iter().filter(|entry| entry.position > position);
        Ok(cut(behind.cloned().collect(), 0, limit))
    }

    async fn bounds(&self) -> Result<LogBounds, StoreError> {
        let state = self.state();
        Ok(LogBounds {
            epoch: "memory".to_owned(),
            first: state.log.first().map_or(state.last_position + 1, |entry| entry.position),
            last: state.last_position,
        })
    }

    async fn forget_before(&self, occurred_before: i64, limit: u64) -> Result<u64, StoreError> {
        let mut state = self.state();
        let oldest = cut(state.log.iter().collect(), 0, limit);
        let old = oldest.iter().rposition(|entry| entry.occurred_at < occurred_before);
        let forgotten = old.map_or(0, |last| last + 1);
        state.log.drain(..forgotten);
        Ok(forgotten as u64)
    }
}
