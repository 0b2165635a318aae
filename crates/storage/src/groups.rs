//! The groups and their members.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Expr, Query, SelectStatement};
use snackbase_application::ports::{GroupRepository, StoreError};
use snackbase_domain::group::Group;
use snackbase_domain::user::User;
use snackbase_domain::{AccountId, GroupId, UserId};

use crate::accounts::of_visible_accounts;
use crate::driver::error::from_orm;
use crate::entity::{group, user, user_group};
use crate::store::Session;
use crate::users;

fn from_model(model: group::Model) -> Result<Group, StoreError> {
    let broken = |_| StoreError::Inconsistent(format!("group '{}' cannot be read", model.id));
    Ok(Group {
        id: model.id.parse().map_err(broken)?,
        account_id: model.account_id.parse().map_err(broken)?,
        name: model.name,
        description: model.description,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// One column of the memberships that `condition` picks.
fn memberships(column: user_group::Column, condition: Expr) -> SelectStatement {
    Query::select().column(column).from(user_group::Entity).and_where(condition).take()
}

#[async_trait]
impl GroupRepository for Session {
    async fn find(&self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let find = group::Entity::find_by_id(id.to_string());
        let find = find.filter(of_visible_accounts(group::Column::AccountId));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn list(
        &self,
        account: Option<AccountId>,
        skip: u64,
        limit: u64,
    ) -> Result<Vec<Group>, StoreError> {
        let mut find = group::Entity::find().filter(of_visible_accounts(group::Column::AccountId));
        if let Some(account) = account {
            find = find.filter(group::Column::AccountId.eq(account.to_string()));
        }
        let find = find
            .order_by_asc(group::Column::CreatedAt)
            .order_by_asc(group::Column::Id)
            .offset(skip)
            .limit(limit);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn insert(&self, group: &Group) -> Result<(), StoreError> {
        let model = group::ActiveModel {
            id: Set(group.id.to_string()),
            account_id: Set(group.account_id.to_string()),
            name: Set(group.name.clone()),
            description: Set(group.description.clone()),
            created_at: Set(group.created_at),
            updated_at: Set(group.updated_at),
        };
        group::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, group: &Group) -> Result<(), StoreError> {
        group::Entity::update_many()
            .col_expr(group::Column::Name, Expr::val(group.name.clone()))
            .col_expr(group::Column::Description, Expr::val(group.description.clone()))
            .col_expr(group::Column::UpdatedAt, Expr::val(group.updated_at))
            .filter(group::Column::Id.eq(group.id.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn delete(&self, id: GroupId) -> Result<bool, StoreError> {
        let deleted = group::Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }

    async fn members(&self, id: GroupId) -> Result<Vec<User>, StoreError> {
        let of_group = user_group::Column::GroupId.eq(id.to_string());
        let find = user::Entity::find()
            .filter(user::Column::Id.in_subquery(memberships(user_group::Column::UserId, of_group)))
            .order_by_asc(user::Column::EmailKey);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(users::from_model).collect()
    }

    async fn member_count(&self, id: GroupId) -> Result<u64, StoreError> {
        let find = user_group::Entity::find().filter(user_group::Column::GroupId.eq(id.to_string()));
        find.count(self.orm()).await.map_err(from_orm)
    }

    async fn add_member(&self, id: GroupId, user: UserId) -> Result<(), StoreError> {
        let model = user_group::ActiveModel { user_id: Set(user.to_string()), group_id: Set(id.to_string()) };
        user_group::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn remove_member(&self, id: GroupId, user: UserId) -> Result<bool, StoreError> {
        let removed = user_group::Entity::delete_many()
            .filter(user_group::Column::GroupId.eq(id.to_string()))
            .filter(user_group::Column::UserId.eq(user.to_string()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(removed.rows_affected > 0)
    }

    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let of_user = user_group::Column::UserId.eq(user.to_string());
        let find = group::Entity::find()
            .filter(group::Column::Id.in_subquery(memberships(user_group::Column::GroupId, of_user)))
            .order_by_asc(group::Column::Name);
        Ok(find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(|group| group.name).collect())
    }
}
