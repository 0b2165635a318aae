//! Statements of somebody else's making: each on a connection of its own, which can only
//! read, and only what stored macros may read.

use std::time::Duration;

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use snackbase_application::ports::{MACRO_SECONDS, StoreError};
use snackbase_domain::stored_macro::may_read;

use super::{SqliteOptions, classify, connect, row};
use crate::driver::{Row, Stmt};

/// Runs a statement, and cuts it off when it takes too long.
pub(super) async fn query(options: &SqliteOptions, stmt: Stmt) -> Result<Vec<Row>, StoreError> {
    let options = options.clone();
    let (opened, interrupt) = tokio::sync::oneshot::channel();
    let work = tokio::task::spawn_blocking(move || {
        let connection = connect(&options)?;
        connection.pragma_update(None, "query_only", true).map_err(classify)?;
        connection.authorizer(Some(authorize)).map_err(classify)?;
        // Nobody waits for it any more when the request was given up.
        let _ = opened.send(connection.get_interrupt_handle());
        row::query(&connection, &stmt)
    });
    let mut work = std::pin::pin!(work);
    let limit = Duration::from_secs(MACRO_SECONDS);
    let outcome = match tokio::time::timeout(limit, &mut work).await {
        Ok(outcome) => outcome,
        Err(_) => {
            if let Ok(handle) = interrupt.await {
                handle.interrupt();
            }
            work.await
        }
    };
    outcome.map_err(|error| StoreError::Other(error.to_string()))?
}

/// What a statement may do while it is prepared.
fn authorize(context: AuthContext<'_>) -> Authorization {
    let allowed = match context.action {
        AuthAction::Select | AuthAction::Function { .. } => true,
        AuthAction::Read { table_name, column_name } => may_read(table_name, column_name),
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}
