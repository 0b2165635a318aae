//! The roles.

use async_trait::async_trait;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use sea_query::Expr;
use snackbase_application::ports::{RoleRepository, StoreError};
use snackbase_domain::role::{Role, RoleId};

use crate::driver::error::from_orm;
use crate::entity::{role, user};
use crate::store::Session;

/// The id in a column.
pub(crate) fn role_id(id: i64) -> Result<RoleId, StoreError> {
    let id = i32::try_from(id).map_err(|_| StoreError::Inconsistent(format!("a role's id is {id}")))?;
    Ok(RoleId(id))
}

fn from_model(model: role::Model) -> Result<Role, StoreError> {
    Ok(Role { id: role_id(model.id)?, name: model.name, description: model.description })
}

#[async_trait]
impl RoleRepository for Session {
    async fn all(&self) -> Result<Vec<Role>, StoreError> {
        let find = role::Entity::find().order_by_asc(role::Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn find(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        let find = role::Entity::find_by_id(i64::from(id.0));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn find_by_name(&self, name: &str) -> Result<Option<Role>, StoreError> {
        let find = role::Entity::find().filter(role::Column::Name.eq(name));
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn insert(&self, name: &str, description: Option<&str>) -> Result<Role, StoreError> {
        let model = role::ActiveModel {
            id: NotSet,
            name: Set(name.to_owned()),
            description: Set(description.map(str::to_owned)),
        };
        role::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        let made = RoleRepository::find_by_name(self, name).await?;
        made.ok_or_else(|| StoreError::Inconsistent("a role just made is not there".into()))
    }

    async fn update(&self, role: &Role) -> Result<(), StoreError> {
        role::Entity::update_many()
            .col_expr(role::Column::Name, Expr::val(role.name.clone()))
            .col_expr(role::Column::Description, Expr::val(role.description.clone()))
            .filter(role::Column::Id.eq(role.id.0))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        Ok(())
    }

    async fn user_count(&self, id: RoleId) -> Result<u64, StoreError> {
        let find = user::Entity::find().filter(user::Column::RoleId.eq(id.0));
        find.count(self.orm()).await.map_err(from_orm)
    }

    async fn delete(&self, id: RoleId) -> Result<bool, StoreError> {
        let deleted = role::Entity::delete_by_id(i64::from(id.0)).exec(self.orm()).await.map_err(from_orm)?;
        Ok(deleted.rows_affected > 0)
    }
}
