//! The log of what happened.
//!
//! SQLite has one writer, so the ids that it gives are in the order of commits and are the positions.
//! PostgreSQL gives ids to transactions that run side by side: what is committed later may have the
//! smaller one, and who reads on from an id would miss it. So entries are written to `realtime_queue`,
//! where no transaction waits for another one, and whoever settles moves those that are committed by then
//! to `realtime_log`, with positions that go on from the head's. He holds the head, so one does it at a
//! time, and places become visible in their order. A change of a record has a smaller id in the queue
//! than the next one, which began to be written when the row was free again; that there may be others
//! with smaller ids, not committed yet, matters to nobody.

use async_trait::async_trait;
use sea_query::{Alias, Expr, ExprTrait, Order, Query, Value};
use snackbase_application::ports::{
    LogBounds, LogEntry, LogEntryKind, NewLogEntry, RealtimeLog, RecordOperation, StoreError,
};
use snackbase_rls::Dialect;

use crate::driver::{Row, Stmt, scalar};
use crate::entity::realtime_entry::{self as entry, Column as C};
use crate::store::Session;

/// The channel on which PostgreSQL tells that entries have got places.
pub(crate) const REALTIME_CHANNEL: &str = "snackbase_realtime";

/// Most rows of one INSERT: databases bound the number of values.
const ROWS_AT_ONCE: usize = 500;

const COLUMNS: [C; 7] =
    [C::Kind, C::AccountId, C::CollectionId, C::RecordId, C::Operation, C::Body, C::OccurredAt];

/// Takes the head. A statement of its own: the next one sees what was committed until the head was
/// free. That one is to go by the index whatever the planner believes of a table whose rows come and go.
const TAKE_HEAD: &str = "SELECT set_config('enable_seqscan', 'off', TRUE), set_config('jit', 'off', TRUE)
    FROM realtime_head FOR UPDATE";

/// Moves entries to their places. The head keeps the snapshot in which all that was there was moved: what
/// is new was written by transactions that were under way then, or began later. So entries that were moved
/// are not met again, though PostgreSQL cannot clear them away as long as an old transaction is open. A
/// snapshot from the future was restored from another server, and tells nothing. The payload of the
/// notification is the last position, which all may know.
const PLACE: &str = "WITH head AS (
        SELECT last, CASE WHEN pg_snapshot_xmax(seen) <= pg_snapshot_xmax(pg_current_snapshot()) THEN seen END
            AS seen
        FROM realtime_head
    ), taken AS (
        DELETE FROM realtime_queue WHERE id IN (
            SELECT id FROM (
                SELECT id FROM realtime_queue
                WHERE xid >= (SELECT COALESCE(pg_snapshot_xmax(seen), '0') FROM head)
                UNION ALL
                SELECT id FROM realtime_queue WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip(seen) FROM head))
            ) waiting
            ORDER BY id LIMIT $1
        )
        RETURNING id, kind, account_id, collection_id, record_id, operation, body, occurred_at
    ), placed AS (
        INSERT INTO realtime_log
            (position, kind, account_id, collection_id, record_id, operation, body, occurred_at)
        SELECT head.last + row_number() OVER (ORDER BY taken.id), kind, account_id, collection_id, record_id,
            operation, body, occurred_at
        FROM taken CROSS JOIN head
        RETURNING 1
    )
    UPDATE realtime_head SET last = last + moved.entries,
        seen = CASE WHEN moved.entries < $1 THEN pg_current_snapshot() ELSE seen END
    FROM (SELECT count(*) AS entries FROM placed) moved WHERE moved.entries > 0
    RETURNING moved.entries, pg_notify('snackbase_realtime', last::text)";

fn broken() -> StoreError {
    StoreError::Inconsistent("the realtime log cannot be read".into())
}

fn text(value: Value) -> Result<Option<String>, StoreError> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(broken()),
    }
}

fn number(value: Value) -> Result<i64, StoreError> {
    match value {
        Value::BigInt(Some(number)) => Ok(number),
        _ => Err(broken()),
    }
}

fn position(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| broken())
}

/// No position is beyond what the databases count.
fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn id<T: std::str::FromStr>(value: Value) -> Result<Option<T>, StoreError> {
    text(value)?.map(|id| id.parse().map_err(|_| broken())).transpose()
}

fn read(row: Row) -> Result<LogEntry, StoreError> {
    let values: [Value; 8] = row.values.try_into().map_err(|_| broken())?;
    let [at, kind, account, collection, record, operation, body, occurred_at] = values;
    let operation = text(operation)?;
    Ok(LogEntry {
        position: position(number(at)?)?,
        kind: LogEntryKind::named(&text(kind)?.ok_or_else(broken)?).ok_or_else(broken)?,
        account_id: id(account)?,
        collection_id: id(collection)?,
        record_id: text(record)?,
        operation: operation.map(|name| RecordOperation::named(&name).ok_or_else(broken)).transpose()?,
        body: text(body)?.ok_or_else(broken)?,
        occurred_at: number(occurred_at)?,
    })
}

/// Where entries are written first.
fn entrance(dialect: Dialect) -> Alias {
    Alias::new(match dialect {
        Dialect::Sqlite => "realtime_log",
        Dialect::Postgres => "realtime_queue",
    })
}

fn insert(entries: &[NewLogEntry], dialect: Dialect) -> Stmt {
    let mut insert = Query::insert();
    insert.into_table(entrance(dialect)).columns(COLUMNS);
    for entry in entries {
        insert.values_panic([
            entry.kind.name().into(),
            entry.account_id.map(|id| id.to_string()).into(),
            entry.collection_id.map(|id| id.to_string()).into(),
            entry.record_id.clone().into(),
            entry.operation.map(RecordOperation::name).into(),
            entry.body.as_str().into(),
            entry.occurred_at.into(),
        ]);
    }
    Stmt::build(dialect, &insert)
}

#[async_trait]
impl RealtimeLog for Session {
    async fn append(&self, entries: &[NewLogEntry]) -> Result<(), StoreError> {
        let statements = entries.chunks(ROWS_AT_ONCE).map(|part| insert(part, self.dialect()));
        self.connection.execute_all(statements.collect()).await
    }

    async fn settle(&self, limit: u64) -> Result<u64, StoreError> {
        match self.dialect() {
            Dialect::Sqlite => Ok(0),
            Dialect::Postgres => {
                self.connection.query(Stmt::new(TAKE_HEAD, Vec::new())).await?;
                let place = Stmt::new(PLACE, vec![bound(limit).into()]);
                Ok(scalar(&self.connection.query(place).await?))
            }
        }
    }

    async fn after(&self, position: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        let mut select = Query::select();
        select.column(C::Position).columns(COLUMNS).from(entry::Entity);
        select.and_where(Expr::col(C::Position).gt(bound(position)));
        select.order_by(C::Position, Order::Asc).limit(limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().map(read).collect()
    }

    async fn bounds(&self) -> Result<LogBounds, StoreError> {
        let last = match self.dialect() {
            Dialect::Sqlite => "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'realtime_log'), 0)",
            Dialect::Postgres => "last",
        };
        let sql = format!(
            "SELECT epoch, CAST(COALESCE((SELECT MIN(position) FROM realtime_log), {last} + 1) AS bigint), \
             CAST({last} AS bigint) FROM realtime_head"
        );
        let rows = self.connection.query(Stmt::new(sql, Vec::new())).await?;
        let row = rows.into_iter().next().ok_or_else(broken)?;
        let [epoch, first, last]: [Value; 3] = row.values.try_into().map_err(|_| broken())?;
        Ok(LogBounds {
            epoch: text(epoch)?.ok_or_else(broken)?,
            first: position(number(first)?)?,
            last: position(number(last)?)?,
        })
    }

    async fn forget_before(&self, occurred_before: i64, limit: u64) -> Result<u64, StoreError> {
        let oldest = Alias::new("oldest");
        let some = Query::select()
            .columns([C::Position, C::OccurredAt])
            .from(entry::Entity)
            .order_by(C::Position, Order::Asc)
            .limit(limit)
            .take();
        let newest = Query::select()
            .expr(Expr::col(C::Position).max())
            .from_subquery(some, oldest)
            .and_where(Expr::col(C::OccurredAt).lt(occurred_before))
            .take();
        let mut delete = Query::delete();
        delete.from_table(entry::Entity).and_where(Expr::col(C::Position).lte(newest));
        self.connection.execute(Stmt::build(self.dialect(), &delete)).await
    }
}
