//! The time that stored macros have within a unit of work.

use snackbase_application::ports::{MACRO_SECONDS, StoreError};
use sqlx::PgConnection;

use super::connection::script;
use crate::driver::{Stmt, asked};

const UNLIMITED: &str = "SET LOCAL statement_timeout = 0";

/// The time of a statement within a transaction that asks stored macros, which others may wait for.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    asks: bool,
}

impl Limit {
    pub fn of(stmt: &Stmt) -> Self {
        Self { asks: stmt.calls_macros() }
    }

    pub async fn begin(self, connection: &mut PgConnection) -> Result<(), StoreError> {
        match self.asks {
            true => script(connection, format!("SET LOCAL statement_timeout = '{MACRO_SECONDS}s'")).await,
            false => Ok(()),
        }
    }

    /// A failed statement has ended the transaction, or will be undone with a part of it; so is the limit.
    pub async fn end<T>(
        self,
        connection: &mut PgConnection,
        outcome: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.asks {
            return outcome;
        }
        let done = asked(outcome)?;
        script(connection, UNLIMITED.to_owned()).await?;
        Ok(done)
    }
}
