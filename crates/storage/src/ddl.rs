//! The tables of collections: how they are made and follow their schemas.
//!
//! Identifiers come from validated names only; values are bound.

mod statements;

pub(crate) use statements::{
    all_indexes, create_list_indexes, create_unique, foreign_key, indexes, indexes_of, list_indexes, quoted,
    table,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_query::{Alias, Expr, ExprTrait, Query};
use snackbase_application::access::Tenant;
use snackbase_application::ports::{RecordTables, RowsFound, SchemaDiff, StoreError};
use snackbase_domain::collection::{Collection, Field, FieldName, FieldType, Index};
use snackbase_domain::record::{Value, check_value};
use snackbase_domain::{AccountId, RecordId};
use snackbase_rls::Dialect;

use crate::accounts::delete_part;
use crate::driver::{Stmt, scalar};
use crate::indexes as composite;
use crate::postgres::row_security::raise;
use crate::reach::{told, told_all};
use crate::records::{bind, counted, physical};
use crate::search::{self, words_column};
use crate::store::Session;
use statements::{
    columns, create, drop_unique, drop_words, replace_foreign_key, text_type, unique_column, unique_key,
};

impl Session {
    pub(crate) async fn run(&self, statements: Vec<String>) -> Result<(), StoreError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.connection.script(statements.join(";\n")).await
    }

    /// Adds the column for the words of a field, and fills it.
    pub(crate) async fn add_words(&self, collection: &Collection, field: &Field) -> Result<(), StoreError> {
        let column = quoted(&words_column(field.name.as_str()));
        let ty = text_type(self.dialect());
        self.run(vec![format!("ALTER TABLE {} ADD COLUMN {column} {ty}", table(collection))]).await?;
        self.fill_words(collection, field).await
    }

    /// Gives existing rows the default of a new field.
    async fn fill_default(&self, collection: &Collection, field: &Field) -> Result<(), StoreError> {
        let Ok(value) = check_value(&field.ty, &field.default) else {
            return Err(StoreError::Inconsistent(format!("the default of '{}'", field.name)));
        };
        if value.is_null() {
            return Ok(());
        }
        let mut update = Query::update();
        update.table(Alias::new(physical(collection.table().as_str())));
        for (column, value) in bind(field, &value, self.dialect()) {
            update.value(Alias::new(column), Expr::val(value));
        }
        update.and_where_option(told(Tenant::All, self.dialect()));
        self.connection.execute(Stmt::build(self.dialect(), &update)).await?;
        Ok(())
    }
}

#[async_trait]
impl RecordTables for Session {
    async fn create(&self, collection: &Collection) -> Result<(), StoreError> {
        let mut statements = create(collection, self.dialect())?;
        statements.extend(search::create(collection, self.dialect()));
        if self.connection.has_row_security() {
            statements.extend(raise(&table(collection)));
        }
        self.run(statements).await
    }

    async fn alter(&self, diff: &SchemaDiff) -> Result<(), StoreError> {
        let (after, dialect) = (&diff.after, self.dialect());
        let reindexed = diff.changes_words();
        if reindexed {
            self.run(search::drop(&diff.before, dialect)).await?;
        }
        let [drops, creates] = composite::changes(diff, dialect);
        self.run(drops).await?;
        for field in diff.added() {
            let add = |column: String| format!("ALTER TABLE {} ADD COLUMN {column}", table(after));
            self.run(columns(after, field, dialect)?.into_iter().map(add).collect()).await?;
            self.fill_default(after, field).await?;
            if field.ty == FieldType::File {
                self.note_all_files(after, field).await?;
            }
            self.run(indexes(after, field, dialect)).await?;
        }
        for (old, new) in diff.kept() {
            if old.reference() != new.reference() {
                self.run(replace_foreign_key(after, new, dialect)?).await?;
            }
            // A column that SQLite replaces gets the indexes it is to have.
            let rebuilt = dialect == Dialect::Sqlite && old.reference() != new.reference();
            match (old.unique, new.unique) {
                (false, true) if !rebuilt => {
                    self.run(create_unique(after, new, dialect)).await?;
                }
                (true, false) => self.run(drop_unique(after, new)).await?,
                _ => {}
            }
            match (old.is_searchable(), new.is_searchable()) {
                (false, true) => self.add_words(after, new).await?,
                (true, false) => self.run(vec![drop_words(after, new)]).await?,
                _ => {}
            }
        }
        if reindexed {
            self.run(search::create(after, dialect)).await?;
        }
        self.run(creates).await
    }

    async fn rename_field(
        &self,
        before: &Collection,
        after: &Collection,
        names: (&FieldName, &FieldName),
    ) -> Result<(), StoreError> {
        self.rename_column(before, after, names).await?;
        self.rename_files(after, (names.0.as_str(), names.1.as_str())).await
    }

    async fn drop_field(
        &self,
        before: &Collection,
        after: &Collection,
        field: &Field,
    ) -> Result<(), StoreError> {
        self.run(composite::drop_missing(before, after)).await?;
        self.drop_columns(before, after, field).await?;
        self.forget_files_of(before, field).await
    }

    async fn rename(&self, before: &Collection, after: &Collection) -> Result<(), StoreError> {
        self.rename_table(before, after).await
    }

    async fn fill(
        &self,
        collection: &Collection,
        field: &Field,
        values: &[(RecordId, Value)],
    ) -> Result<(), StoreError> {
        self.fill_column(collection, field, values).await?;
        for (id, value) in values {
            self.note_filled_file(collection, id, field, value).await?;
        }
        Ok(())
    }

    async fn set_aside(
        &self,
        collection: &Collection,
        revision: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.set_table_aside(collection, revision, now).await
    }

    async fn aside(&self) -> Result<Vec<String>, StoreError> {
        self.tables_aside().await
    }

    async fn count_aside(&self, revision: &str) -> Result<u64, StoreError> {
        self.count_table_aside(revision).await
    }

    async fn remove_aside(&self, revision: &str, limit: u64) -> Result<bool, StoreError> {
        self.remove_table_aside(revision, limit).await
    }

    async fn count(&self, collection: &Collection) -> Result<u64, StoreError> {
        Ok(scalar(&self.connection.query(counted::of_collection(collection)).await?))
    }

    async fn count_all(&self, collections: &[&Collection]) -> Result<u64, StoreError> {
        let mut total = 0;
        for collection in collections {
            total += self.count(collection).await?;
        }
        Ok(total)
    }

    async fn fold_counts(&self) -> Result<(), StoreError> {
        counted::fold(self).await
    }

    async fn delete_some(
        &self,
        collection: &Collection,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let mut delete = delete_part(&physical(collection.table().as_str()), "id", account, limit);
        delete.and_where_option(told(Tenant::Account(account), self.dialect()));
        self.connection.execute(Stmt::build(self.dialect(), &delete)).await
    }

    async fn cut_some(
        &self,
        collection: &Collection,
        field: &Field,
        account: AccountId,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let table = Alias::new(physical(collection.table().as_str()));
        let column = Alias::new(physical(field.name.as_str()));
        let part = Query::select()
            .column(Alias::new("id"))
            .from(table.clone())
            .and_where(Expr::col(Alias::new("account_id")).eq(account.to_string()))
            .and_where(Expr::col(column.clone()).is_not_null())
            .limit(limit)
            .take();
        let cut = Query::update()
            .table(table)
            .value(column, Expr::val(None::<String>))
            .and_where(Expr::col(Alias::new("id")).in_subquery(part))
            .and_where_option(told(Tenant::Account(account), self.dialect()))
            .take();
        self.connection.execute(Stmt::build(self.dialect(), &cut)).await
    }

    async fn has_duplicates(&self, collection: &Collection, field: &Field) -> Result<bool, StoreError> {
        let (table, column) = (table(collection), quoted(&unique_column(field)));
        let key = unique_key(field, self.dialect());
        let sql = format!(
            "SELECT 1 FROM {table} WHERE {column} IS NOT NULL AND {} \
             GROUP BY \"account_id\", {key} HAVING COUNT(*) > 1 LIMIT 1",
            told_all(self.dialect())
        );
        Ok(!self.connection.query(Stmt::new(sql, Vec::new())).await?.is_empty())
    }

    async fn collisions(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError> {
        self.colliding_rows(collection, index).await
    }

    async fn overlong(&self, collection: &Collection, index: &Index) -> Result<RowsFound, StoreError> {
        self.overlong_rows(collection, index).await
    }

    async fn has_rows(&self, collection: &Collection, account: AccountId) -> Result<bool, StoreError> {
        let mut query = Query::select();
        query
            .expr(Expr::val(1i64))
            .from(Alias::new(physical(collection.table().as_str())))
            .and_where(Expr::col(Alias::new("account_id")).eq(account.to_string()))
            .and_where_option(told(Tenant::Account(account), self.dialect()))
            .limit(1);
        Ok(!self.connection.query(Stmt::build(self.dialect(), &query)).await?.is_empty())
    }
}
