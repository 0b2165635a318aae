//! The audit log: changes, their entries, and the heads of the chains.

use async_trait::async_trait;
use sea_orm::Iden;
use sea_query::{
    Alias, Cond, Expr, ExprTrait, Func, LockType, OnConflict, Order, Query, SelectStatement, SimpleExpr,
    Value,
};
use snackbase_application::ports::{
    AuditEntry, AuditExtent, AuditFilter, AuditLog, AuditQuery, AuditSort, QueuedChange, StoreError,
};
use snackbase_domain::AccountId;
use snackbase_domain::audit::{AuditOperation, Cell, ChainHead, Change, Signature};
use snackbase_rls::Dialect;

use crate::driver::{Row, Stmt, scalar};
use crate::entity::audit_change::{self as change, Column as C};
use crate::entity::audit_entry::{self as entry, Column as E};
use crate::entity::audit_head::{self as head, Column as H};
use crate::entity::audit_queue::{self as queue, Column as Q};
use crate::records::physical;
use crate::store::Session;

/// Most rows of one INSERT: databases bound the number of values.
const ROWS_AT_ONCE: usize = 500;

/// The name of an account's chain, or of the whole log's.
fn chain(account: Option<AccountId>) -> String {
    account.map(|account| account.to_string()).unwrap_or_default()
}

fn heads() -> SelectStatement {
    let mut select = Query::select();
    select.columns([H::Chain, H::Changes, H::Entries, H::Checksum, H::Seal]).from(head::Entity);
    // The whole log's name is empty and so comes first.
    select.order_by(H::Chain, Order::Asc);
    select
}

/// Values of a row, one after the other.
struct Values(std::vec::IntoIter<Value>);

impl Values {
    fn new(row: Row) -> Self {
        Self(row.values.into_iter())
    }

    fn broken() -> StoreError {
        StoreError::Inconsistent("the audit log cannot be read".into())
    }

    fn text(&mut self) -> Result<Option<String>, StoreError> {
        match self.0.next() {
            Some(Value::String(text)) => Ok(text),
            _ => Err(Self::broken()),
        }
    }

    fn needed(&mut self) -> Result<String, StoreError> {
        self.text()?.ok_or_else(Self::broken)
    }

    fn number(&mut self) -> Result<i64, StoreError> {
        match self.0.next() {
            Some(Value::BigInt(Some(number))) => Ok(number),
            _ => Err(Self::broken()),
        }
    }

    fn time(&mut self) -> Result<Option<chrono::DateTime<chrono::Utc>>, StoreError> {
        match self.0.next() {
            Some(Value::ChronoDateTimeUtc(time)) => Ok(time),
            _ => Err(Self::broken()),
        }
    }
}

fn read_head(row: Row) -> Result<ChainHead, StoreError> {
    let mut values = Values::new(row);
    let chain = values.needed()?;
    let account_id = match chain.is_empty() {
        true => None,
        false => Some(chain.parse().map_err(|_| Values::broken())?),
    };
    Ok(ChainHead {
        account_id,
        changes: values.number()?,
        entries: values.number()?,
        checksum: values.needed()?,
        seal: values.needed()?,
    })
}

/// Entries with their changes and the checksums before them.
fn entries() -> SelectStatement {
    let mut select = Query::select();
    for column in [E::Id, E::ColumnName, E::OldValue, E::NewValue, E::Checksum] {
        select.column((entry::Entity, column));
    }
    for column in [
        C::Id,
        C::AccountId,
        C::AccountSequence,
        C::Operation,
        C::TableName,
        C::RecordId,
        C::UserId,
        C::UserEmail,
        C::AuthMethod,
        C::EsUsername,
        C::EsReason,
        C::EsTimestamp,
        C::IpAddress,
        C::UserAgent,
        C::RequestId,
        C::OccurredAt,
        C::Seal,
    ] {
        select.expr_as(
            Expr::col((change::Entity, column)),
            Alias::new(format!("change_{}", column.unquoted())),
        );
    }
    let before = Alias::new("before");
    select
        .expr_as(Expr::col((before.clone(), E::Checksum)), Alias::new("previous_hash"))
        .from(entry::Entity)
        .inner_join(change::Entity, Expr::col((change::Entity, C::Id)).equals((entry::Entity, E::ChangeId)))
        .join_as(
            sea_query::JoinType::LeftJoin,
            entry::Entity,
            before.clone(),
            Expr::col((before, E::Id)).eq(Expr::col((entry::Entity, E::Id)).sub(1)),
        );
    select
}

fn read_entry(row: Row) -> Result<AuditEntry, StoreError> {
    let mut values = Values::new(row);
    let cell = Cell {
        id: values.number()?,
        column_name: values.needed()?,
        old_value: values.text()?,
        new_value: values.text()?,
        checksum: values.needed()?,
    };
    let (id, account, sequence) = (values.number()?, values.needed()?, values.number()?);
    let operation = AuditOperation::named(&values.needed()?).ok_or_else(Values::broken)?;
    let (table_name, record_id, user) = (values.needed()?, values.needed()?, values.needed()?);
    let (user_email, auth_method) = (values.needed()?, values.needed()?);
    let (username, reason, at) = (values.text()?, values.text()?, values.time()?);
    let change = Change {
        id,
        account_id: own(&account)?,
        account_sequence: sequence,
        operation,
        table_name,
        record_id,
        user_id: own(&user)?,
        user_email,
        auth_method,
        signature: username.zip(at).map(|(username, at)| Signature { username, reason, at }),
        ip_address: values.text()?,
        user_agent: values.text()?,
        request_id: values.text()?,
        occurred_at: values.time()?.ok_or_else(Values::broken)?,
        cells: Vec::new(),
        seal: values.needed()?,
    };
    Ok(AuditEntry { change, cell, previous_hash: values.text()? })
}

/// The condition that a change is meant.
fn meant(filter: &AuditFilter) -> Cond {
    let is = |column: C, value: &Option<String>| {
        value.as_ref().map(|value| Expr::col((change::Entity, column)).eq(value.as_str()))
    };
    let occurred = || Expr::col((change::Entity, C::OccurredAt));
    Cond::all()
        .add_option(is(C::AccountId, &filter.account_id))
        .add_option(is(C::TableName, &filter.table_name))
        .add_option(is(C::RecordId, &filter.record_id))
        .add_option(is(C::UserId, &filter.user_id))
        .add_option(is(C::Operation, &filter.operation))
        .add_option(filter.from.map(|from| occurred().gte(from)))
        .add_option(filter.to.map(|to| occurred().lte(to)))
}

/// What a row is sorted by.
fn sorted(by: AuditSort) -> SimpleExpr {
    let of_change = |column: C| Expr::col((change::Entity, column));
    match by {
        AuditSort::Id => Expr::col((entry::Entity, E::Id)),
        AuditSort::ColumnName => Expr::col((entry::Entity, E::ColumnName)),
        AuditSort::OccurredAt => of_change(C::OccurredAt),
        AuditSort::AccountId => of_change(C::AccountId),
        AuditSort::Operation => of_change(C::Operation),
        AuditSort::TableName => of_change(C::TableName),
        AuditSort::RecordId => of_change(C::RecordId),
        AuditSort::UserId => of_change(C::UserId),
        AuditSort::UserEmail => of_change(C::UserEmail),
    }
}

fn insert_changes(changes: &[Change], dialect: Dialect) -> Stmt {
    let mut insert = Query::insert();
    insert.into_table(change::Entity).columns([
        C::Id,
        C::AccountId,
        C::AccountSequence,
        C::Operation,
        C::TableName,
        C::RecordId,
        C::UserId,
        C::UserEmail,
        C::AuthMethod,
        C::EsUsername,
        C::EsReason,
        C::EsTimestamp,
        C::IpAddress,
        C::UserAgent,
        C::RequestId,
        C::OccurredAt,
        C::FirstEntry,
        C::LastEntry,
        C::Seal,
    ]);
    for change in changes {
        let signature = change.signature.as_ref();
        insert.values_panic([
            change.id.into(),
            change.account_id.to_string().into(),
            change.account_sequence.into(),
            change.operation.name().into(),
            change.table_name.as_str().into(),
            change.record_id.as_str().into(),
            change.user_id.to_string().into(),
            change.user_email.as_str().into(),
            change.auth_method.as_str().into(),
            signature.map(|s| s.username.clone()).into(),
            signature.and_then(|s| s.reason.clone()).into(),
            signature.map(|s| s.at).into(),
            change.ip_address.clone().into(),
            change.user_agent.clone().into(),
            change.request_id.clone().into(),
            change.occurred_at.into(),
            change.cells.first().map_or(0, |cell| cell.id).into(),
            change.cells.last().map_or(0, |cell| cell.id).into(),
            change.seal.as_str().into(),
        ]);
    }
    Stmt::build(dialect, &insert)
}

fn insert_entries(entries: &[(i64, &Cell)], dialect: Dialect) -> Stmt {
    let mut insert = Query::insert();
    insert.into_table(entry::Entity).columns([
        E::Id,
        E::ChangeId,
        E::ColumnName,
        E::OldValue,
        E::NewValue,
        E::Checksum,
    ]);
    for (change, cell) in entries {
        insert.values_panic([
            cell.id.into(),
            (*change).into(),
            cell.column_name.as_str().into(),
            cell.old_value.clone().into(),
            cell.new_value.clone().into(),
            cell.checksum.as_str().into(),
        ]);
    }
    Stmt::build(dialect, &insert)
}

fn store_heads(heads: &[ChainHead], dialect: Dialect) -> Stmt {
    let mut insert = Query::insert();
    insert.into_table(head::Entity).columns([H::Chain, H::Changes, H::Entries, H::Checksum, H::Seal]);
    for head in heads {
        insert.values_panic([
            chain(head.account_id).into(),
            head.changes.into(),
            head.entries.into(),
            head.checksum.as_str().into(),
            head.seal.as_str().into(),
        ]);
    }
    let changed = [H::Changes, H::Entries, H::Checksum, H::Seal];
    insert.on_conflict(OnConflict::column(H::Chain).update_columns(changed).to_owned());
    Stmt::build(dialect, &insert)
}

/// An id in the form that we write it in; others are not of our making.
fn own<T: std::str::FromStr + ToString>(text: &str) -> Result<T, StoreError> {
    let id: T = text.parse().map_err(|_| Values::broken())?;
    if id.to_string() == text { Ok(id) } else { Err(Values::broken()) }
}

const EXTENT: &str = "SELECT \
     CAST((SELECT COUNT(*) FROM audit_changes) AS bigint), \
     CAST((SELECT COUNT(*) FROM audit_log) AS bigint), \
     CAST((SELECT COALESCE(SUM(last_entry - first_entry + 1), 0) FROM audit_changes) AS bigint), \
     CAST((SELECT COALESCE(MAX(changes), 0) FROM audit_heads WHERE chain = '') AS bigint), \
     CAST((SELECT COALESCE(MAX(entries), 0) FROM audit_heads WHERE chain = '') AS bigint)";

#[async_trait]
impl AuditLog for Session {
    async fn queue(&self, changes: &[QueuedChange]) -> Result<(), StoreError> {
        let part = |part: &[QueuedChange]| {
            let mut insert = Query::insert();
            insert.into_table(queue::Entity).columns([Q::Payload, Q::Seal]);
            for change in part {
                insert.values_panic([change.payload.as_str().into(), change.seal.as_str().into()]);
            }
            Stmt::build(self.dialect(), &insert)
        };
        self.connection.execute_all(changes.chunks(ROWS_AT_ONCE).map(part).collect()).await
    }

    async fn queued(&self, after: i64, limit: u64) -> Result<Vec<QueuedChange>, StoreError> {
        let mut select = Query::select();
        select.columns([Q::Id, Q::Payload, Q::Seal]).from(queue::Entity);
        select.and_where(Expr::col(Q::Id).gt(after));
        select.order_by(Q::Id, Order::Asc).limit(limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter()
            .map(|row| {
                let mut values = Values::new(row);
                let (id, payload) = (values.number()?, values.needed()?);
                Ok(QueuedChange { id, payload, seal: values.needed()? })
            })
            .collect()
    }

    async fn remove_queued(&self, ids: &[i64]) -> Result<(), StoreError> {
        let mut delete = Query::delete();
        delete.from_table(queue::Entity).and_where(Expr::col(Q::Id).is_in(ids.iter().copied()));
        self.connection.execute(Stmt::build(self.dialect(), &delete)).await?;
        Ok(())
    }

    async fn hold_row(&self, table: &str, id: &str) -> Result<(), StoreError> {
        match self.dialect() {
            Dialect::Postgres => {
                let mut select = Query::select();
                select
                    .expr(Expr::val(1))
                    .from(Alias::new(physical(table)))
                    .and_where(Expr::col(Alias::new("id")).eq(id))
                    .lock(LockType::NoKeyUpdate);
                self.connection.query(Stmt::build(self.dialect(), &select)).await?;
            }
            // The one writer is ours until the transaction ends.
            Dialect::Sqlite => {}
        }
        Ok(())
    }

    async fn lock_heads(&self, accounts: &[AccountId]) -> Result<Vec<ChainHead>, StoreError> {
        match self.dialect() {
            // Who has the whole log's head may write the others too. They are read by a
            // statement of their own: one that waits for the lock does not see heads that
            // were made meanwhile.
            Dialect::Postgres => {
                let mut log = heads();
                log.and_where(Expr::col(H::Chain).eq(chain(None))).lock(LockType::Update);
                self.connection.query(Stmt::build(self.dialect(), &log)).await?;
            }
            // The one writer is ours until the transaction ends.
            Dialect::Sqlite => {}
        }
        let mut names = vec![chain(None)];
        names.extend(accounts.iter().map(|account| chain(Some(*account))));
        let mut select = heads();
        select.and_where(Expr::col(H::Chain).is_in(names));
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        let known = rows.into_iter().map(read_head).collect::<Result<Vec<_>, _>>()?;
        let wanted = std::iter::once(None).chain(accounts.iter().copied().map(Some));
        let head = |of: Option<AccountId>| known.iter().find(|head| head.account_id == of).cloned();
        Ok(wanted.map(|of| head(of).unwrap_or_else(|| ChainHead::empty(of))).collect())
    }

    async fn append(&self, changes: &[Change], heads: &[ChainHead]) -> Result<(), StoreError> {
        let dialect = self.dialect();
        let mut statements: Vec<_> =
            changes.chunks(ROWS_AT_ONCE).map(|part| insert_changes(part, dialect)).collect();
        let cells: Vec<_> = changes
            .iter()
            .flat_map(|change| change.cells.iter().map(move |cell| (change.id, cell)))
            .collect();
        statements.extend(cells.chunks(ROWS_AT_ONCE).map(|part| insert_entries(part, dialect)));
        statements.push(store_heads(heads, dialect));
        self.connection.execute_all(statements).await
    }

    async fn find(&self, id: i64) -> Result<Option<AuditEntry>, StoreError> {
        let mut select = entries();
        select.and_where(Expr::col((entry::Entity, E::Id)).eq(id));
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().next().map(read_entry).transpose()
    }

    async fn page(&self, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
        let mut select = entries();
        let order = if query.descending { Order::Desc } else { Order::Asc };
        select.cond_where(meant(&query.filter)).order_by_expr(sorted(query.sort), order);
        if query.sort != AuditSort::Id {
            select.order_by((entry::Entity, E::Id), Order::Desc);
        }
        select.offset(query.skip).limit(query.limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().map(read_entry).collect()
    }

    async fn count(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        // Entries of a change are numbered without gaps: no need to look at them.
        let entries =
            Expr::col((change::Entity, C::LastEntry)).sub(Expr::col((change::Entity, C::FirstEntry))).add(1);
        let sum = Func::coalesce([Expr::from(Func::sum(entries)), Expr::val(0)]);
        let mut select = Query::select();
        select
            .expr(Expr::from(sum).cast_as(Alias::new("bigint")))
            .from(change::Entity)
            .cond_where(meant(filter));
        Ok(scalar(&self.connection.query(Stmt::build(self.dialect(), &select)).await?))
    }

    async fn heads(&self) -> Result<Vec<ChainHead>, StoreError> {
        let rows = self.connection.query(Stmt::build(self.dialect(), &heads())).await?;
        rows.into_iter().map(read_head).collect()
    }

    async fn entries_after(&self, id: i64, limit: u64) -> Result<Vec<AuditEntry>, StoreError> {
        let mut select = entries();
        select.and_where(Expr::col((entry::Entity, E::Id)).gt(id));
        select.order_by((entry::Entity, E::Id), Order::Asc).limit(limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), &select)).await?;
        rows.into_iter().map(read_entry).collect()
    }

    async fn extent(&self) -> Result<AuditExtent, StoreError> {
        let rows = self.connection.query(Stmt::new(EXTENT, Vec::new())).await?;
        let mut values = Values::new(rows.into_iter().next().ok_or_else(Values::broken)?);
        Ok(AuditExtent {
            changes: values.number()?,
            entries: values.number()?,
            entries_of_changes: values.number()?,
            head_changes: values.number()?,
            head_entries: values.number()?,
        })
    }
}
