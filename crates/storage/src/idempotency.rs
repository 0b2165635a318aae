//! The keys of requests that are carried out once.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use sea_query::{Expr, Value};
use snackbase_application::ports::{AnsweredRequest, IdempotencyKeys, KeyedRequest, StoreError};
use snackbase_rls::Dialect;

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::idempotency_key::{ActiveModel, Column, Entity};
use crate::store::Session;

/// Keeps other units of work, also of other nodes, from the key until this one ends. They
/// are not made to wait. SQLite has one writer, so there is never another.
const LOCK: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))";

impl Session {
    async fn lock_key(&self, id: &str) -> Result<(), StoreError> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let lock = Stmt::new(LOCK, vec![Value::String(Some(id.to_owned()))]);
        let rows = self.connection.query(lock).await?;
        match rows.first().and_then(|row| row.values.first()) {
            Some(Value::Bool(Some(true))) => Ok(()),
            _ => Err(StoreError::Conflict { constraint: "idempotency_keys".to_owned() }),
        }
    }
}

#[async_trait]
impl IdempotencyKeys for Session {
    async fn take(&self, request: &KeyedRequest) -> Result<Option<AnsweredRequest>, StoreError> {
        self.lock_key(&request.id).await?;
        let expired = Entity::delete_many()
            .filter(Column::Id.eq(request.id.as_str()))
            .filter(Column::ExpiresAt.lte(request.created_at));
        expired.exec(self.orm()).await.map_err(from_orm)?;
        let found = Entity::find_by_id(request.id.as_str()).one(self.orm()).await.map_err(from_orm)?;
        if let Some(known) = found {
            return Ok(Some(AnsweredRequest { request: known.request, reply: known.reply }));
        }
        let model = ActiveModel {
            id: Set(request.id.clone()),
            account_id: Set(request.account_id.to_string()),
            request: Set(request.request.clone()),
            reply: Set(String::new()),
            created_at: Set(request.created_at),
            expires_at: Set(request.expires_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(None)
    }

    async fn answer(&self, id: &str, reply: &str) -> Result<(), StoreError> {
        let answer =
            Entity::update_many().col_expr(Column::Reply, Expr::val(reply)).filter(Column::Id.eq(id));
        answer.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn remove_expired(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let removed = Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(self.orm()).await;
        Ok(removed.map_err(from_orm)?.rows_affected)
    }
}
