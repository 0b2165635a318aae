//! Changes of a table that rename or drop something: in the transaction of the change, on both databases.

use sea_query::{Alias, Expr, ExprTrait, Query};
use snackbase_application::access::Tenant;
use snackbase_application::ports::StoreError;
use snackbase_domain::RecordId;
use snackbase_domain::collection::{Collection, Field, FieldName};
use snackbase_domain::record::Value;
use snackbase_rls::Dialect;

use crate::ddl::{all_indexes, create_list_indexes, foreign_key, indexes, indexes_of, quoted, table};
use crate::driver::Stmt;
use crate::indexes as composite;
use crate::reach::told;
use crate::records::{bind, instant_column, physical};
use crate::search::{self, words_column};
use crate::store::Session;

fn drop_index(name: String) -> String {
    format!("DROP INDEX IF EXISTS {}", quoted(&name))
}

fn rename_index((old, new): (String, String)) -> String {
    format!("ALTER INDEX IF EXISTS {} RENAME TO {}", quoted(&old), quoted(&new))
}

/// Foreign keys are found by their names later. SQLite has no use for these.
fn rename_foreign_key(
    dialect: Dialect,
    (before, field): (&Collection, &Field),
    (after, renamed): (&Collection, &Field),
) -> Option<String> {
    field.reference()?;
    let (old, new) = (foreign_key(before, field), foreign_key(after, renamed));
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(format!(
            "ALTER TABLE {} RENAME CONSTRAINT {} TO {}",
            table(after),
            quoted(&old),
            quoted(&new)
        )),
    }
}

impl Session {
    pub(crate) async fn rename_column(
        &self,
        before: &Collection,
        after: &Collection,
        (from, to): (&FieldName, &FieldName),
    ) -> Result<(), StoreError> {
        let missing = || StoreError::Inconsistent(format!("no field '{from}' to rename"));
        let old = before.field(from.as_str()).ok_or_else(missing)?;
        let new = after.field(to.as_str()).ok_or_else(missing)?;
        let rename = |old: &str, new: &str| {
            format!("ALTER TABLE {} RENAME COLUMN {} TO {}", table(after), quoted(old), quoted(new))
        };
        let mut statements: Vec<_> = indexes_of(before, old).into_iter().map(drop_index).collect();
        statements.push(rename(from.as_str(), to.as_str()));
        if old.is_searchable() {
            statements.extend(search::let_go(before, self.dialect()));
            statements.push(rename(&words_column(from.as_str()), &words_column(to.as_str())));
            statements.extend(search::keep(after, self.dialect()));
        }
        if old.ty.is_time() {
            statements.push(rename(&instant_column(from.as_str()), &instant_column(to.as_str())));
        }
        statements.extend(rename_foreign_key(self.dialect(), (before, old), (after, new)));
        statements.extend(indexes(after, new, self.dialect()));
        self.run(statements).await
    }

    pub(crate) async fn drop_columns(
        &self,
        before: &Collection,
        after: &Collection,
        field: &Field,
    ) -> Result<(), StoreError> {
        let mut statements: Vec<_> = indexes_of(before, field).into_iter().map(drop_index).collect();
        if field.is_searchable() {
            statements.extend(search::drop(before, self.dialect()));
        }
        let drop = |name: &str| format!("ALTER TABLE {} DROP COLUMN {}", table(before), quoted(name));
        statements.push(drop(field.name.as_str()));
        if field.ty.is_time() {
            statements.push(drop(&instant_column(field.name.as_str())));
        }
        if field.is_searchable() {
            statements.push(drop(&words_column(field.name.as_str())));
            statements.extend(search::create(after, self.dialect()));
        }
        self.run(statements).await
    }

    pub(crate) async fn rename_table(
        &self,
        before: &Collection,
        after: &Collection,
    ) -> Result<(), StoreError> {
        if before.table() == after.table() {
            return Ok(());
        }
        let rename = format!("ALTER TABLE {} RENAME TO {}", table(before), table(after));
        let statements = match self.dialect() {
            Dialect::Postgres => {
                let indexes = all_indexes(before).zip(all_indexes(after));
                let keys = after
                    .stored_fields()
                    .filter_map(|field| rename_foreign_key(self.dialect(), (before, field), (after, field)));
                [rename].into_iter().chain(indexes.map(rename_index)).chain(keys).collect()
            }
            // An index cannot be renamed.
            Dialect::Sqlite => {
                let mut statements: Vec<_> = all_indexes(before).map(drop_index).collect();
                statements.push(rename);
                statements
                    .extend(after.stored_fields().flat_map(|field| indexes(after, field, self.dialect())));
                statements.extend(create_list_indexes(after));
                statements.extend(composite::create_all(after, self.dialect()));
                statements
            }
        };
        self.run(statements).await
    }

    pub(crate) async fn fill_column(
        &self,
        collection: &Collection,
        field: &Field,
        values: &[(RecordId, Value)],
    ) -> Result<(), StoreError> {
        for (id, value) in values {
            let mut update = Query::update();
            update.table(Alias::new(physical(collection.table().as_str())));
            for (column, value) in bind(field, value, self.dialect()) {
                update.value(Alias::new(column), Expr::val(value));
            }
            update.and_where(Expr::col(Alias::new("id")).eq(id.as_str()));
            update.and_where_option(told(Tenant::All, self.dialect()));
            self.connection.execute(Stmt::build(self.dialect(), &update)).await?;
        }
        Ok(())
    }
}
