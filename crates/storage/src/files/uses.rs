//! Which records hold which files: an index over file fields, kept in the transaction of each change
//! by the statements that change records.

use sea_orm::{EntityTrait, QuerySelect};
use sea_query::{Alias, Expr, ExprTrait, LockType, OnConflict, Query, SelectStatement, Value as SqlValue};
use snackbase_application::ports::StoreError;
use snackbase_domain::collection::{Collection, Field, FieldType};
use snackbase_domain::file::FileMetadata;
use snackbase_domain::record::Value;
use snackbase_domain::{AccountId, RecordId};
use snackbase_rls::Dialect;

use super::run;
use crate::ddl::{quoted, table};
use crate::driver::Stmt;
use crate::driver::error::from_orm;
use crate::entity::file_use::{Column, Entity};
use crate::entity::{collection, file};
use crate::reach::told_all;
use crate::store::Session;

/// Whether records of a collection can hold files.
pub(crate) fn holds_files(collection: &Collection) -> bool {
    collection.stored_fields().any(|field| field.ty == FieldType::File)
}

/// The records of a collection that hold a file in one of the fields.
pub(crate) fn holders(collection: &Collection, path: &str, fields: &[&str]) -> SelectStatement {
    Query::select()
        .column(Column::RecordId)
        .from(Entity)
        .and_where(Expr::col(Column::Path).eq(path))
        .and_where(Expr::col(Column::CollectionId).eq(collection.id.to_string()))
        .and_where(Expr::col(Column::Field).is_in(fields.iter().copied()))
        .take()
}

impl Session {
    /// Notes the files of a new record.
    pub(crate) async fn note_files(
        &self,
        collection: &Collection,
        account: AccountId,
        id: &RecordId,
        values: &[Value],
    ) -> Result<(), StoreError> {
        for (field, value) in collection.stored_fields().zip(values) {
            if field.ty == FieldType::File {
                self.note_file(collection, account, id, field, value).await?;
            }
        }
        Ok(())
    }

    /// Notes the files of a record whose fields have changed.
    pub(crate) async fn note_changed_files(
        &self,
        collection: &Collection,
        account: AccountId,
        id: &RecordId,
        changes: &[Option<Value>],
    ) -> Result<(), StoreError> {
        for (field, change) in collection.stored_fields().zip(changes) {
            if let (FieldType::File, Some(value)) = (&field.ty, change) {
                self.forget_file(collection, id, field).await?;
                self.note_file(collection, account, id, field, value).await?;
            }
        }
        Ok(())
    }

    /// Notes the file of a field that was filled.
    pub(crate) async fn note_filled_file(
        &self,
        collection: &Collection,
        id: &RecordId,
        field: &Field,
        value: &Value,
    ) -> Result<(), StoreError> {
        if field.ty != FieldType::File {
            return Ok(());
        }
        self.forget_file(collection, id, field).await?;
        let path = value.as_text().and_then(FileMetadata::stored).and_then(|metadata| metadata.path());
        match path {
            Some(path) => self.note_file(collection, path.account(), id, field, value).await,
            None => Ok(()),
        }
    }

    async fn note_file(
        &self,
        collection: &Collection,
        account: AccountId,
        id: &RecordId,
        field: &Field,
        value: &Value,
    ) -> Result<(), StoreError> {
        let Some(metadata) = value.as_text().and_then(FileMetadata::stored) else {
            return Ok(());
        };
        let path = metadata.path_text();
        // Whoever wants to delete it as unused waits, and then sees this use.
        let hold = file::Entity::find_by_id(path).lock(LockType::KeyShare);
        hold.one(self.orm()).await.map_err(from_orm)?;
        let insert = Query::insert()
            .into_table(Entity)
            .columns([Column::CollectionId, Column::RecordId, Column::Field, Column::Path, Column::AccountId])
            .values_panic([
                Expr::val(collection.id.to_string()),
                Expr::val(id.as_str()),
                Expr::val(field.name.as_str()),
                Expr::val(path),
                Expr::val(account.to_string()),
            ])
            .on_conflict(
                OnConflict::columns([Column::CollectionId, Column::RecordId, Column::Field])
                    .update_column(Column::Path)
                    .to_owned(),
            )
            .take();
        run(self, &insert).await.map(drop)
    }

    async fn forget_file(
        &self,
        collection: &Collection,
        id: &RecordId,
        field: &Field,
    ) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Column::CollectionId).eq(collection.id.to_string()))
            .and_where(Expr::col(Column::RecordId).eq(id.as_str()))
            .and_where(Expr::col(Column::Field).eq(field.name.as_str()))
            .take();
        run(self, &delete).await.map(drop)
    }

    /// Forgets the files of records that are gone.
    pub(crate) async fn forget_files<'i>(
        &self,
        collection: &Collection,
        ids: impl Iterator<Item = &'i str>,
    ) -> Result<(), StoreError> {
        if !holds_files(collection) {
            return Ok(());
        }
        let delete = Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Column::CollectionId).eq(collection.id.to_string()))
            .and_where(Expr::col(Column::RecordId).is_in(ids))
            .take();
        run(self, &delete).await.map(drop)
    }

    /// Gives the notes of a field its new name.
    pub(crate) async fn rename_files(
        &self,
        collection: &Collection,
        (from, to): (&str, &str),
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(Entity)
            .value(Column::Field, Expr::val(to))
            .and_where(Expr::col(Column::CollectionId).eq(collection.id.to_string()))
            .and_where(Expr::col(Column::Field).eq(from))
            .take();
        run(self, &update).await.map(drop)
    }

    /// Forgets the files of a field that goes.
    pub(crate) async fn forget_files_of(
        &self,
        collection: &Collection,
        field: &Field,
    ) -> Result<(), StoreError> {
        let delete = Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Column::CollectionId).eq(collection.id.to_string()))
            .and_where(Expr::col(Column::Field).eq(field.name.as_str()))
            .take();
        run(self, &delete).await.map(drop)
    }

    /// Notes the files of all records in a field.
    pub(crate) async fn note_all_files(
        &self,
        collection: &Collection,
        field: &Field,
    ) -> Result<(), StoreError> {
        let (table, column) = (table(collection), quoted(field.name.as_str()));
        let into = "INSERT INTO file_uses (collection_id, record_id, field, path, account_id)";
        let sql = match self.dialect() {
            Dialect::Sqlite => format!(
                "{into} SELECT ?, id, ?, json_extract({column}, '$.path'), account_id FROM {table} \
                 WHERE json_valid({column}) AND json_type({column}, '$.path') = 'text' ON CONFLICT DO NOTHING"
            ),
            Dialect::Postgres => format!(
                "{into} SELECT $1::text, id, $2::text, {column}::jsonb ->> 'path', account_id FROM {table} \
                 WHERE {} AND {column}::jsonb ->> 'path' IS NOT NULL ON CONFLICT DO NOTHING",
                told_all(Dialect::Postgres)
            ),
        };
        let values = [collection.id.to_string(), field.name.to_string()];
        let values = values.into_iter().map(SqlValue::from).collect();
        self.connection.execute(Stmt::new(sql, values)).await.map(drop)
    }

    /// Whether a record of a collection that is there holds a file.
    pub(super) async fn holds_any(&self, path: &str) -> Result<bool, StoreError> {
        let of_collection =
            Expr::col((collection::Entity, collection::Column::Id)).equals((Entity, Column::CollectionId));
        let select = Query::select()
            .expr(Expr::val(1i64))
            .from(Entity)
            .inner_join(collection::Entity, of_collection)
            .and_where(Expr::col((Entity, Column::Path)).eq(path))
            .limit(1)
            .take();
        Ok(!self.connection.query(Stmt::build(self.dialect(), &select)).await?.is_empty())
    }

    pub(super) async fn forget_uses_without_record(&self, limit: u64) -> Result<u64, StoreError> {
        let collections = Query::select().column(collection::Column::Id).from(collection::Entity).take();
        let gone = Expr::col((Entity, Column::CollectionId)).in_subquery(collections).not();
        let mut forgotten = self.forget_some(vec![gone], limit).await?;
        for collection in snackbase_application::ports::CollectionRepository::all(self).await? {
            if forgotten >= limit || !holds_files(&collection) {
                continue;
            }
            let name = Alias::new(crate::records::physical(collection.table().as_str()));
            let record = Query::select()
                .expr(Expr::val(1i64))
                .from(name.clone())
                .and_where(Expr::col((name, Alias::new("id"))).equals((Entity, Column::RecordId)))
                .and_where(Expr::cust(told_all(self.dialect())))
                .take();
            let of_it = Expr::col((Entity, Column::CollectionId)).eq(collection.id.to_string());
            let gone = Expr::exists(record).not();
            forgotten += self.forget_some(vec![of_it, gone], limit - forgotten).await?;
        }
        Ok(forgotten)
    }

    async fn forget_some(&self, conditions: Vec<Expr>, limit: u64) -> Result<u64, StoreError> {
        let mut select = Query::select();
        select.columns([Column::CollectionId, Column::RecordId, Column::Field]).from(Entity).limit(limit);
        // Set before the records are looked for.
        select.and_where(Expr::cust(told_all(self.dialect())));
        for condition in conditions {
            select.and_where(condition);
        }
        let key = Expr::tuple([
            Expr::col(Column::CollectionId),
            Expr::col(Column::RecordId),
            Expr::col(Column::Field),
        ]);
        let delete = Query::delete().from_table(Entity).and_where(key.in_subquery(select)).take();
        run(self, &delete).await
    }
}
