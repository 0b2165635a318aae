//! Counts over all accounts.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use sea_query::{Alias, Expr, ExprTrait, IntoIden, Query, SelectStatement, Value};
use snackbase_application::ports::{DayCounts, Statistics, StatisticsRepository, StoreError, Workload};
use snackbase_domain::audit::AuditOperation;
use snackbase_domain::mail::EmailStatus;
use snackbase_rls::Dialect;

use crate::accounts::{not_hidden, of_visible_accounts};
use crate::driver::error::from_orm;
use crate::driver::{Stmt, scalar};
use crate::entity::{account, audit_change, audit_queue, email_log, file, refresh_token, user};
use crate::store::Session;

/// The day of a time in UTC, as `YYYY-MM-DD`.
fn day(column: impl IntoIden, dialect: Dialect) -> Expr {
    let column = column.into_iden();
    let name = column.inner();
    match dialect {
        Dialect::Sqlite => Expr::cust(format!("substr(\"{name}\", 1, 10)")),
        Dialect::Postgres => Expr::cust(format!("to_char(\"{name}\" AT TIME ZONE 'UTC', 'YYYY-MM-DD')")),
    }
}

/// How many rows each day has, from a moment on.
fn per_day(
    table: impl sea_query::IntoTableRef,
    time: impl IntoIden + Copy,
    from: DateTime<Utc>,
    dialect: Dialect,
) -> SelectStatement {
    Query::select()
        .expr_as(day(time, dialect), Alias::new("day"))
        .expr(Expr::cust("COUNT(*)"))
        .from(table)
        .and_where(Expr::col(time).gte(from))
        .add_group_by([day(time, dialect)])
        .take()
}

/// A day, a number and perhaps a word of a row.
fn counted(values: &[Value]) -> Option<(NaiveDate, u64, Option<&str>)> {
    match values {
        [Value::String(Some(day)), Value::BigInt(Some(count)), rest @ ..] => {
            let word = match rest {
                [Value::String(Some(word))] => Some(word.as_str()),
                _ => None,
            };
            Some((day.parse().ok()?, u64::try_from(*count).ok()?, word))
        }
        _ => None,
    }
}

#[async_trait]
impl StatisticsRepository for Session {
    async fn count(&self, now: DateTime<Utc>, since: DateTime<Utc>) -> Result<Statistics, StoreError> {
        let orm = self.orm();
        let accounts = account::Entity::find().filter(not_hidden());
        let users = user::Entity::find().filter(of_visible_accounts(user::Column::AccountId));
        let sessions = refresh_token::Entity::find()
            .filter(of_visible_accounts(refresh_token::Column::AccountId))
            .filter(refresh_token::Column::RevokedAt.is_null())
            .filter(refresh_token::Column::ExpiresAt.gt(now));
        let new_accounts = accounts.clone().filter(account::Column::CreatedAt.gte(since));
        let new_users = users.clone().filter(user::Column::CreatedAt.gte(since));
        Ok(Statistics {
            accounts: accounts.count(orm).await.map_err(from_orm)?,
            new_accounts: new_accounts.count(orm).await.map_err(from_orm)?,
            users: users.count(orm).await.map_err(from_orm)?,
            new_users: new_users.count(orm).await.map_err(from_orm)?,
            active_sessions: sessions.count(orm).await.map_err(from_orm)?,
        })
    }

    async fn daily(&self, from: NaiveDate) -> Result<Vec<DayCounts>, StoreError> {
        let (dialect, since) = (self.dialect(), from.and_time(NaiveTime::MIN).and_utc());
        let mut accounts = per_day(account::Entity, account::Column::CreatedAt, since, dialect);
        accounts.and_where(not_hidden());
        let mut users = per_day(user::Entity, user::Column::CreatedAt, since, dialect);
        users.and_where(of_visible_accounts(user::Column::AccountId));
        let mut changes = per_day(audit_change::Entity, audit_change::Column::OccurredAt, since, dialect);
        changes.column(audit_change::Column::Operation).group_by_col(audit_change::Column::Operation);
        let mut days: BTreeMap<NaiveDate, DayCounts> = BTreeMap::new();
        for (select, what) in [(accounts, "accounts"), (users, "users"), (changes, "")] {
            for row in self.connection.query(Stmt::build(dialect, &select)).await? {
                let broken = || StoreError::Inconsistent("days cannot be counted".to_owned());
                let (day, count, word) = counted(&row.values).ok_or_else(broken)?;
                let counts = days.entry(day).or_insert(DayCounts { day, ..DayCounts::default() });
                match (what, word.and_then(AuditOperation::named)) {
                    ("accounts", _) => counts.accounts = count,
                    ("users", _) => counts.users = count,
                    (_, Some(AuditOperation::Create)) => counts.creates = count,
                    (_, Some(AuditOperation::Update)) => counts.updates = count,
                    (_, Some(AuditOperation::Delete)) => counts.deletes = count,
                    (_, None) => return Err(broken()),
                }
            }
        }
        Ok(days.into_values().collect())
    }

    async fn workload(&self, since: DateTime<Utc>) -> Result<Workload, StoreError> {
        let orm = self.orm();
        let (database, size) = match self.dialect() {
            Dialect::Sqlite => {
                ("sqlite", "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
            }
            Dialect::Postgres => ("postgres", "SELECT pg_database_size(current_database())"),
        };
        let mails = |status: EmailStatus| {
            email_log::Entity::find()
                .filter(email_log::Column::SentAt.gte(since))
                .filter(email_log::Column::Status.eq(status.as_str()))
        };
        let bytes = "SELECT CAST(COALESCE(SUM(size), 0) AS bigint) FROM files";
        let number = async |sql: &str| -> Result<u64, StoreError> {
            Ok(scalar(&self.connection.query(Stmt::new(sql, Vec::new())).await?))
        };
        Ok(Workload {
            database,
            database_bytes: number(size).await?,
            audit_waiting: audit_queue::Entity::find().count(orm).await.map_err(from_orm)?,
            mails_sent: mails(EmailStatus::Sent).count(orm).await.map_err(from_orm)?,
            mails_failed: mails(EmailStatus::Failed).count(orm).await.map_err(from_orm)?,
            files: file::Entity::find().count(orm).await.map_err(from_orm)?,
            file_bytes: number(bytes).await?,
        })
    }
}
