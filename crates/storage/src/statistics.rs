//! Counts over all accounts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use snackbase_application::ports::{Statistics, StatisticsRepository, StoreError};

use crate::accounts::{not_hidden, of_visible_accounts};
use crate::driver::error::from_orm;
use crate::entity::{account, refresh_token, user};
use crate::store::Session;

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
}
