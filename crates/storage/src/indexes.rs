//! The indexes that collections are given besides those of their fields: how they are made, and which
//! rows stand in their way.
//!
//! The account comes first in each of them, since lists are those of an account. One that is not
//! unique ends with the id, as the order of every list does.

use sea_query::Value;
use snackbase_application::ports::{RowsFound, SchemaDiff, StoreError};
use snackbase_domain::collection::{Collection, Field, Index, IndexColumn};
use snackbase_rls::Dialect;

use crate::ddl::{quoted, table};
use crate::driver::Stmt;
use crate::reach::told_all;
use crate::records::{instant_column, physical};
use crate::store::Session;

/// How many rows are named that stand in an index's way.
const NAMED: u64 = 5;

/// The name of an index in the database. No name of a field or collection has a `$`.
pub(crate) fn name(collection: &Collection, index: &Index) -> String {
    physical(&format!("cx_{}${}", collection.table(), index.name))
}

/// A name for an index while another one takes its place.
fn outgoing_name(collection: &Collection, index: &Index) -> String {
    physical(&format!("_gone_{}", name(collection, index)))
}

/// The columns that an index is over, besides the account.
pub(crate) fn columns<'a>(
    collection: &'a Collection,
    index: &'a Index,
) -> impl Iterator<Item = (String, &'a IndexColumn, Option<&'a Field>)> {
    index.columns.iter().map(|column| {
        let field = collection.field(column.field.as_str());
        let name = match field {
            Some(field) if field.ty.is_time() => instant_column(field.name.as_str()),
            _ => physical(column.field.as_str()),
        };
        (name, column, field)
    })
}

/// Makes an index. Nulls stand in it where lists have them.
pub(crate) fn create(collection: &Collection, index: &Index, dialect: Dialect) -> String {
    let mut keys = vec!["\"account_id\"".to_owned()];
    keys.extend(columns(collection, index).map(|(name, column, field)| {
        let order = match (dialect, field, column.descending) {
            (Dialect::Postgres, Some(_), true) => " DESC NULLS LAST",
            (Dialect::Postgres, Some(_), false) => " NULLS FIRST",
            (_, _, true) => " DESC",
            (_, _, false) => "",
        };
        format!("{}{order}", quoted(&name))
    }));
    if !index.unique {
        let descending = index.columns.last().is_some_and(|column| column.descending);
        keys.push(if descending { "\"id\" DESC" } else { "\"id\"" }.to_owned());
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let (name, table) = (quoted(&name(collection, index)), table(collection));
    format!("CREATE {unique}INDEX {name} ON {table} ({})", keys.join(", "))
}

pub(crate) fn create_all(collection: &Collection, dialect: Dialect) -> Vec<String> {
    collection.indexes.iter().map(|index| create(collection, index, dialect)).collect()
}

fn drop_index(name: &str) -> String {
    format!("DROP INDEX IF EXISTS {}", quoted(name))
}

/// Drops the indexes that are in the one and not in the other.
pub(crate) fn drop_missing(before: &Collection, after: &Collection) -> Vec<String> {
    let gone = before.indexes.iter().filter(|index| !after.indexes.contains(index));
    gone.map(|index| drop_index(&name(before, index))).collect()
}

/// What becomes of the indexes when a collection changes: statements to be run before its fields
/// change, and after that.
///
/// PostgreSQL makes new ones first, while others read, and drops old ones last: for that the table
/// is locked. SQLite cannot rename an index, and its readers see the state of before anyway. There
/// an index goes, too, when a column of it is replaced.
pub(crate) fn changes(diff: &SchemaDiff, dialect: Dialect) -> [Vec<String>; 2] {
    let (before, after) = (&diff.before, &diff.after);
    let is_replaced = |index: &Index| {
        let mut kept = diff.kept();
        dialect == Dialect::Sqlite
            && kept.any(|(old, new)| old.reference() != new.reference() && index.contains(&new.name))
    };
    let gone = before.indexes.iter().filter(|index| !after.indexes.contains(index) || is_replaced(index));
    let made = after.indexes.iter().filter(|index| !before.indexes.contains(index) || is_replaced(index));
    let made = made.map(|index| create(after, index, dialect));
    match dialect {
        Dialect::Sqlite => [gone.map(|index| drop_index(&name(before, index))).collect(), made.collect()],
        Dialect::Postgres => {
            let gone: Vec<_> =
                gone.map(|index| (name(before, index), outgoing_name(before, index))).collect();
            let rename = |(old, new): &(String, String)| {
                format!("ALTER INDEX {} RENAME TO {}", quoted(old), quoted(new))
            };
            let mut after: Vec<_> = gone.iter().map(rename).collect();
            after.extend(made);
            after.extend(gone.iter().map(|(_, outgoing)| drop_index(outgoing)));
            [Vec::new(), after]
        }
    }
}

impl Session {
    /// Rows that have all values of an index in common with another one of their account.
    pub(crate) async fn colliding_rows(
        &self,
        collection: &Collection,
        index: &Index,
    ) -> Result<RowsFound, StoreError> {
        let names: Vec<_> = columns(collection, index).map(|(name, ..)| quoted(&name)).collect();
        let set: Vec<_> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let rows = format!(
            "SELECT id, created_at, COUNT(*) OVER (PARTITION BY account_id, {}) AS sb_same FROM {} WHERE {} AND {}",
            names.join(", "),
            table(collection),
            set.join(" AND "),
            told_all(self.dialect())
        );
        self.rows_found(&format!("SELECT id, created_at FROM ({rows}) AS sb_rows WHERE sb_same > 1")).await
    }

    /// Rows with a text that is too long for an index.
    pub(crate) async fn overlong_rows(
        &self,
        collection: &Collection,
        index: &Index,
    ) -> Result<RowsFound, StoreError> {
        let limit = index.text_limit(&collection.fields);
        let texts = columns(collection, index).filter(|(.., field)| field.is_some_and(Field::holds_text));
        let long: Vec<_> = texts
            .map(|(name, ..)| match self.dialect() {
                Dialect::Sqlite => format!("LENGTH(CAST({} AS BLOB)) > {limit}", quoted(&name)),
                Dialect::Postgres => format!("OCTET_LENGTH({}) > {limit}", quoted(&name)),
            })
            .collect();
        if long.is_empty() {
            return Ok(RowsFound::default());
        }
        let (table, all) = (table(collection), told_all(self.dialect()));
        self.rows_found(&format!(
            "SELECT id, created_at FROM {table} WHERE ({}) AND {all}",
            long.join(" OR ")
        ))
        .await
    }

    /// How many rows a query has, and which are the first; it gives their `id` and `created_at`.
    async fn rows_found(&self, query: &str) -> Result<RowsFound, StoreError> {
        let sql = format!(
            "SELECT COUNT(*) OVER () AS n, id FROM ({query}) AS sb_found ORDER BY created_at, id LIMIT {NAMED}"
        );
        let mut found = RowsFound::default();
        for row in self.connection.query(Stmt::new(sql, Vec::new())).await? {
            let mut values = row.values.into_iter();
            if let (Some(Value::BigInt(Some(count))), Some(Value::String(Some(id)))) =
                (values.next(), values.next())
            {
                found.count = u64::try_from(count).unwrap_or_default();
                found.first.push(id);
            }
        }
        Ok(found)
    }
}
