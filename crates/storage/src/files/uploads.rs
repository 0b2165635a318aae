//! Uploads that can be resumed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Expr, ExprTrait};
use snackbase_application::ports::{
    FileRepository as _, FileUpload, StoreError, UploadPart, UploadRepository,
};
use snackbase_domain::{AccountId, FileUploadId};

use super::{number, provider};
use crate::driver::error::from_orm;
use crate::entity::file_upload::{ActiveModel, Column, Entity, Model};
use crate::entity::file_upload_part as part;
use crate::store::Session;

fn from_model(model: Model) -> Result<FileUpload, StoreError> {
    let broken = || StoreError::Inconsistent(format!("upload '{}' cannot be read", model.id));
    Ok(FileUpload {
        id: model.id.parse().map_err(|_| broken())?,
        account_id: model.account_id.parse().map_err(|_| broken())?,
        user_id: model.user_id.parse().map_err(|_| broken())?,
        length: model.length.try_into().map_err(|_| broken())?,
        offset: model.received.try_into().map_err(|_| broken())?,
        parts: model.parts.try_into().map_err(|_| broken())?,
        filename: model.filename,
        mime_type: model.mime_type,
        metadata: model.metadata,
        created_at: model.created_at,
        expires_at: model.expires_at,
        path: model.path,
    })
}

impl Session {
    /// Forgets the parts of an upload and has their bytes deleted.
    async fn discard_parts(&self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let parts = part::Entity::find().filter(part::Column::UploadId.eq(id));
        for part in parts.all(self.orm()).await.map_err(from_orm)? {
            self.delete_bytes(provider(&part.provider)?, &part.key, now).await?;
        }
        let forget = part::Entity::delete_many().filter(part::Column::UploadId.eq(id));
        forget.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    pub(super) async fn discard_uploads_of(
        &self,
        account: AccountId,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let of_account = Entity::find().filter(Column::AccountId.eq(account.to_string())).limit(limit);
        let mut discarded = 0;
        for upload in of_account.all(self.orm()).await.map_err(from_orm)? {
            self.discard_parts(&upload.id, now).await?;
            Entity::delete_by_id(upload.id).exec(self.orm()).await.map_err(from_orm)?;
            discarded += 1;
        }
        Ok(discarded)
    }
}

#[async_trait]
impl UploadRepository for Session {
    async fn insert(&self, upload: &FileUpload) -> Result<(), StoreError> {
        let model = ActiveModel {
            id: Set(upload.id.to_string()),
            account_id: Set(upload.account_id.to_string()),
            user_id: Set(upload.user_id.to_string()),
            filename: Set(upload.filename.clone()),
            mime_type: Set(upload.mime_type.clone()),
            metadata: Set(upload.metadata.clone()),
            length: Set(number(upload.length)?),
            received: Set(number(upload.offset)?),
            parts: Set(upload.parts.into()),
            created_at: Set(upload.created_at),
            expires_at: Set(upload.expires_at),
            path: Set(upload.path.clone()),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, id: FileUploadId) -> Result<Option<FileUpload>, StoreError> {
        let found = Entity::find_by_id(id.to_string()).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn count_open(&self, account: AccountId) -> Result<u64, StoreError> {
        let open =
            Entity::find().filter(Column::AccountId.eq(account.to_string())).filter(Column::Path.is_null());
        open.count(self.orm()).await.map_err(from_orm)
    }

    async fn append(&self, id: FileUploadId, added: &UploadPart) -> Result<bool, StoreError> {
        let (start, size) = (number(added.start)?, number(added.size)?);
        let grown = Entity::update_many()
            .col_expr(Column::Received, Expr::col(Column::Received).add(size))
            .col_expr(Column::Parts, Expr::col(Column::Parts).add(1))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::Received.eq(start))
            .filter(Column::Path.is_null())
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        if grown.rows_affected == 0 {
            return Ok(false);
        }
        let model = part::ActiveModel {
            key: Set(added.key.clone()),
            upload_id: Set(id.to_string()),
            provider: Set(added.provider.name().to_owned()),
            start: Set(start),
            size: Set(size),
        };
        part::Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(true)
    }

    async fn parts(&self, id: FileUploadId) -> Result<Vec<UploadPart>, StoreError> {
        let parts = part::Entity::find().filter(part::Column::UploadId.eq(id.to_string()));
        let parts = parts.order_by_asc(part::Column::Start).all(self.orm()).await.map_err(from_orm)?;
        let read = |part: part::Model| {
            let broken = || StoreError::Inconsistent(format!("part '{}' cannot be read", part.key));
            Ok(UploadPart {
                provider: provider(&part.provider)?,
                start: part.start.try_into().map_err(|_| broken())?,
                size: part.size.try_into().map_err(|_| broken())?,
                key: part.key,
            })
        };
        parts.into_iter().map(read).collect()
    }

    async fn finish(&self, id: FileUploadId, path: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let finished = Entity::update_many()
            .col_expr(Column::Path, Expr::val(path))
            .filter(Column::Id.eq(id.to_string()))
            .filter(Column::Path.is_null())
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        if finished.rows_affected == 0 {
            return Ok(false);
        }
        self.discard_parts(&id.to_string(), now).await?;
        Ok(true)
    }

    async fn delete(&self, id: FileUploadId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.discard_parts(&id.to_string(), now).await?;
        let deleted = Entity::delete_by_id(id.to_string()).exec(self.orm()).await.map_err(from_orm)?;
        Ok(deleted.rows_affected > 0)
    }

    async fn expired(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<FileUploadId>, StoreError> {
        let expired = Entity::find().filter(Column::ExpiresAt.lte(now)).order_by_asc(Column::ExpiresAt);
        let found = expired.limit(limit).all(self.orm()).await.map_err(from_orm)?;
        found.into_iter().map(|model| Ok(from_model(model)?.id)).collect()
    }
}
