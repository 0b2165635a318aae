//! The users.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use sea_query::{Expr, ExprTrait, NullOrdering};
use snackbase_application::ports::{StoreError, UserPage, UserQuery, UserRepository, UserSort};
use snackbase_domain::email::Email;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, UserId};

use crate::accounts::{containing, lower, of_visible_accounts};
use crate::driver::error::from_orm;
use crate::entity::user;
use crate::roles::role_id;
use crate::store::Session;

pub(crate) fn from_model(model: user::Model) -> Result<User, StoreError> {
    let broken = || StoreError::Inconsistent(format!("user '{}' cannot be read", model.id));
    Ok(User {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        email: Email::new(model.email),
        password_hash: model.password_hash,
        role_id: role_id(model.role_id)?,
        is_active: model.is_active,
        auth_provider: model.auth_provider,
        auth_provider_name: model.auth_provider_name,
        external_id: model.external_id,
        external_email: model.external_email,
        profile_data: model.profile_data,
        email_verified: model.email_verified,
        email_verified_at: model.email_verified_at,
        password_changed_at: model.password_changed_at,
        created_at: model.created_at,
        updated_at: model.updated_at,
        last_login: model.last_login,
    })
}

fn to_model(user: &User) -> user::ActiveModel {
    user::ActiveModel {
        id: Set(user.id.to_string()),
        account_id: Set(user.account_id.to_string()),
        email: Set(user.email.as_str().to_owned()),
        email_key: Set(user.email.key()),
        password_hash: Set(user.password_hash.clone()),
        role_id: Set(user.role_id.0.into()),
        is_active: Set(user.is_active),
        auth_provider: Set(user.auth_provider.clone()),
        auth_provider_name: Set(user.auth_provider_name.clone()),
        external_id: Set(user.external_id.clone()),
        external_email: Set(user.external_email.clone()),
        profile_data: Set(user.profile_data.clone()),
        email_verified: Set(user.email_verified),
        email_verified_at: Set(user.email_verified_at),
        password_changed_at: Set(user.password_changed_at),
        created_at: Set(user.created_at),
        updated_at: Set(user.updated_at),
        last_login: Set(user.last_login),
    }
}

#[async_trait]
impl UserRepository for Session {
    async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let find = user::Entity::find_by_id(id.to_string());
        let find = find.filter(of_visible_accounts(user::Column::AccountId));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn find_by_email(&self, account: AccountId, key: &str) -> Result<Option<User>, StoreError> {
        let find = user::Entity::find()
            .filter(user::Column::AccountId.eq(account.to_string()))
            .filter(user::Column::EmailKey.eq(key));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn superadmin_exists(&self) -> Result<bool, StoreError> {
        let find = user::Entity::find().filter(user::Column::AccountId.eq(AccountId::SYSTEM.to_string()));
        Ok(find.count(self.orm()).await.map_err(from_orm)? > 0)
    }

    async fn page(&self, query: &UserQuery) -> Result<UserPage, StoreError> {
        let mut find = user::Entity::find().filter(of_visible_accounts(user::Column::AccountId));
        if let Some(account) = query.account_id {
            find = find.filter(user::Column::AccountId.eq(account.to_string()));
        }
        if let Some(role) = query.role_id {
            find = find.filter(user::Column::RoleId.eq(role.0));
        }
        if let Some(active) = query.is_active {
            find = find.filter(user::Column::IsActive.eq(active));
        }
        if let Some(search) = query.search.as_deref().filter(|s| !s.is_empty()) {
            find = find.filter(lower(user::Column::Email).like(containing(search)));
        }
        let total = find.clone().count(self.orm()).await.map_err(from_orm)?;
        let order = if query.descending { Order::Desc } else { Order::Asc };
        let column = match query.sort {
            UserSort::Id => user::Column::Id,
            UserSort::Email => user::Column::Email,
            UserSort::AccountId => user::Column::AccountId,
            UserSort::RoleId => user::Column::RoleId,
            UserSort::IsActive => user::Column::IsActive,
            UserSort::AuthProvider => user::Column::AuthProvider,
            UserSort::EmailVerified => user::Column::EmailVerified,
            UserSort::CreatedAt => user::Column::CreatedAt,
            UserSort::UpdatedAt => user::Column::UpdatedAt,
            UserSort::LastLogin => user::Column::LastLogin,
        };
        let nulls = if query.descending { NullOrdering::Last } else { NullOrdering::First };
        let find = find
            .order_by_with_nulls(column, order.clone(), nulls)
            .order_by(user::Column::Id, order)
            .offset(query.skip)
            .limit(query.limit);
        let models = find.all(self.orm()).await.map_err(from_orm)?;
        let items = models.into_iter().map(from_model).collect::<Result<_, _>>()?;
        Ok(UserPage { items, total })
    }

    async fn insert(&self, user: &User) -> Result<(), StoreError> {
        user::Entity::insert(to_model(user)).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, user: &User) -> Result<(), StoreError> {
        to_model(user).update_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn touch_login(&self, id: UserId, at: DateTime<Utc>) -> Result<(), StoreError> {
        user::Entity::update_many()
            .col_expr(user::Column::LastLogin, Expr::val(at))
            .filter(user::Column::Id.eq(id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }
}
