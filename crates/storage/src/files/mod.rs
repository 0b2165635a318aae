//! Uploaded files.

mod deletions;
mod list;
mod older;
mod uploads;
mod uses;

pub(crate) use uses::holders;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use snackbase_application::ports::{FilePage, FileQuery, FileRepository, StoreError, WaitingDeletion};
use snackbase_domain::file::{FilePath, Provider, StoredFile};
use snackbase_domain::{AccountId, CollectionId, RecordId};

use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::file::{ActiveModel, Column, Entity, Model};
use crate::entity::{file_deletion, file_upload_part, file_use};
use crate::store::Session;

fn number(size: u64) -> Result<i64, StoreError> {
    i64::try_from(size).map_err(|_| StoreError::Inconsistent("a size beyond all bounds".to_owned()))
}

fn provider(name: &str) -> Result<Provider, StoreError> {
    Provider::parse(name).ok_or_else(|| StoreError::Inconsistent(format!("no provider '{name}'")))
}

fn from_model(model: Model) -> Result<StoredFile, StoreError> {
    let broken = || StoreError::Inconsistent(format!("file '{}' cannot be read", model.path));
    Ok(StoredFile {
        path: FilePath::parse(&model.path).ok_or_else(broken)?,
        uploaded_by: model.uploaded_by.parse().map_err(|_| broken())?,
        size: model.size.try_into().map_err(|_| broken())?,
        provider: provider(&model.provider)?,
        filename: model.filename,
        mime_type: model.mime_type,
        sha256: model.sha256,
        created_at: model.created_at,
    })
}

/// The paths that a key can have: bytes may be elsewhere than where they were first.
fn paths_of(key: &str) -> impl Iterator<Item = String> {
    Provider::ALL.into_iter().map(move |provider| match provider {
        Provider::Local => key.to_owned(),
        other => format!("{}/{key}", other.name()),
    })
}

/// That no record holds a file.
fn unheld() -> Expr {
    let held = Query::select()
        .expr(Expr::val(1))
        .from(file_use::Entity)
        .and_where(Expr::col((file_use::Entity, file_use::Column::Path)).equals((Entity, Column::Path)))
        .take();
    Expr::exists(held).not()
}

impl Session {
    /// Removes rows and has their bytes deleted.
    async fn discard(&self, found: Vec<Model>, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut discarded = 0;
        for model in found {
            let file = from_model(model)?;
            discarded += u64::from(FileRepository::delete(self, &file.path, now).await?);
        }
        Ok(discarded)
    }

    /// Removes at most `limit` files of an account, whoever holds them, and has their bytes deleted;
    /// likewise the parts of its uploads. Answers how many files.
    pub(crate) async fn discard_files_of(
        &self,
        account: AccountId,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let of_account = Entity::find().filter(Column::AccountId.eq(account.to_string()));
        let found = of_account.limit(limit).all(self.orm()).await.map_err(from_orm)?;
        let files = self.discard(found, now).await?;
        Ok(files + self.discard_uploads_of(account, limit.saturating_sub(files), now).await?)
    }
}

#[async_trait]
impl FileRepository for Session {
    async fn insert(&self, file: &StoredFile) -> Result<(), StoreError> {
        let model = ActiveModel {
            path: Set(file.path.as_str().to_owned()),
            account_id: Set(file.path.account().to_string()),
            uploaded_by: Set(file.uploaded_by.to_string()),
            filename: Set(file.filename.clone()),
            size: Set(number(file.size)?),
            mime_type: Set(file.mime_type.clone()),
            sha256: Set(file.sha256.clone()),
            provider: Set(file.provider.name().to_owned()),
            created_at: Set(file.created_at),
        };
        Entity::insert(model).exec_without_returning(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn find(&self, path: &str) -> Result<Option<StoredFile>, StoreError> {
        let found = Entity::find_by_id(path).one(self.orm()).await.map_err(from_orm)?;
        found.map(from_model).transpose()
    }

    async fn page(&self, query: &FileQuery) -> Result<FilePage, StoreError> {
        self.page_of_files(query).await
    }

    async fn is_held(&self, path: &str) -> Result<bool, StoreError> {
        self.holds_any(path).await
    }

    async fn is_held_by(
        &self,
        path: &str,
        collection: CollectionId,
        record: &RecordId,
        field: &str,
    ) -> Result<bool, StoreError> {
        let key = (collection.to_string(), record.as_str().to_owned(), field.to_owned());
        let held = file_use::Entity::find_by_id(key).one(self.orm()).await.map_err(from_orm)?;
        Ok(held.is_some_and(|held| held.path == path))
    }

    async fn delete(&self, path: &FilePath, now: DateTime<Utc>) -> Result<bool, StoreError> {
        // Who moves it holds the row; what is deleted is where it is then.
        let find = Entity::find_by_id(path.as_str()).lock(LockType::Update);
        let Some(model) = find.one(self.orm()).await.map_err(from_orm)? else {
            return Ok(false);
        };
        let provider = provider(&model.provider)?;
        Entity::delete_by_id(path.as_str()).exec(self.orm()).await.map_err(from_orm)?;
        self.delete_bytes(provider, path.key(), now).await?;
        Ok(true)
    }

    async fn delete_unused(
        &self,
        before: DateTime<Utc>,
        limit: u64,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        // Whoever notes a use locks the file's row first: so it is noted before, and seen by the
        // second statement, or finds no row any more.
        let old = Entity::find()
            .filter(Column::CreatedAt.lt(before))
            .filter(unheld())
            .order_by_asc(Column::CreatedAt)
            .limit(limit)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let paths: Vec<_> =
            old.all(self.orm()).await.map_err(from_orm)?.into_iter().map(|m| m.path).collect();
        if paths.is_empty() {
            return Ok(0);
        }
        let still = Entity::find().filter(Column::Path.is_in(paths)).filter(unheld());
        let found = still.all(self.orm()).await.map_err(from_orm)?;
        self.discard(found, now).await
    }

    async fn elsewhere(
        &self,
        provider: Provider,
        account: Option<AccountId>,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<StoredFile>, StoreError> {
        let mut find = Entity::find().filter(Column::Provider.ne(provider.name()));
        if let Some(account) = account {
            find = find.filter(Column::AccountId.eq(account.to_string()));
        }
        if let Some(after) = after {
            find = find.filter(Column::Path.gt(after));
        }
        let found = find.order_by_asc(Column::Path).limit(limit).all(self.orm()).await.map_err(from_orm)?;
        found.into_iter().map(from_model).collect()
    }

    async fn moved(&self, file: &StoredFile, to: Provider, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let moved = Entity::update_many()
            .col_expr(Column::Provider, Expr::val(to.name()))
            .filter(Column::Path.eq(file.path.as_str()))
            .filter(Column::Provider.eq(file.provider.name()))
            .exec(self.orm())
            .await
            .map_err(from_orm)?;
        if moved.rows_affected == 0 {
            return Ok(false);
        }
        self.delete_bytes(file.provider, file.path.key(), now).await?;
        Ok(true)
    }

    async fn known(&self, provider: Provider, keys: &[String]) -> Result<Vec<String>, StoreError> {
        let paths: Vec<String> = keys.iter().flat_map(|key| paths_of(key)).collect();
        let files = Entity::find().select_only().column(Column::Path).filter(Column::Path.is_in(&paths));
        let uses = file_use::Entity::find()
            .select_only()
            .column(file_use::Column::Path)
            .filter(file_use::Column::Path.is_in(&paths));
        let parts = file_upload_part::Entity::find()
            .select_only()
            .column(file_upload_part::Column::Key)
            .filter(file_upload_part::Column::Key.is_in(keys));
        let deletions = file_deletion::Entity::find()
            .select_only()
            .column(file_deletion::Column::Key)
            .filter(file_deletion::Column::Provider.eq(provider.name()))
            .filter(file_deletion::Column::Key.is_in(keys));
        let mut found: Vec<String> = files.into_tuple().all(self.orm()).await.map_err(from_orm)?;
        found.extend(uses.into_tuple::<String>().all(self.orm()).await.map_err(from_orm)?);
        let mut known: Vec<String> = parts.into_tuple().all(self.orm()).await.map_err(from_orm)?;
        known.extend(deletions.into_tuple::<String>().all(self.orm()).await.map_err(from_orm)?);
        let is_found = |key: &&String| paths_of(key).any(|path| found.contains(&path));
        known.extend(keys.iter().filter(is_found).cloned());
        Ok(known)
    }

    async fn delete_bytes(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.queue_deletion(provider, key, due_at).await
    }

    async fn keep_bytes(&self, provider: Provider, key: &str) -> Result<bool, StoreError> {
        let deletion = deletions::of(provider, key).add(file_deletion::Column::Attempts.eq(0));
        let kept = file_deletion::Entity::delete_many().filter(deletion).exec(self.orm()).await;
        Ok(kept.map_err(from_orm)?.rows_affected > 0)
    }

    async fn claim_deletions(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u64,
    ) -> Result<Vec<WaitingDeletion>, StoreError> {
        self.claim_due_deletions(now, until, limit).await
    }

    async fn deletion_done(&self, provider: Provider, key: &str) -> Result<(), StoreError> {
        let done = file_deletion::Entity::delete_many().filter(deletions::of(provider, key));
        done.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn delete_at(
        &self,
        provider: Provider,
        key: &str,
        due_at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let later = file_deletion::Entity::update_many()
            .col_expr(file_deletion::Column::DueAt, Expr::val(due_at))
            .filter(deletions::of(provider, key));
        later.exec(self.orm()).await.map_err(from_orm)?;
        Ok(())
    }

    async fn forget_stale_uses(&self, limit: u64) -> Result<u64, StoreError> {
        self.forget_uses_without_record(limit).await
    }
}

/// A condition that holds when all of these do.
fn all(conditions: impl IntoIterator<Item = sea_query::SimpleExpr>) -> Condition {
    conditions.into_iter().fold(Condition::all(), Condition::add)
}

/// Runs a statement; how many rows it changed.
async fn run(session: &Session, query: &impl sea_query::QueryStatementWriter) -> Result<u64, StoreError> {
    session.connection.execute(Stmt::build(session.dialect(), query)).await
}
