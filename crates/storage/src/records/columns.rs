//! Where the fields of a collection are in its table.

use sea_query::{Alias, Expr, IntoTableRef, TableRef, Value as SqlValue};
use sha2::{Digest, Sha256};
use snackbase_application::access::Scoped;
use snackbase_domain::collection::{Collection, CollectionName, Field, FieldType, SYSTEM_FIELDS, TableName};
use snackbase_domain::record::Value;
use snackbase_domain::stored_macro::Argument;
use snackbase_rls::{Columns, Dialect};
use snackbase_rules::search::{SearchQuery, words};

use crate::macros;
use crate::search::{candidates, words_column};

/// Longest identifier that PostgreSQL keeps apart, in bytes.
const MAX_IDENTIFIER: usize = 63;

/// Columns that every table of PostgreSQL has by itself.
const POSTGRES_SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// The identifier for a name. A longer one than the databases keep apart is cut,
/// and a digest of the whole takes the place of the rest; one that PostgreSQL keeps
/// for itself gets a prefix that no name can have, since names begin with a letter.
pub(crate) fn physical(name: &str) -> String {
    if POSTGRES_SYSTEM_COLUMNS.contains(&name) {
        return format!("_f_{name}");
    }
    if name.len() <= MAX_IDENTIFIER {
        return name.to_owned();
    }
    let digest = Sha256::digest(name.as_bytes());
    let tail: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{}_{tail}", &name[..MAX_IDENTIFIER - tail.len() - 1])
}

/// The column with the instant of a time field, beside the text as it was sent.
/// Field names begin with a letter, so it cannot be a field's.
pub(crate) fn instant_column(field: &str) -> String {
    physical(&format!("_i_{field}"))
}

/// The index that keeps a field's values unique within an account. No name of a collection or field
/// has a `$`, so no two indexes share a name.
pub(crate) fn unique_index(table: &TableName, field: &Field) -> String {
    physical(&format!("uq_{table}${}", field.name))
}

/// A column of a collection's table. The table is named, since statements may
/// join others.
pub(crate) fn column(scoped: &Scoped, name: &str) -> Expr {
    of_table(&scoped.compiled().collection, name)
}

fn of_table(collection: &Collection, name: &str) -> Expr {
    Expr::col((Alias::new(physical(collection.table().as_str())), Alias::new(physical(name))))
}

/// A collection's columns, for lowering expressions.
pub(super) struct RecordColumns<'a>(pub &'a Scoped);

impl Columns for RecordColumns<'_> {
    fn native(&self, field: &str) -> Expr {
        match self.0.compiled().collection.field(field) {
            Some(known) if known.ty.is_time() => column(self.0, &instant_column(field)),
            _ => column(self.0, field),
        }
    }

    fn text(&self, field: &str) -> Expr {
        column(self.0, field)
    }

    fn words(&self, field: &str) -> Expr {
        column(self.0, &words_column(field))
    }

    fn candidates(&self, query: &SearchQuery, dialect: Dialect) -> Option<Expr> {
        Some(candidates(&self.0.compiled().collection, query, dialect))
    }

    fn stored_macro(&self, name: &str, args: Vec<Expr>) -> Option<Expr> {
        stored_macro(self.0, name, args)
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns + '_>)> {
        target(self.0, collection, alias)
    }
}

/// The columns of a collection that is looked into through a reference.
struct TargetColumns<'a> {
    scoped: &'a Scoped,
    alias: Alias,
}

impl TargetColumns<'_> {
    fn column(&self, name: &str) -> Expr {
        Expr::col((self.alias.clone(), Alias::new(physical(name))))
    }
}

impl Columns for TargetColumns<'_> {
    fn native(&self, field: &str) -> Expr {
        self.column(field)
    }

    fn instant(&self, field: &str) -> Expr {
        if SYSTEM_FIELDS.contains(&field) { self.column(field) } else { self.column(&instant_column(field)) }
    }

    fn text(&self, field: &str) -> Expr {
        self.column(field)
    }

    fn words(&self, field: &str) -> Expr {
        self.column(&words_column(field))
    }

    fn stored_macro(&self, name: &str, args: Vec<Expr>) -> Option<Expr> {
        stored_macro(self.scoped, name, args)
    }

    fn target(&self, collection: &str, alias: &str) -> Option<(TableRef, Box<dyn Columns + '_>)> {
        target(self.scoped, collection, alias)
    }
}

/// The condition of a stored macro that a rule of the scope calls.
fn stored_macro(scoped: &Scoped, name: &str, args: Vec<Expr>) -> Option<Expr> {
    let calls = scoped.macros()?;
    let text = |text: Option<&str>| text.map_or_else(|| Expr::cust("CAST(NULL AS TEXT)"), Expr::val);
    let argument = |of| match of {
        Argument::Parameter(index) => args.get(index).cloned().unwrap_or_else(|| text(None)),
        _ => text(calls.caller().value(of)),
    };
    Some(macros::condition(calls.query(name)?, scoped.now(), argument))
}

fn target<'a>(
    scoped: &'a Scoped,
    collection: &str,
    alias: &str,
) -> Option<(TableRef, Box<dyn Columns + 'a>)> {
    let table = CollectionName::parse(collection)?.table();
    let alias = Alias::new(alias);
    let table = Alias::new(physical(table.as_str())).into_table_ref().alias(alias.clone());
    Some((table, Box::new(TargetColumns { scoped, alias })))
}

/// A moment as a value for a column.
pub(super) fn instant(micros: i64, dialect: Dialect) -> SqlValue {
    match dialect {
        Dialect::Sqlite => SqlValue::BigInt(Some(micros)),
        Dialect::Postgres => SqlValue::ChronoDateTimeUtc(chrono::DateTime::from_timestamp_micros(micros)),
    }
}

fn no_instant(dialect: Dialect) -> SqlValue {
    match dialect {
        Dialect::Sqlite => SqlValue::BigInt(None),
        Dialect::Postgres => SqlValue::ChronoDateTimeUtc(None),
    }
}

/// The columns of a field and what they hold for a value. Nulls are typed, since
/// PostgreSQL asks.
pub(crate) fn bind(field: &Field, value: &Value, dialect: Dialect) -> Vec<(String, SqlValue)> {
    let name = physical(field.name.as_str());
    let typed = match (&field.ty, value) {
        (FieldType::Datetime | FieldType::Date, Value::Time { text, micros }) => {
            return vec![
                (name, SqlValue::String(Some(text.clone()))),
                (instant_column(field.name.as_str()), instant(*micros, dialect)),
            ];
        }
        (FieldType::Datetime | FieldType::Date, _) => {
            return vec![
                (name, SqlValue::String(None)),
                (instant_column(field.name.as_str()), no_instant(dialect)),
            ];
        }
        (_, Value::Bool(b)) => SqlValue::Bool(Some(*b)),
        (_, Value::Number(n)) => SqlValue::Double(Some(*n)),
        (_, Value::Text(text)) => SqlValue::String(Some(text.clone())),
        (_, Value::Json(tree)) => SqlValue::Json(Some(Box::new(tree.clone()))),
        (FieldType::Boolean, _) => SqlValue::Bool(None),
        (FieldType::Number, _) => SqlValue::Double(None),
        (FieldType::Json, _) => SqlValue::Json(None),
        _ => SqlValue::String(None),
    };
    let mut columns = vec![(name, typed)];
    if field.is_searchable() {
        let words = match value {
            Value::Text(text) => Some(words(text)),
            _ => None,
        };
        columns.push((words_column(field.name.as_str()), SqlValue::String(words)));
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_apart() {
        let (a, b) = ("a".repeat(64) + "1", "a".repeat(64) + "2");
        assert_eq!(physical(&a).len(), MAX_IDENTIFIER);
        assert_ne!(physical(&a), physical(&b));
        assert_eq!(physical("title"), "title");
        assert_eq!(physical("xmin"), "_f_xmin");
    }
}
