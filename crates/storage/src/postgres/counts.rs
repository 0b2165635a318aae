//! Counts that are remembered as long as nobody commits.
//!
//! Two statements that see the same snapshot see the same rows, and
//! `pg_current_snapshot()` tells which one a statement sees (manual, section 9.27,
//! "Transaction ID and Snapshot Information Functions"): any transaction that writes,
//! from whatever client, changes it. Reading does not.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sea_query::Value;
use snackbase_application::ports::StoreError;
use sqlx::PgConnection;

use super::connection::query;
use crate::driver::{Row, Stmt, scalar};

/// How many counts are remembered.
const MOST_COUNTS: usize = 512;

/// The counts of one snapshot.
#[derive(Debug, Default)]
struct Known {
    snapshot: String,
    totals: HashMap<String, u64>,
}

/// Counts by statement. For connections outside of transactions: a transaction that
/// has written sees more than its snapshot tells.
#[derive(Debug, Default)]
pub(super) struct Counts {
    known: Mutex<Known>,
}

impl Counts {
    /// Runs a statement that counts, unless the answer is known.
    pub async fn count(&self, connection: &mut PgConnection, stmt: Stmt) -> Result<u64, StoreError> {
        let snapshot = Stmt::new("SELECT pg_current_snapshot()::text", Vec::new());
        let now = last_text(&query(connection, snapshot).await?)?;
        let key = format!("{}{:?}", stmt.sql, stmt.values);
        if let Some(total) = self.get(&now, &key) {
            return Ok(total);
        }
        let sql = format!(
            "SELECT counted.total, pg_current_snapshot()::text FROM ({}) AS counted(total)",
            stmt.sql
        );
        let rows = query(connection, Stmt::new(sql, stmt.values)).await?;
        let total = scalar(&rows);
        self.remember(last_text(&rows)?, key, total);
        Ok(total)
    }

    fn get(&self, snapshot: &str, key: &str) -> Option<u64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.snapshot == snapshot).then(|| known.totals.get(key).copied()).flatten()
    }

    fn remember(&self, snapshot: String, key: String, total: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.snapshot != snapshot || known.totals.len() >= MOST_COUNTS {
            known.totals.clear();
            known.snapshot = snapshot;
        }
        known.totals.insert(key, total);
    }
}

/// The text in the last column of the only row.
fn last_text(rows: &[Row]) -> Result<String, StoreError> {
    match rows.first().and_then(|row| row.values.last()) {
        Some(Value::String(Some(text))) => Ok(text.clone()),
        _ => Err(StoreError::Inconsistent("the database tells no snapshot".into())),
    }
}
