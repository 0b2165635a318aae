//! The records: statements over the collections' tables.

mod aggregate;
mod columns;
pub(crate) mod counted;
#[cfg(test)]
mod index_use;
mod order;
mod read;
mod write;

pub(crate) use columns::{bind, column, instant_column, physical, unique_index};

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use sea_query::{Expr, ExprTrait, Value as SqlValue};
use snackbase_application::access::Scoped;
use snackbase_application::ports::{
    AggregateQuery, Group, JsonPage, ListQuery, RecordCursor, RecordStore, Referring, SeekPage, SeekQuery,
    Sort, StoreError, StoredRecord,
};
use snackbase_domain::record::{Record, Value};
use snackbase_domain::{AccountId, RecordId};
use snackbase_rls::Dialect;

use crate::driver::stream::RowCursor;
use crate::driver::{Row, Stmt};
use crate::files::holders;
use crate::store::Session;

#[async_trait]
impl RecordStore for Session {
    async fn list_json(&self, scoped: &Scoped, query: &ListQuery) -> Result<JsonPage, StoreError> {
        let dialect = self.dialect();
        let (mut select, shape) = read::select_json(scoped);
        read::restrict(&mut select, scoped, dialect);
        read::page(&mut select, scoped, query, dialect);
        let (stmt, shape) = (Stmt::build(dialect, &select), Arc::new(shape));
        if !query.count {
            let (items, _) = self.connection.query_json(stmt, shape).await?;
            return Ok(JsonPage { items: items.into(), total: None });
        }
        let total = read::total(scoped, query.skip, query.limit, dialect);
        let (items, total) = self.connection.page_json(stmt, total, shape).await?;
        Ok(JsonPage { items: items.into(), total: Some(total) })
    }

    async fn list(
        &self,
        scoped: &Scoped,
        query: &ListQuery,
    ) -> Result<(Vec<StoredRecord>, Option<u64>), StoreError> {
        let dialect = self.dialect();
        let mut select = read::select(scoped);
        read::restrict(&mut select, scoped, dialect);
        read::page(&mut select, scoped, query, dialect);
        let stmt = Stmt::build(dialect, &select);
        let (rows, total) = if query.count {
            let total = read::total(scoped, query.skip, query.limit, dialect);
            let (rows, total) = self.connection.page(stmt, total).await?;
            (rows, Some(total))
        } else {
            (self.connection.query(stmt).await?, None)
        };
        let records = rows.into_iter().map(|row| read::stored(scoped, row)).collect::<Result<_, _>>()?;
        Ok((records, total))
    }

    async fn seek(&self, scoped: &Scoped, query: &SeekQuery) -> Result<SeekPage, StoreError> {
        let stmt = Stmt::build(self.dialect(), &read::seek(scoped, query, self.dialect()));
        let (rows, total) = match query.count {
            false => (self.connection.query(stmt).await?, None),
            true => {
                // A page that asks for nothing tells no total: it is counted.
                let count = read::total(scoped, 0, 0, self.dialect());
                let (rows, total) = self.connection.page(stmt, count).await?;
                (rows, Some(total))
            }
        };
        let more = rows.len() as u64 > query.limit;
        let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
        let rows = rows.into_iter().take(wanted).map(|row| read::stored(scoped, row));
        let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
        if query.backwards {
            rows.reverse();
        }
        Ok(SeekPage { rows, more, total })
    }

    async fn stream(&self, scoped: &Scoped, sort: &[Sort]) -> Result<Box<dyn RecordCursor>, StoreError> {
        let stmt = Stmt::build(self.dialect(), &read::all(scoped, sort, self.dialect()));
        let rows = self.connection.stream(stmt).await?;
        Ok(Box::new(Streamed { rows, scoped: scoped.clone() }))
    }

    async fn view_json(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Bytes>, StoreError> {
        let (mut select, shape) = read::select_json(scoped);
        read::restrict(&mut select, scoped, self.dialect());
        select.and_where(column(scoped, "id").eq(id.as_str()));
        let stmt = Stmt::build(self.dialect(), &select);
        let (text, count) = self.connection.query_json(stmt, Arc::new(shape)).await?;
        Ok((count > 0).then(|| text.into()))
    }

    async fn view(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let found = self.find_many(scoped, &[id.as_str().to_owned()]).await?;
        Ok(found.into_iter().next())
    }

    async fn find_many(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<Record>, StoreError> {
        let mut select = read::select(scoped);
        read::restrict_to(&mut select, scoped, ids, self.dialect());
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().map(|row| read::stored(scoped, row).map(|stored| stored.record)).collect()
    }

    async fn account_of(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<AccountId>, StoreError> {
        let mut select = read::from(scoped);
        select.expr(column(scoped, "account_id"));
        read::restrict(&mut select, scoped, self.dialect());
        select.and_where(column(scoped, "id").eq(id.as_str()));
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        match rows.into_iter().next().map(|row| row.values.into_iter().next()) {
            Some(Some(SqlValue::String(Some(account)))) => {
                account.parse().map(Some).map_err(|_| StoreError::Inconsistent("an account's id".into()))
            }
            _ => Ok(None),
        }
    }

    async fn shows_file(&self, scoped: &Scoped, path: &str, fields: &[&str]) -> Result<bool, StoreError> {
        let mut select = read::from(scoped);
        select.expr(Expr::val(1i64)).limit(1);
        read::restrict(&mut select, scoped, self.dialect());
        let holders = holders(&scoped.compiled().collection, path, fields);
        select.and_where(column(scoped, "id").in_subquery(holders));
        Ok(!self.connection.query(Stmt::build(self.dialect(), &select)).await?.is_empty())
    }

    async fn existing(&self, scoped: &Scoped, ids: &[String]) -> Result<Vec<String>, StoreError> {
        let mut select = read::from(scoped);
        select.expr(column(scoped, "id"));
        read::restrict_to(&mut select, scoped, ids, self.dialect());
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        let text = |value| match value {
            Some(SqlValue::String(text)) => text,
            _ => None,
        };
        Ok(rows.into_iter().filter_map(|row| text(row.values.into_iter().next())).collect())
    }

    async fn scan(
        &self,
        scoped: &Scoped,
        after: Option<&RecordId>,
        limit: u64,
    ) -> Result<Vec<Record>, StoreError> {
        let mut select = read::select(scoped);
        read::restrict(&mut select, scoped, self.dialect());
        if let Some(after) = after {
            select.and_where(column(scoped, "id").gt(after.as_str()));
        }
        select.order_by_expr(column(scoped, "id"), sea_query::Order::Asc).limit(limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().map(|row| read::stored(scoped, row).map(|stored| stored.record)).collect()
    }

    async fn aggregate(&self, scoped: &Scoped, query: &AggregateQuery) -> Result<Vec<Group>, StoreError> {
        let rows = self.connection.query(aggregate::statement(scoped, query, self.dialect())).await?;
        rows.into_iter().map(|row| aggregate::group(scoped, query, row)).collect()
    }

    async fn take(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let rows = self.connection.query(write::take(scoped, id, self.dialect())).await?;
        rows.into_iter().next().map(|row| read::record(scoped, row.values)).transpose()
    }

    async fn take_referring(
        &self,
        scoped: &Scoped,
        field: &str,
        targets: &[String],
        limit: u64,
    ) -> Result<Vec<Referring>, StoreError> {
        let stmt = write::take_referring(scoped, field, targets, limit, self.dialect());
        let rows = self.connection.query(stmt).await?;
        let referring = |row: Row| match <[SqlValue; 2]>::try_from(row.values) {
            Ok([SqlValue::String(Some(id)), SqlValue::String(Some(target))]) => Ok(Referring { id, target }),
            _ => Err(StoreError::Inconsistent("a reference cannot be read".into())),
        };
        rows.into_iter().map(referring).collect()
    }

    async fn hold(&self, scoped: &Scoped, id: &RecordId) -> Result<(), StoreError> {
        match write::hold(scoped, id, self.dialect()) {
            Some(stmt) => self.connection.query(stmt).await.map(drop),
            // The one writer is ours until the transaction ends.
            None => Ok(()),
        }
    }

    async fn insert(&self, scoped: &Scoped, record: &Record) -> Result<(), StoreError> {
        let stmt = write::insert(scoped, record, self.dialect());
        self.connection.execute(stmt).await.map_err(|e| write::name_conflict(scoped, e))?;
        let collection = &scoped.compiled().collection;
        self.note_files(collection, record.account_id, &record.id, &record.values).await
    }

    async fn update(
        &self,
        scoped: &Scoped,
        id: &RecordId,
        changes: &[Option<Value>],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Option<Record>, StoreError> {
        let Some(conditions) = self.conditions(scoped, id).await? else { return Ok(None) };
        let stmt = write::update(scoped, id, changes, updated_at, updated_by, conditions, self.dialect());
        let rows = self.connection.query(stmt).await.map_err(|e| write::name_conflict(scoped, e))?;
        let record = rows.into_iter().next().map(|row| read::record(scoped, row.values)).transpose()?;
        if let Some(record) = &record {
            let collection = &scoped.compiled().collection;
            self.note_changed_files(collection, record.account_id, id, changes).await?;
        }
        Ok(record)
    }

    fn condition(&self, scoped: &Scoped) -> String {
        let Some(condition) = read::predicate(scoped, self.dialect()) else {
            return String::new();
        };
        let sql = Stmt::build(self.dialect(), &sea_query::Query::select().expr(condition).take()).sql;
        sql.strip_prefix("SELECT ").unwrap_or(&sql).to_owned()
    }

    async fn delete(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let Some(conditions) = self.conditions(scoped, id).await? else { return Ok(None) };
        let stmt = write::delete(scoped, id, conditions, self.dialect());
        let rows = self.connection.query(stmt).await?;
        let deleted = rows.into_iter().next().map(|row| read::record(scoped, row.values)).transpose()?;
        if deleted.is_some() {
            self.forget_files(&scoped.compiled().collection, std::iter::once(id.as_str())).await?;
        }
        Ok(deleted)
    }

    async fn clear_references(
        &self,
        scoped: &Scoped,
        fields: &[usize],
        records: &[Record],
        updated_at: i64,
        updated_by: &str,
    ) -> Result<Vec<Record>, StoreError> {
        let stamp = Some((updated_at, updated_by));
        let ids = records.iter().map(|record| record.id.as_str());
        let stmt = write::empty(scoped, fields, ids, stamp, self.dialect());
        let rows = self.connection.query(stmt).await?;
        rows.into_iter().map(|row| read::record(scoped, row.values)).collect()
    }

    async fn cut_references(&self, scoped: &Scoped, field: usize, ids: &[String]) -> Result<(), StoreError> {
        let ids = ids.iter().map(String::as_str);
        let stmt = write::empty(scoped, &[field], ids, None, self.dialect());
        self.connection.execute(stmt).await.map(drop)
    }

    async fn delete_taken(&self, scoped: &Scoped, records: &[Record]) -> Result<(), StoreError> {
        let ids = || records.iter().map(|record| record.id.as_str());
        self.connection.execute(write::delete_taken(scoped, ids(), self.dialect())).await?;
        self.forget_files(&scoped.compiled().collection, ids()).await
    }
}

impl Session {
    /// What has to hold for a record in the statement that changes or deletes it; `None` when it is
    /// known not to.
    ///
    /// On SQLite stored macros are asked before: where a statement that writes is cut off, SQLite
    /// undoes the whole transaction, and with it all units of work that share the commit. Nobody
    /// else writes in between.
    async fn conditions(&self, scoped: &Scoped, id: &RecordId) -> Result<Option<Vec<Expr>>, StoreError> {
        let dialect = self.dialect();
        if dialect == Dialect::Postgres || scoped.macros().is_none() {
            return Ok(Some(read::reach(scoped, dialect)));
        }
        let reached = self.connection.query(write::reached(scoped, id, dialect)).await?;
        Ok((!reached.is_empty()).then(|| read::bounds(scoped, dialect)))
    }
}

/// Records of a list as they are fetched.
struct Streamed {
    rows: RowCursor,
    scoped: Scoped,
}

#[async_trait]
impl RecordCursor for Streamed {
    async fn next(&mut self) -> Result<Vec<StoredRecord>, StoreError> {
        let rows = self.rows.next().await?;
        rows.into_iter().map(|row| read::stored(&self.scoped, row)).collect()
    }
}

/// The condition that a row's account is within reach.
fn within(scoped: &Scoped, account: AccountId) -> Expr {
    column(scoped, "account_id").eq(account.to_string())
}
