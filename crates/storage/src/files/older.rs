//! File fields of tables that an earlier program made.

use sea_query::Value as SqlValue;
use snackbase_application::ports::{CollectionRepository as _, StoreError};
use snackbase_domain::collection::FieldType;
use snackbase_rls::Dialect;

use super::uses::holds_files;
use crate::ddl::{quoted, table};
use crate::driver::Stmt;
use crate::records::physical;
use crate::store::Work;

impl Work {
    /// Makes texts of file fields that are JSONB, and notes the files of all records; the latter only
    /// where nothing was noted before.
    pub(crate) async fn note_files_of_older_tables(&self, noted: bool) -> Result<(), StoreError> {
        for collection in self.session.all().await? {
            if !holds_files(&collection) {
                continue;
            }
            for field in collection.stored_fields().filter(|field| field.ty == FieldType::File) {
                if self.session.dialect() == Dialect::Postgres {
                    let sql = "SELECT 1::bigint FROM information_schema.columns WHERE table_schema = current_schema()
                         AND table_name = $1 AND column_name = $2 AND data_type = 'jsonb'";
                    let names = [physical(collection.table().as_str()), physical(field.name.as_str())]
                        .map(SqlValue::from);
                    if !self.transaction.query(Stmt::new(sql, names.into())).await?.is_empty() {
                        let (table, column) = (table(&collection), quoted(field.name.as_str()));
                        let alter = format!(
                            "ALTER TABLE {table} ALTER COLUMN {column} TYPE TEXT COLLATE \"C\" USING {column}::text"
                        );
                        self.transaction.script(alter).await?;
                    }
                }
                if !noted {
                    self.session.note_all_files(&collection, field).await?;
                }
            }
        }
        Ok(())
    }
}
