//! The accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sea_query::{Alias, Expr, ExprTrait, Query};
use snackbase_application::ports::{AccountPage, AccountQuery, AccountRepository, AccountSort, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};
use snackbase_rls::Dialect;

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::{account, user};
use crate::store::Session;

/// Tables of the system whose rows belong to accounts, with the keys of their rows: those that are
/// many come before those that they go with. What is not here goes with the account's own row.
const OWNED: [(&str, &str); 19] = [
    ("realtime_log", "position"),
    ("file_uses", "record_id"),
    ("realtime_presence", "id"),
    ("idempotency_keys", "id"),
    ("jobs", "id"),
    ("hooks", "id"),
    ("webhook_deliveries", "id"),
    ("webhooks", "id"),
    ("endpoint_executions", "id"),
    ("endpoints", "id"),
    ("mail_outbox", "id"),
    ("email_logs", "id"),
    ("email_templates", "id"),
    ("configurations", "id"),
    ("invitations", "id"),
    ("refresh_tokens", "id"),
    ("api_keys", "id"),
    ("users", "id"),
    ("groups", "id"),
];

/// Leaves out accounts that are being deleted.
pub(crate) fn not_hidden() -> Expr {
    account::Column::DeletingSince.is_null()
}

/// Leaves out the rows of accounts that are being deleted.
pub(crate) fn of_visible_accounts(column: impl ColumnTrait) -> Expr {
    let hidden = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::DeletingSince.is_not_null())
        .take();
    column.not_in_subquery(hidden)
}

/// Deletes at most `limit` rows of an account.
pub(crate) fn delete_part(
    table: &str,
    key: &str,
    account: AccountId,
    limit: u64,
) -> sea_query::DeleteStatement {
    let (table, key) = (Alias::new(table), Alias::new(key));
    let part = Query::select()
        .column(key.clone())
        .from(table.clone())
        .and_where(Expr::col(Alias::new("account_id")).eq(account.to_string()))
        .limit(limit)
        .take();
    Query::delete().from_table(table).and_where(Expr::col(key).in_subquery(part)).take()
}

fn from_model(model: account::Model) -> Result<Account, StoreError> {
    let broken = || StoreError::Inconsistent(format!("account '{}' cannot be read", model.id));
    Ok(Account {
        id: model.id.parse().map_err(|_| broken())?,
        code: AccountCode::parse(&model.account_code).ok_or_else(broken)?,
        slug: model.slug.clone(),
        name: model.name.clone(),
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// A pattern for LIKE that finds `text` anywhere, taken literally.
pub(crate) fn containing(text: &str) -> sea_query::LikeExpr {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    sea_query::LikeExpr::new(pattern).escape('\\')
}

/// `column` in lower case, letters beyond ASCII too, which neither database does by itself in every
/// installation.
pub(crate) fn lower(column: impl ColumnTrait) -> Expr {
    Expr::expr(sea_query::Func::cust("sb_lower").arg(Expr::col(column)))
}

#[async_trait]
impl AccountRepository for Session {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, StoreError> {
        let found = account::Entity::find_by_id(id.to_string())
            .filter(not_hidden())
            .one(self.orm())
            .await
            .map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn find_by_code(&self, code: AccountCode) -> Result<Option<Account>, StoreError> {
        let find = account::Entity::find()
            .filter(account::Column::AccountCode.eq(code.to_string()))
            .filter(not_hidden());
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn find_by_slug(&self, slug: &str) -> Result<Option<Account>, StoreError> {
        let find = account::Entity::find().filter(account::Column::Slug.eq(slug)).filter(not_hidden());
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn lock_codes(&self) -> Result<(), StoreError> {
        match self.dialect() {
            // The one writer does one transaction after the other.
            Dialect::Sqlite => Ok(()),
            Dialect::Postgres => {
                let lock = Stmt::new("SELECT pg_advisory_xact_lock(7305812)", Vec::new());
                self.connection.query(lock).await.map(drop)
            }
        }
    }

    async fn highest_code(&self) -> Result<Option<AccountCode>, StoreError> {
        let find = account::Entity::find()
            .filter(account::Column::AccountCode.not_like("SY%"))
            .order_by_desc(account::Column::AccountCode);
        let highest = find.one(self.orm()).await.map_err(from_orm)?;
        Ok(highest.and_then(|model| AccountCode::parse(&model.account_code)))
    }

    async fn page(&self, query: &AccountQuery) -> Result<AccountPage, StoreError> {
        let mut find = account::Entity::find().filter(not_hidden());
        if let Some(search) = query.search.as_deref().filter(|s| !s.is_empty()) {
            let columns = [
                account::Column::Name,
                account::Column::Slug,
                account::Column::AccountCode,
                account::Column::Id,
            ];
            let any = columns
                .into_iter()
                .fold(Condition::any(), |any, column| any.add(lower(column).like(containing(search))));
            find = find.filter(any);
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let order = if query.descending { Order::Desc } else { Order::Asc };
        let column = match query.sort {
            AccountSort::Id => account::Column::Id,
            AccountSort::Slug => account::Column::Slug,
            AccountSort::Name => account::Column::Name,
            AccountSort::CreatedAt => account::Column::CreatedAt,
            AccountSort::Code => account::Column::AccountCode,
        };
        let find = find
            .order_by(column, order.clone())
            .order_by(account::Column::Id, order)
            .offset(query.skip)
            .limit(query.limit);
        let mut items = Vec::new();
        for model in find.all(self.orm()).await.map_err(from_orm)? {
            let account = from_model(model)?;
            let users = self.user_count(account.id).await?;
            items.push((account, users));
        }
        Ok(AccountPage { items, total })
    }

    async fn user_count(&self, id: AccountId) -> Result<u64, StoreError> {
        let find = user::Entity::find().filter(user::Column::AccountId.eq(id.to_string()));
        find.count(self.orm()).await.map_err(from_orm)
    }

    async fn insert(&self, account: &Account) -> Result<(), StoreError> {
        let model = account::ActiveModel {
            id: Set(account.id.to_string()),
            account_code: Set(account.code.to_string()),
            slug: Set(account.slug.clone()),
            name: Set(account.name.clone()),
            created_at: Set(account.created_at),
            updated_at: Set(account.updated_at),
            deleting_since: Set(None),
        };
        account::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, account: &Account) -> Result<(), StoreError> {
        account::Entity::update_many()
            .col_expr(account::Column::Name, Expr::val(account.name.clone()))
            .col_expr(account::Column::UpdatedAt, Expr::val(account.updated_at))
            .filter(account::Column::Id.eq(account.id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn hide(&self, id: AccountId, at: DateTime<Utc>) -> Result<bool, StoreError> {
        let hidden = account::Entity::update_many()
            .col_expr(account::Column::DeletingSince, Expr::val(at))
            // Longer than any slug, so nobody else asks for it.
            .col_expr(account::Column::Slug, Expr::val(id.to_string()))
            .filter(account::Column::Id.eq(id.to_string()))
            .filter(not_hidden())
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(hidden.rows_affected > 0)
    }

    async fn hidden(&self) -> Result<Vec<AccountId>, StoreError> {
        let find = account::Entity::find().filter(account::Column::DeletingSince.is_not_null());
        let found = find.order_by_asc(account::Column::DeletingSince).all(self.orm()).await;
        found.map_err(from_orm)?.into_iter().map(|model| Ok(from_model(model)?.id)).collect()
    }

    async fn delete_some(&self, id: AccountId, limit: u64) -> Result<u64, StoreError> {
        // Their bytes go as well.
        let mut deleted = self.discard_files_of(id, limit, DateTime::UNIX_EPOCH).await?;
        for (table, key) in OWNED {
            if deleted >= limit {
                break;
            }
            let part = delete_part(table, key, id, limit - deleted);
            deleted += self.connection.execute(Stmt::build(self.dialect(), &part)).await?;
            if deleted >= limit {
                break;
            }
        }
        Ok(deleted)
    }

    async fn delete(&self, id: AccountId) -> Result<bool, StoreError> {
        // What was uploaded since the last part.
        self.discard_files_of(id, u64::from(u32::MAX), DateTime::UNIX_EPOCH).await?;
        let deleted = account::Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseOptions, SqliteOptions, Store};

    /// Tables with accounts' rows that stay when the account goes. Counts follow the records.
    const KEPT: [&str; 4] = ["audit_changes", "record_counts", "files", "file_uploads"];

    #[tokio::test]
    async fn every_table_with_rows_of_accounts_loses_them_in_parts_or_is_kept() {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let sql = "SELECT t.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND c.name = 'account_id' ORDER BY t.name";
        let rows = store.session().connection.query(Stmt::new(sql, Vec::new())).await.unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let sea_query::Value::String(Some(table)) = &row.values[0] else { panic!("no name: {row:?}") };
            let known = OWNED.iter().any(|(owned, _)| owned == table) || KEPT.contains(&table.as_str());
            assert!(known, "'{table}' has an account_id: name it in OWNED, or in KEPT of this test");
        }
    }
}
