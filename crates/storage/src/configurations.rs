//! The configurations of providers.

use async_trait::async_trait;
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use snackbase_application::ports::{
    ConfigurationCount, ConfigurationQuery, ConfigurationRepository, StoreError,
};
use snackbase_domain::configuration::Configuration;
use snackbase_domain::{AccountId, ConfigurationId};

use crate::driver::error::from_orm;
use crate::entity::configuration::{ActiveModel, Column, Entity, Model};
use crate::store::Session;

fn from_model(model: Model) -> Result<Configuration, StoreError> {
    let broken = || StoreError::Inconsistent(format!("configuration '{}' cannot be read", model.id));
    Ok(Configuration {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        priority: model.priority.try_into().map_err(|_| broken())?,
        category: model.category,
        provider_name: model.provider_name,
        display_name: model.display_name,
        logo_url: model.logo_url,
        values: model.config,
        enabled: model.enabled,
        is_builtin: model.is_builtin,
        is_default: model.is_default,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

/// What an update stores.
fn changing(configuration: &Configuration) -> ActiveModel {
    ActiveModel {
        id: Set(configuration.id.to_string()),
        account_id: NotSet,
        category: NotSet,
        provider_name: NotSet,
        display_name: Set(configuration.display_name.clone()),
        logo_url: Set(configuration.logo_url.clone()),
        config: Set(configuration.values.clone()),
        enabled: Set(configuration.enabled),
        is_builtin: Set(configuration.is_builtin),
        is_default: Set(configuration.is_default),
        priority: Set(configuration.priority.into()),
        created_at: NotSet,
        updated_at: Set(configuration.updated_at),
    }
}

/// A group of enabled configurations.
#[derive(FromQueryResult)]
struct Group {
    category: String,
    account_id: String,
    number: i64,
}

#[async_trait]
impl ConfigurationRepository for Session {
    async fn find(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn lock(&self, id: ConfigurationId) -> Result<Option<Configuration>, StoreError> {
        let find = Entity::find_by_id(id.to_string()).lock_exclusive();
        find.one(self.orm()).await.map_err(from_orm)?.map(from_model).transpose()
    }

    async fn list(&self, query: &ConfigurationQuery) -> Result<Vec<Configuration>, StoreError> {
        let mut find = Entity::find();
        if let Some(account) = query.account_id {
            find = find.filter(Column::AccountId.eq(account.to_string()));
        }
        if let Some(category) = &query.category {
            find = find.filter(Column::Category.eq(category));
        }
        if let Some(enabled) = query.enabled {
            find = find.filter(Column::Enabled.eq(enabled));
        }
        let find =
            find.order_by_asc(Column::Priority).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn recent(&self, limit: u64) -> Result<Vec<Configuration>, StoreError> {
        let find = Entity::find().order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id).limit(limit);
        find.all(self.orm()).await.map_err(from_orm)?.into_iter().map(from_model).collect()
    }

    async fn counts(&self) -> Result<Vec<ConfigurationCount>, StoreError> {
        let groups = Entity::find()
            .select_only()
            .column(Column::Category)
            .column(Column::AccountId)
            .column_as(Column::Id.count(), "number")
            .filter(Column::Enabled.eq(true))
            .group_by(Column::Category)
            .group_by(Column::AccountId)
            .order_by_asc(Column::Category)
            .into_model::<Group>()
            .all(self.orm())
            .await
            .map_err(from_orm)?;
        let mut counts: Vec<ConfigurationCount> = Vec::new();
        let system_id = AccountId::SYSTEM.to_string();
        for group in groups {
            let system = group.account_id == system_id;
            let count = group.number.unsigned_abs();
            match counts.iter_mut().find(|known| known.category == group.category && known.system == system) {
                Some(known) => known.count += count,
                None => counts.push(ConfigurationCount { category: group.category, system, count }),
            }
        }
        Ok(counts)
    }

    async fn insert(&self, configuration: &Configuration) -> Result<(), StoreError> {
        let model = ActiveModel {
            account_id: Set(configuration.account_id.to_string()),
            category: Set(configuration.category.clone()),
            provider_name: Set(configuration.provider_name.clone()),
            created_at: Set(configuration.created_at),
            ..changing(configuration)
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn update(&self, configuration: &Configuration) -> Result<(), StoreError> {
        match changing(configuration).update_without_returning(self.orm()).await {
            // Deleted meanwhile: there is nothing to change.
            Ok(_) | Err(DbErr::RecordNotUpdated) => Ok(()),
            Err(error) => Err(from_orm(error)),
        }
    }

    async fn delete(&self, id: ConfigurationId) -> Result<bool, StoreError> {
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await;
        Ok(deleted.map_err(from_orm)?.rows_affected > 0)
    }
}
