//! Full-text indexes of collections.
//!
//! Beside each searchable field a column holds its words as
//! [`words`](snackbase_rules::search::words) gives them: they decide what is found. An index
//! over the words of all these columns finds the candidates: on SQLite an FTS5 table without
//! content of its own, on PostgreSQL a table of `tsvector`s with a GIN index. It is a table beside
//! the records' on PostgreSQL, too, because row security keeps text search from indexes of the table
//! it guards. Triggers keep it, so that it changes with the records.

use sea_query::{Alias, Expr, ExprTrait, Query, Value as SqlValue};
use snackbase_application::ports::{CollectionRepository as _, StoreError};
use snackbase_domain::collection::{Collection, Field};
use snackbase_rls::Dialect;
use snackbase_rules::search::{SearchQuery, words};
use snackbase_rules::{Node, Typed};

use crate::driver::Stmt;
use crate::reach::told_all;
use crate::records::physical;
use crate::store::{Session, Work};

/// So many rows get their words in one statement.
const PART: usize = 500;

/// The column with the words of a searchable field. Field names begin with a letter, so it
/// cannot be a field's.
pub(crate) fn words_column(field: &str) -> String {
    physical(&format!("_w_{field}"))
}

/// The table with the words of a collection's records: by the id, since the collection's table
/// may be renamed.
pub(crate) fn index_table(collection: &Collection) -> String {
    format!("fts_{}", collection.id.to_string().replace('-', ""))
}

/// SQLite: the table that gives each record the number by which the index knows it. SQLite's own
/// row numbers may change when the database is compacted.
fn numbers_table(collection: &Collection) -> String {
    format!("ftn_{}", collection.id.to_string().replace('-', ""))
}

fn table(collection: &Collection) -> String {
    format!("\"{}\"", physical(collection.table().as_str()))
}

/// The words of all fields of a row, one after the other.
fn all_words(collection: &Collection, row: &str) -> String {
    let columns = collection.searchable_fields().map(|f| words_column(f.name.as_str()));
    let parts: Vec<_> = columns.map(|column| format!("COALESCE({row}.\"{column}\", '')")).collect();
    parts.join(" || ")
}

/// The columns that hold words, in quotes.
fn columns(collection: &Collection) -> Vec<String> {
    let searchable = collection.searchable_fields();
    searchable.map(|field| format!("\"{}\"", words_column(field.name.as_str()))).collect()
}

/// The statements that make the index of a collection and fill it from the words that are there.
pub(crate) fn create(collection: &Collection, dialect: Dialect) -> Vec<String> {
    if columns(collection).is_empty() {
        return Vec::new();
    }
    let (table, index, row) = (table(collection), index_table(collection), all_words(collection, "r"));
    let (made, filled) = match dialect {
        Dialect::Postgres => (
            vec![
                format!(
                    "CREATE TABLE \"{index}\" (\"id\" TEXT COLLATE \"C\" PRIMARY KEY \
                     REFERENCES {table} (\"id\") ON DELETE CASCADE, \"words\" TSVECTOR NOT NULL)"
                ),
                // What is not yet in its place is read by every search.
                format!(
                    "CREATE INDEX \"{index}_words\" ON \"{index}\" USING gin (\"words\") \
                     WITH (gin_pending_list_limit = 256)"
                ),
            ],
            vec![format!(
                "INSERT INTO \"{index}\" SELECT r.\"id\", sb_word_vector({row}) FROM {table} r WHERE {}",
                told_all(dialect)
            )],
        ),
        Dialect::Sqlite => {
            let numbers = numbers_table(collection);
            (
                vec![
                    format!("CREATE TABLE \"{numbers}\" (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)"),
                    format!(
                        "CREATE VIRTUAL TABLE \"{index}\" USING fts5(words, content='', contentless_delete=1, \
                         tokenize='ascii', detail='none')"
                    ),
                ],
                vec![
                    format!("INSERT INTO \"{numbers}\" (id) SELECT \"id\" FROM {table}"),
                    format!(
                        "INSERT INTO \"{index}\" (rowid, words) \
                         SELECT n.n, {row} FROM {table} r JOIN \"{numbers}\" n ON n.id = r.\"id\""
                    ),
                ],
            )
        }
    };
    [made, filled, keep(collection, dialect)].concat()
}

/// The statements that have the index follow the records from now on.
pub(crate) fn keep(collection: &Collection, dialect: Dialect) -> Vec<String> {
    let columns = columns(collection).join(", ");
    if columns.is_empty() {
        return Vec::new();
    }
    let (table, index, new) = (table(collection), index_table(collection), all_words(collection, "NEW"));
    match dialect {
        Dialect::Postgres => vec![
            format!(
                "CREATE FUNCTION \"{index}\"() RETURNS trigger LANGUAGE plpgsql AS $keep$ BEGIN \
                 INSERT INTO \"{index}\" VALUES (NEW.\"id\", sb_word_vector({new})) \
                 ON CONFLICT (\"id\") DO UPDATE SET \"words\" = excluded.\"words\"; RETURN NULL; END $keep$"
            ),
            format!(
                "CREATE TRIGGER \"{index}\" AFTER INSERT OR UPDATE OF {columns} ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION \"{index}\"()"
            ),
        ],
        Dialect::Sqlite => {
            let numbers = numbers_table(collection);
            let number = |row: &str| format!("(SELECT n FROM \"{numbers}\" WHERE id = {row}.\"id\")");
            let (new_number, old_number) = (number("NEW"), number("OLD"));
            vec![
                format!(
                    "CREATE TRIGGER \"{index}_inserted\" AFTER INSERT ON {table} BEGIN \
                     INSERT INTO \"{numbers}\" (id) VALUES (NEW.\"id\"); \
                     INSERT INTO \"{index}\" (rowid, words) VALUES ({new_number}, {new}); END"
                ),
                format!(
                    "CREATE TRIGGER \"{index}_updated\" AFTER UPDATE OF {columns} ON {table} BEGIN \
                     DELETE FROM \"{index}\" WHERE rowid = {old_number}; \
                     INSERT INTO \"{index}\" (rowid, words) VALUES ({new_number}, {new}); END"
                ),
                format!(
                    "CREATE TRIGGER \"{index}_deleted\" AFTER DELETE ON {table} BEGIN \
                     DELETE FROM \"{index}\" WHERE rowid = {old_number}; \
                     DELETE FROM \"{numbers}\" WHERE id = OLD.\"id\"; END"
                ),
            ]
        }
    }
}

/// The statements that have the index follow the records no more: the columns may change.
pub(crate) fn let_go(collection: &Collection, dialect: Dialect) -> Vec<String> {
    if columns(collection).is_empty() {
        return Vec::new();
    }
    let (table, index) = (table(collection), index_table(collection));
    match dialect {
        Dialect::Postgres => vec![
            format!("DROP TRIGGER IF EXISTS \"{index}\" ON {table}"),
            format!("DROP FUNCTION IF EXISTS \"{index}\"()"),
        ],
        Dialect::Sqlite => ["inserted", "updated", "deleted"]
            .map(|event| format!("DROP TRIGGER IF EXISTS \"{index}_{event}\""))
            .into(),
    }
}

/// The statements that drop the index of a collection, whose table is still there.
pub(crate) fn drop(collection: &Collection, dialect: Dialect) -> Vec<String> {
    let mut statements = let_go(collection, dialect);
    if !statements.is_empty() {
        let numbers = (dialect == Dialect::Sqlite).then(|| numbers_table(collection));
        let tables = [index_table(collection)].into_iter().chain(numbers);
        statements.extend(tables.map(|name| format!("DROP TABLE IF EXISTS \"{name}\"")));
    }
    statements
}

/// The statements that put the index aside with the collection's table. It goes at once on
/// PostgreSQL; SQLite gets [`asides`] to empty.
pub(crate) fn set_aside(collection: &Collection, dialect: Dialect, gone: &str) -> Vec<String> {
    if dialect == Dialect::Postgres || columns(collection).is_empty() {
        return drop(collection, dialect);
    }
    let [numbers, index] = asides(gone);
    let mut statements = let_go(collection, dialect);
    statements.push(format!("ALTER TABLE \"{}\" RENAME TO \"{index}\"", index_table(collection)));
    statements.push(format!("ALTER TABLE \"{}\" RENAME TO \"{numbers}\"", numbers_table(collection)));
    statements
}

/// SQLite: what becomes of the tables of an index when the table is set aside as `gone`: the numbers
/// and the words.
pub(crate) fn asides(gone: &str) -> [String; 2] {
    [format!("{gone}_numbers"), format!("{gone}_words")]
}

/// The condition that a record is among the candidates of a query: words are matched one by
/// one, without regard to their order and field.
pub(crate) fn candidates(collection: &Collection, query: &SearchQuery, dialect: Dialect) -> Expr {
    let index = index_table(collection);
    // Words are letters and digits; still nothing in quotes is taken for an operator.
    let (star, and) = match dialect {
        Dialect::Sqlite => ("\"*", "\" AND \""),
        Dialect::Postgres => ("':*", "' & '"),
    };
    let mut text = String::new();
    for term in &query.terms {
        for (n, word) in term.words.iter().enumerate() {
            let quote = &and[..1];
            if !text.is_empty() {
                text.push_str(&and[1..and.len() - 1]);
            }
            text.push_str(quote);
            text.push_str(word);
            let last = n + 1 == term.words.len();
            text.push_str(if last && term.prefix { star } else { quote });
        }
    }
    let mut found = Query::select();
    match dialect {
        Dialect::Sqlite => {
            let numbers = Alias::new(numbers_table(collection));
            let rows = Expr::cust_with_values(
                format!("n IN (SELECT rowid FROM \"{index}\" WHERE \"{index}\" MATCH ?)"),
                [text],
            );
            found.column(Alias::new("id")).from(numbers).and_where(rows);
        }
        Dialect::Postgres => {
            let has = Expr::cust_with_values("\"words\" @@ CAST($1 AS TSQUERY)", [text]);
            found.column(Alias::new("id")).from(Alias::new(index)).and_where(has);
        }
    }
    let id = (Alias::new(physical(collection.table().as_str())), Alias::new("id"));
    Expr::col(id).in_subquery(found)
}

/// Whether a condition holds only for records that an index of words finds.
pub(crate) fn narrows(condition: &Typed) -> bool {
    match &condition.node {
        Node::And(terms) => terms.iter().any(narrows),
        node => matches!(node, Node::Matches { .. }),
    }
}

impl Session {
    /// Fills the words of a field that has just become searchable.
    pub(crate) async fn fill_words(&self, collection: &Collection, field: &Field) -> Result<(), StoreError> {
        let (table, dialect) = (table(collection), self.dialect());
        let text = format!("\"{}\"", physical(field.name.as_str()));
        let column = format!("\"{}\"", words_column(field.name.as_str()));
        let told = told_all(dialect);
        if dialect == Dialect::Sqlite {
            let sql = format!("UPDATE {table} SET {column} = sb_words({text}) WHERE {text} IS NOT NULL");
            return self.connection.execute(Stmt::new(sql, Vec::new())).await.map(std::mem::drop);
        }
        let select = format!(
            "SELECT \"id\", {text} FROM {table} WHERE {told} AND \"id\" > $1 AND {text} IS NOT NULL \
             ORDER BY \"id\" LIMIT {PART}"
        );
        let update = format!(
            "UPDATE {table} t SET {column} = w.value FROM jsonb_each_text($1) w WHERE t.\"id\" = w.key AND {told}"
        );
        let mut last = String::new();
        loop {
            let after = vec![SqlValue::String(Some(last.clone()))];
            let rows = self.connection.query(Stmt::new(select.clone(), after)).await?;
            let mut part = serde_json::Map::new();
            for row in &rows {
                if let [SqlValue::String(Some(id)), SqlValue::String(Some(text))] = row.values.as_slice() {
                    part.insert(id.clone(), words(text).into());
                    last.clone_from(id);
                }
            }
            if !part.is_empty() {
                let part = SqlValue::Json(Some(Box::new(part.into())));
                self.connection.execute(Stmt::new(update.clone(), vec![part])).await?;
            }
            if rows.len() < PART {
                return Ok(());
            }
        }
    }
}

impl Work {
    /// Makes the indexes of collections whose fields were called searchable before there was
    /// such a thing.
    pub(crate) async fn index_older_tables(&self) -> Result<(), StoreError> {
        let dialect = self.session.dialect();
        let sql = match dialect {
            Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Dialect::Postgres => "SELECT relname::text FROM pg_class WHERE relkind = 'r'",
        };
        let rows = self.transaction.query(Stmt::new(sql, Vec::new())).await?;
        let known: Vec<_> = rows.into_iter().flat_map(|row| row.values).collect();
        for collection in self.session.all().await? {
            if known.contains(&SqlValue::String(Some(index_table(&collection)))) {
                continue;
            }
            for field in collection.searchable_fields() {
                self.session.add_words(&collection, field).await?;
            }
            let statements = create(&collection, dialect);
            if !statements.is_empty() {
                self.transaction.script(statements.join(";\n")).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DatabaseOptions, SqliteOptions, Store};
    use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};
    use serde_json::json;
    use snackbase_application::ports::Storage as _;
    use snackbase_testkit::builders::collection;

    #[test]
    fn queries_are_quoted_word_by_word() {
        let books = collection(json!({"name": "books", "fields": [
            {"name": "title", "type": "text", "options": {"searchable": true}}]}));
        let query = SearchQuery::parse("\"Red wine\" gla* OR'); DROP");
        let value = |dialect| {
            let mut select = Query::select();
            select.expr(Expr::cust("1")).and_where(candidates(&books, &query, dialect));
            let (_, values) = match dialect {
                Dialect::Sqlite => select.build(SqliteQueryBuilder),
                Dialect::Postgres => select.build(PostgresQueryBuilder),
            };
            values.0
        };
        let text = |text: &str| vec![SqlValue::from(text)];
        assert_eq!(value(Dialect::Sqlite), text(r#""red" AND "wine" AND "gla"* AND "or" AND "drop""#));
        assert_eq!(value(Dialect::Postgres), text("'red' & 'wine' & 'gla':* & 'or' & 'drop'"));
    }

    /// Fields could be called so before it had a meaning.
    #[tokio::test]
    async fn tables_without_words_get_them_with_the_migrations() {
        let store = Store::open(&DatabaseOptions::Sqlite(SqliteOptions::in_memory())).await.unwrap();
        store.migrate().await.unwrap();
        let plain = collection(json!({"name": "books", "fields": [{"name": "title", "type": "text"}]}));
        let mut marked = plain.clone();
        marked.fields[0].options = Some(json!({"searchable": true}));
        let work = store.begin().await.unwrap();
        work.repositories().tables().create(&plain).await.unwrap();
        work.repositories().collections().insert(&marked, "rules").await.unwrap();
        work.commit().await.unwrap();
        for _ in 0..2 {
            store.migrate().await.unwrap();
        }
        let sql = format!("SELECT _w_title FROM col_books, \"{}\"", index_table(&marked));
        store.session().connection.query(Stmt::new(sql, Vec::new())).await.unwrap();
    }
}
