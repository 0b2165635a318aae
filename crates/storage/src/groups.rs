//! The groups.

use async_trait::async_trait;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use sea_query::Query;
use snackbase_application::ports::{GroupRepository, StoreError};
use snackbase_domain::UserId;
use snackbase_domain::group::Group;

use crate::driver::error::from_orm;
use crate::entity::{group, user_group};
use crate::store::Session;

#[async_trait]
impl GroupRepository for Session {
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

    async fn names_of_user(&self, user: UserId) -> Result<Vec<String>, StoreError> {
        let mut memberships = Query::select();
        memberships
            .column(user_group::Column::GroupId)
            .from(user_group::Entity)
            .and_where(user_group::Column::UserId.eq(user.to_string()));
        let find = group::Entity::find()
            .filter(group::Column::Id.in_subquery(memberships))
            .order_by_asc(group::Column::Name);
        Ok(find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(|group| group.name).collect())
    }
}
