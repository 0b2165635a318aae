//! Who is in which channel.

use async_trait::async_trait;
use sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement, Value};
use snackbase_application::ports::{Presence, PresenceRepository, StoreError};
use snackbase_domain::AccountId;

use crate::driver::{Row, Stmt};
use crate::store::Session;

const TABLE: &str = "realtime_presence";
const COLUMNS: [&str; 8] = ["id", "account_id", "channel", "user_id", "meta", "node", "joined_at", "until"];

fn table() -> Alias {
    Alias::new(TABLE)
}

fn column(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

fn broken() -> StoreError {
    StoreError::Inconsistent("a row of realtime_presence cannot be read".into())
}

fn text(value: Value) -> Result<String, StoreError> {
    match value {
        Value::String(Some(text)) => Ok(text),
        _ => Err(broken()),
    }
}

fn number(value: Value) -> Result<i64, StoreError> {
    match value {
        Value::BigInt(Some(number)) => Ok(number),
        _ => Err(broken()),
    }
}

fn read(row: Row) -> Result<Presence, StoreError> {
    let values: [Value; 8] = row.values.try_into().map_err(|_| broken())?;
    let [id, account, channel, user, meta, node, joined_at, until] = values;
    Ok(Presence {
        id: text(id)?,
        account_id: text(account)?.parse().map_err(|_| broken())?,
        channel: text(channel)?,
        user_id: text(user)?.parse().map_err(|_| broken())?,
        meta: text(meta)?,
        node: text(node)?,
        joined_at: number(joined_at)?,
        until: number(until)?,
    })
}

impl Session {
    async fn presences(&self, select: &mut SelectStatement, limit: u64) -> Result<Vec<Presence>, StoreError> {
        select.columns(COLUMNS.map(Alias::new)).from(table());
        select
            .order_by(Alias::new("joined_at"), Order::Asc)
            .order_by(Alias::new("id"), Order::Asc)
            .limit(limit);
        let rows = self.connection.query(Stmt::build(self.dialect(), select)).await?;
        rows.into_iter().map(read).collect()
    }
}

#[async_trait]
impl PresenceRepository for Session {
    async fn join(&self, presence: &Presence) -> Result<bool, StoreError> {
        let mut insert = Query::insert();
        insert.into_table(table()).columns(COLUMNS.map(Alias::new)).values_panic([
            presence.id.as_str().into(),
            presence.account_id.to_string().into(),
            presence.channel.as_str().into(),
            presence.user_id.to_string().into(),
            presence.meta.as_str().into(),
            presence.node.as_str().into(),
            presence.joined_at.into(),
            presence.until.into(),
        ]);
        insert.on_conflict(OnConflict::column(Alias::new("id")).do_nothing().to_owned());
        Ok(self.connection.execute(Stmt::build(self.dialect(), &insert)).await? > 0)
    }

    async fn describe(&self, id: &str, meta: &str) -> Result<bool, StoreError> {
        let mut update = Query::update();
        update.table(table()).value(Alias::new("meta"), meta).and_where(column("id").eq(id));
        Ok(self.connection.execute(Stmt::build(self.dialect(), &update)).await? > 0)
    }

    async fn leave(&self, id: &str) -> Result<bool, StoreError> {
        let mut delete = Query::delete();
        delete.from_table(table()).and_where(column("id").eq(id));
        Ok(self.connection.execute(Stmt::build(self.dialect(), &delete)).await? > 0)
    }

    async fn present(
        &self,
        account: AccountId,
        channel: &str,
        limit: u64,
    ) -> Result<Vec<Presence>, StoreError> {
        let mut select = Query::select();
        select
            .and_where(column("account_id").eq(account.to_string()))
            .and_where(column("channel").eq(channel));
        self.presences(&mut select, limit).await
    }

    async fn renew(&self, node: &str, until: i64) -> Result<u64, StoreError> {
        let mut update = Query::update();
        update.table(table()).value(Alias::new("until"), until).and_where(column("node").eq(node));
        self.connection.execute(Stmt::build(self.dialect(), &update)).await
    }

    async fn stranded(&self, now: i64, limit: u64) -> Result<Vec<Presence>, StoreError> {
        let mut select = Query::select();
        select.and_where(column("until").lt(now));
        self.presences(&mut select, limit).await
    }
}
