//! Bytes that are to be deleted.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use snackbase_application::ports::{StoreError, WaitingDeletion};
use snackbase_domain::file::Provider;

use super::{paths_of, provider, run};
use crate::driver::error::from_orm;
use crate::entity::file;
use crate::entity::file_deletion::{Column, Entity};
use crate::store::Session;

/// The deletion of some bytes.
pub(super) fn of(provider: Provider, key: &str) -> Condition {
    super::all([Column::Provider.eq(provider.name()), Column::Key.eq(key)])
}

impl Session {
    pub(super) async fn queue_deletion(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let again = OnConflict::columns([Column::Provider, Column::Key])
            .update_column(Column::DueAt)
            .action_and_where(Expr::col((Entity, Column::Attempts)).eq(0))
            .to_owned();
        let insert = Query::insert()
            .into_table(Entity)
            .columns([Column::Provider, Column::Key, Column::Attempts, Column::DueAt])
            .values_panic([Expr::val(provider.name()), Expr::val(key), Expr::val(0i64), Expr::val(due_at)])
            .on_conflict(again)
            .take();
        run(self, &insert).await.map(drop)
    }

    pub(super) async fn claim_due_deletions(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingDeletion>, StoreError> {
        let due = Entity::find()
            .filter(Column::DueAt.lte(now))
            .order_by_asc(Column::DueAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let mut claimed = Vec::new();
        for model in due.all(self.orm()).await.map_err(from_orm)? {
            let provider = provider(&model.provider)?;
            let deletion = of(provider, &model.key);
            let live = file::Entity::find()
                .filter(file::Column::Path.is_in(paths_of(&model.key)))
                .filter(file::Column::Provider.eq(provider.name()));
            if live.one(self.orm()).await.map_err(from_orm)?.is_some() {
                Entity::delete_many().filter(deletion).exec(self.orm()).await.map_err(from_orm)?;
                continue;
            }
            let claim = Entity::update_many()
                .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
                .col_expr(Column::DueAt, Expr::val(until))
                .filter(deletion);
            claim.exec(self.orm()).await.map_err(from_orm)?;
            let attempts = u32::try_from(model.attempts).unwrap_or(u32::MAX).saturating_add(1);
            claimed.push(WaitingDeletion { provider, key: model.key, attempts });
        }
        Ok(claimed)
    }
}
