//! sea-orm on top of our connections, so that entities and records share one
//! transaction and, on SQLite, the one writer.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{
    DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, Statement,
};
use snackbase_rls::Dialect;

use super::error::to_orm;
use super::{Connection, Stmt};

/// Lends a connection to sea-orm.
#[derive(Debug)]
struct Proxy(Arc<dyn Connection>);

/// A sea-orm connection over ours. Transactions within it are no-ops: the unit
/// of work around it decides.
pub(crate) fn orm(connection: Arc<dyn Connection>) -> DatabaseConnection {
    let backend = match connection.dialect() {
        Dialect::Sqlite => DbBackend::Sqlite,
        Dialect::Postgres => DbBackend::Postgres,
    };
    sea_orm::ProxyDatabaseConnector::connect(backend, Arc::new(Box::new(Proxy(connection))))
        .expect("connecting to a proxy does nothing")
}

fn stmt(statement: Statement) -> Stmt {
    Stmt { sql: statement.sql, values: statement.values.map(|values| values.0).unwrap_or_default() }
}

#[async_trait]
impl ProxyDatabaseTrait for Proxy {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        let rows = self.0.query(stmt(statement)).await.map_err(to_orm)?;
        Ok(rows
            .into_iter()
            .map(|row| ProxyRow::new(row.columns.iter().cloned().zip(row.values).collect()))
            .collect())
    }

    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        let rows_affected = self.0.execute(stmt(statement)).await.map_err(to_orm)?;
        Ok(ProxyExecResult { last_insert_id: 0, rows_affected })
    }
}
