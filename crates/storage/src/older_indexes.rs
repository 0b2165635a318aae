//! Indexes of tables that an earlier program made: they get the names of today, and those that
//! were not made then.
//!
//! Names had no `$` between table and field, so `post_tag.name` and `post.tag_name` shared one.
//! Unique JSON was compared by its text, which is not the same for all equal values.

use std::collections::HashSet;

use sea_query::Value;
use snackbase_application::ports::{Repositories as _, StoreError};
use snackbase_domain::collection::{Collection, Field, FieldType};
use snackbase_rls::Dialect;

use crate::ddl::{create_list_indexes, create_unique, indexes, indexes_of, list_indexes, quoted};
use crate::driver::Stmt;
use crate::records::{physical, unique_index};
use crate::store::Work;

/// The former names of [`indexes_of`].
fn former_of(collection: &Collection, field: &Field) -> [String; 3] {
    let (table, name) = (collection.table(), &field.name);
    ["uq", "eq", "ix"].map(|kind| physical(&format!("{kind}_{table}_{name}")))
}

/// What brings the indexes of a table in line; `there` are those that it has.
fn statements(collection: &Collection, there: &HashSet<String>, dialect: Dialect) -> Vec<String> {
    let mut statements = Vec::new();
    let references = physical(&format!("ix_{}$", collection.table()));
    let mut rename = |former: &str, now: &str, again: Vec<String>| {
        if !there.contains(former) || there.contains(now) {
            return;
        }
        match dialect {
            // Those of references had one column only.
            Dialect::Postgres if !now.starts_with(&references) => {
                statements.push(format!("ALTER INDEX {} RENAME TO {}", quoted(former), quoted(now)));
            }
            _ => {
                statements.push(format!("DROP INDEX {}", quoted(former)));
                statements.extend(again);
            }
        }
    };
    for field in collection.stored_fields() {
        for (former, now) in former_of(collection, field).iter().zip(indexes_of(collection, field)) {
            let again = indexes(collection, field, dialect).into_iter();
            rename(former, &now, again.filter(|sql| sql.contains(&quoted(&now))).collect());
        }
    }
    let former = physical(&format!("ix_{}_account_created", collection.table()));
    let [of_accounts, of_all, of_authors] = list_indexes(collection);
    let [create_of_accounts, create_of_all, create_of_authors] = create_list_indexes(collection);
    rename(&former, &of_accounts, vec![create_of_accounts]);
    for (name, create) in [(of_all, create_of_all), (of_authors, create_of_authors)] {
        if !there.contains(&name) {
            statements.push(create);
        }
    }
    statements
}

impl Work {
    /// Brings the indexes of all tables in line with what is made today.
    pub(crate) async fn align_indexes(&self) -> Result<(), StoreError> {
        let dialect = self.session.dialect();
        let sql = match dialect {
            Dialect::Sqlite => "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index'",
            Dialect::Postgres => {
                "SELECT tablename::text, indexname::text, indexdef FROM pg_indexes \
                 WHERE schemaname = current_schema()"
            }
        };
        let rows = self.transaction.query(Stmt::new(sql, Vec::new())).await?;
        let of = |table: &str| {
            let names = rows.iter().filter_map(|row| match row.values.as_slice() {
                [Value::String(Some(of)), Value::String(Some(name)), _] if of == table => Some(name.clone()),
                _ => None,
            });
            names.collect::<HashSet<_>>()
        };
        for collection in self.session.collections().all().await? {
            let there = of(&physical(collection.table().as_str()));
            let statements = statements(&collection, &there, dialect);
            if !statements.is_empty() {
                self.transaction.script(statements.join(";\n")).await?;
            }
            let is_by_text = |field: &&Field| {
                let name = unique_index(&collection.table(), field);
                rows.iter().any(|row| match row.values.as_slice() {
                    [_, Value::String(Some(index)), Value::String(Some(sql))] => {
                        *index == name && !sql.contains("sb_json")
                    }
                    _ => false,
                })
            };
            let json = |field: &&Field| matches!(field.ty, FieldType::Json | FieldType::File);
            for field in collection.stored_fields().filter(json).filter(is_by_text) {
                self.compare_by_value(&collection, field).await?;
            }
        }
        Ok(())
    }

    /// Has a unique field compare JSON by value. Where stored values are in its way, the former
    /// index stays.
    async fn compare_by_value(&self, collection: &Collection, field: &Field) -> Result<(), StoreError> {
        let (name, field_name) = (collection.name.as_str(), field.name.as_str());
        if self.session.tables().has_duplicates(collection, field).await? {
            tracing::warn!(
                collection = name,
                field = field_name,
                "equal values are stored in a unique field: it goes on comparing their texts"
            );
            return Ok(());
        }
        let drop = format!("DROP INDEX {}", quoted(&unique_index(&collection.table(), field)));
        let again = create_unique(collection, field, self.session.dialect());
        self.transaction.script([vec![drop], again].concat().join(";\n")).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use snackbase_application::ports::UnitOfWork as _;
    use snackbase_testkit::builders::collection;

    use super::*;
    use crate::{DatabaseOptions, SqliteOptions, Store};

    fn posts() -> Collection {
        collection(json!({"name": "posts", "fields": [
            {"name": "slug", "type": "text", "unique": true},
            {"name": "data", "type": "json", "unique": true},
            {"name": "up", "type": "reference", "collection": "posts", "on_delete": "cascade"},
        ]}))
    }

    #[tokio::test]
    async fn older_tables_get_the_indexes_of_today() {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let work = store.work();
        work.session.collections().insert(&posts(), "rules").await.unwrap();
        work.session.tables().create(&posts()).await.unwrap();
        Box::new(work).commit().await.unwrap();
        let select =
            "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'col_posts' AND sql IS NOT NULL ORDER BY 1";
        let found = async || {
            let rows = store.session().connection.query(Stmt::new(select, Vec::new())).await.unwrap();
            rows.into_iter().map(|row| row.values).collect::<Vec<_>>()
        };
        let today = found().await;
        let older = "DROP INDEX all_col_posts; DROP INDEX own_col_posts; DROP INDEX list_col_posts; DROP INDEX \"uq_col_posts$slug\"; \
                     DROP INDEX \"ix_col_posts$up\"; CREATE INDEX ix_col_posts_up ON col_posts (up); \
                     CREATE INDEX ix_col_posts_account_created ON col_posts (account_id, created_at, id); \
                     DROP INDEX \"uq_col_posts$data\"; \
                     CREATE UNIQUE INDEX uq_col_posts_slug ON col_posts (account_id, slug); \
                     CREATE UNIQUE INDEX \"uq_col_posts$data\" ON col_posts (account_id, data)";
        let work = store.work();
        work.session.connection.script(older.to_owned()).await.unwrap();
        Box::new(work).commit().await.unwrap();
        assert_ne!(found().await, today);
        for _ in 0..2 {
            store.migrate().await.unwrap();
            assert_eq!(found().await, today);
        }
    }

    #[test]
    fn postgres_gives_them_other_names() {
        let there =
            ["uq_col_posts_slug", "eq_col_posts_slug", "ix_col_posts_up", "ix_col_posts_account_created"];
        let there = there.map(str::to_owned).into_iter().collect();
        assert_eq!(
            statements(&posts(), &there, Dialect::Postgres),
            [
                r#"ALTER INDEX "uq_col_posts_slug" RENAME TO "uq_col_posts$slug""#,
                r#"ALTER INDEX "eq_col_posts_slug" RENAME TO "eq_col_posts$slug""#,
                r#"DROP INDEX "ix_col_posts_up""#,
                r#"CREATE INDEX "ix_col_posts$up" ON "col_posts" ("up", "account_id", "created_at", "id")"#,
                r#"ALTER INDEX "ix_col_posts_account_created" RENAME TO "list_col_posts""#,
                r#"CREATE INDEX "all_col_posts" ON "col_posts" ("created_at", "id")"#,
                r#"CREATE INDEX "own_col_posts" ON "col_posts" ("account_id", "created_by", "created_at", "id")"#,
            ]
        );
    }
}
