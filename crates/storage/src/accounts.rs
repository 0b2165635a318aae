//! The accounts.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sea_query::{Expr, ExprTrait};
use snackbase_application::ports::{AccountPage, AccountQuery, AccountRepository, AccountSort, StoreError};
use snackbase_domain::AccountId;
use snackbase_domain::account::{Account, AccountCode};

use crate::driver::error::from_orm;
use crate::entity::{account, user};
use crate::store::Session;

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
        let found = account::Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn find_by_code(&self, code: AccountCode) -> Result<Option<Account>, StoreError> {
        let find = account::Entity::find().filter(account::Column::AccountCode.eq(code.to_string()));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn find_by_slug(&self, slug: &str) -> Result<Option<Account>, StoreError> {
        let find = account::Entity::find().filter(account::Column::Slug.eq(slug));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn highest_code(&self) -> Result<Option<AccountCode>, StoreError> {
        let find = account::Entity::find()
            .filter(account::Column::AccountCode.not_like("SY%"))
            .order_by_desc(account::Column::AccountCode);
        let highest = find.one(self.orm()).await.map_err(from_orm)?;
        Ok(highest.and_then(|model| AccountCode::parse(&model.account_code)))
    }

    async fn page(&self, query: &AccountQuery) -> Result<AccountPage, StoreError> {
        let mut find = account::Entity::find();
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

    async fn delete(&self, id: AccountId) -> Result<bool, StoreError> {
        let deleted = account::Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}
