//! Statements that change records. The predicate stands in the statement:
//! checking and acting are one.

use sea_query::{Alias, Expr, ExprTrait, LockType, Query, ReturningClause, SelectStatement};
use snackbase_application::access::Scoped;
use snackbase_application::ports::StoreError;
use snackbase_domain::RecordId;
use snackbase_domain::record::{Record, Value};
use snackbase_rls::Dialect;

use super::columns::{bind, column, instant, instant_column, physical, unique_index};
use super::read::{from, reach, record_columns, restrict};
use crate::driver::Stmt;
use crate::indexes;
use crate::reach::told;

fn table(scoped: &Scoped) -> Alias {
    Alias::new(physical(scoped.compiled().collection.table().as_str()))
}

/// Inserts a record.
pub(super) fn insert(scoped: &Scoped, record: &Record, dialect: Dialect) -> Stmt {
    let text = |text: &str| Expr::val(text);
    let mut columns: Vec<Alias> =
        ["id", "account_id", "created_at", "created_by", "updated_at", "updated_by"]
            .into_iter()
            .map(Alias::new)
            .collect();
    let mut values = vec![
        text(record.id.as_str()),
        Expr::val(record.account_id.to_string()),
        Expr::val(instant(record.created_at, dialect)),
        text(&record.created_by),
        Expr::val(instant(record.updated_at, dialect)),
        text(&record.updated_by),
    ];
    for (field, value) in scoped.compiled().collection.stored_fields().zip(&record.values) {
        for (name, value) in bind(field, value, dialect) {
            columns.push(Alias::new(name));
            values.push(Expr::val(value));
        }
    }
    let mut insert = Query::insert();
    insert.into_table(table(scoped)).columns(columns);
    match told(scoped.tenant(), dialect) {
        None => insert.values_panic(values),
        Some(told) => {
            let row = Query::select().exprs(values).and_where(told).take();
            insert.select_from(row).expect("as many values as columns")
        }
    };
    Stmt::build(dialect, &insert)
}

/// Whether a record is within reach.
pub(super) fn reached(scoped: &Scoped, id: &RecordId, dialect: Dialect) -> Stmt {
    let mut select = from(scoped);
    select.expr(Expr::val(1)).and_where(column(scoped, "id").eq(id.as_str()));
    restrict(&mut select, scoped, dialect);
    Stmt::build(dialect, &select)
}

/// Changes the fields that have a new value, of a record for which the conditions hold; answers it.
pub(super) fn update(
    scoped: &Scoped,
    id: &RecordId,
    changes: &[Option<Value>],
    updated_at: i64,
    updated_by: &str,
    conditions: Vec<Expr>,
    dialect: Dialect,
) -> Stmt {
    let mut update = Query::update();
    update.table(table(scoped));
    update.value(Alias::new("updated_at"), later(updated_at, dialect));
    update.value(Alias::new("updated_by"), Expr::val(updated_by));
    for (field, change) in scoped.compiled().collection.stored_fields().zip(changes) {
        let Some(value) = change else { continue };
        for (name, value) in bind(field, value, dialect) {
            update.value(Alias::new(name), Expr::val(value));
        }
    }
    update.and_where(column(scoped, "id").eq(id.as_str()));
    for condition in conditions {
        update.and_where(condition);
    }
    update.returning(returning(scoped));
    Stmt::build(dialect, &update)
}

/// The moment, or the next one after the record's last change: no two changes of a
/// record have one moment, so that it tells its versions apart.
fn later(moment: i64, dialect: Dialect) -> Expr {
    let moment = Expr::val(instant(moment, dialect));
    match dialect {
        Dialect::Sqlite => Expr::cust_with_exprs("MAX(\"updated_at\" + 1, ?)", [moment]),
        Dialect::Postgres => {
            Expr::cust_with_exprs("GREATEST(\"updated_at\" + INTERVAL '1 microsecond', $1)", [moment])
        }
    }
}

/// Locks a record's row until the end of the transaction, where others may write meanwhile.
pub(super) fn hold(scoped: &Scoped, id: &RecordId, dialect: Dialect) -> Option<Stmt> {
    let mut select = from(scoped);
    select.expr(Expr::val(1)).and_where(column(scoped, "id").eq(id.as_str()));
    select.and_where(told(scoped.tenant(), dialect)?).lock(LockType::NoKeyUpdate);
    Some(Stmt::build(dialect, &select))
}

/// Keeps the rows of a select from others until the end of the transaction: they cannot be
/// changed, and not be referred to by new ones.
fn lock(select: &mut SelectStatement, dialect: Dialect) {
    match dialect {
        // The one writer is ours until the transaction ends.
        Dialect::Sqlite => {}
        Dialect::Postgres => drop(select.lock(LockType::Update)),
    }
}

/// Reads and locks a record.
pub(super) fn take(scoped: &Scoped, id: &RecordId, dialect: Dialect) -> Stmt {
    let mut select = from(scoped);
    for name in record_columns(scoped) {
        select.expr(column(scoped, &name));
    }
    restrict(&mut select, scoped, dialect);
    select.and_where(column(scoped, "id").eq(id.as_str()));
    lock(&mut select, dialect);
    Stmt::build(dialect, &select)
}

/// Finds and locks the records that refer to some: their ids, and whom they refer to.
pub(super) fn take_referring(
    scoped: &Scoped,
    field: &str,
    targets: &[String],
    limit: u64,
    dialect: Dialect,
) -> Stmt {
    let mut select = from(scoped);
    select.expr(column(scoped, "id")).expr(column(scoped, field));
    restrict(&mut select, scoped, dialect);
    select.and_where(column(scoped, field).is_in(targets.iter().map(String::as_str))).limit(limit);
    lock(&mut select, dialect);
    Stmt::build(dialect, &select)
}

/// Deletes a record for which the conditions hold; answers it.
pub(super) fn delete(scoped: &Scoped, id: &RecordId, conditions: Vec<Expr>, dialect: Dialect) -> Stmt {
    let mut delete = Query::delete();
    delete.from_table(table(scoped)).and_where(column(scoped, "id").eq(id.as_str()));
    for condition in conditions {
        delete.and_where(condition);
    }
    delete.returning(returning(scoped));
    Stmt::build(dialect, &delete)
}

/// Deletes records by their ids.
pub(super) fn delete_taken<'a>(
    scoped: &Scoped,
    ids: impl Iterator<Item = &'a str>,
    dialect: Dialect,
) -> Stmt {
    let mut delete = Query::delete();
    delete.from_table(table(scoped)).and_where(column(scoped, "id").is_in(ids));
    for condition in reach(scoped, dialect) {
        delete.and_where(condition);
    }
    Stmt::build(dialect, &delete)
}

/// Empties references of records; with a stamp they tell who changed them when, and are answered.
pub(super) fn empty<'a>(
    scoped: &Scoped,
    fields: &[usize],
    ids: impl Iterator<Item = &'a str>,
    stamp: Option<(i64, &str)>,
    dialect: Dialect,
) -> Stmt {
    let mut update = Query::update();
    update.table(table(scoped));
    for field in scoped.compiled().collection.stored_fields().enumerate() {
        if fields.contains(&field.0) {
            update.value(Alias::new(physical(field.1.name.as_str())), Expr::val(None::<String>));
        }
    }
    update.and_where(column(scoped, "id").is_in(ids));
    for condition in reach(scoped, dialect) {
        update.and_where(condition);
    }
    if let Some((at, by)) = stamp {
        update.value(Alias::new("updated_at"), later(at, dialect));
        update.value(Alias::new("updated_by"), Expr::val(by));
        update.returning(returning(scoped));
    }
    Stmt::build(dialect, &update)
}

/// Whole records, of the rows that a statement changes.
fn returning(scoped: &Scoped) -> ReturningClause {
    let columns = record_columns(scoped);
    Query::returning().columns(columns.iter().map(|name| Alias::new(physical(name))))
}

/// Names the fields whose unique index refused a write: PostgreSQL tells the index's name,
/// SQLite the columns.
pub(super) fn name_conflict(scoped: &Scoped, error: StoreError) -> StoreError {
    let StoreError::Conflict { constraint } = &error else {
        return error;
    };
    let collection = &scoped.compiled().collection;
    let table = collection.table();
    let told = |columns: &[String]| {
        let column = |name: &str| format!("{}.{name}", physical(table.as_str()));
        let all = [column("account_id")].into_iter().chain(columns.iter().map(|name| column(name)));
        all.collect::<Vec<_>>().join(", ")
    };
    let field = collection.stored_fields().filter(|field| field.unique).find(|field| {
        let name = field.name.as_str();
        let column = if field.ty.is_time() { instant_column(name) } else { physical(name) };
        *constraint == unique_index(&table, field) || *constraint == told(&[column])
    });
    if let Some(field) = field {
        return StoreError::Conflict { constraint: field.name.to_string() };
    }
    let index = collection.indexes.iter().filter(|index| index.unique).find(|index| {
        let columns: Vec<_> = indexes::columns(collection, index).map(|(name, ..)| name).collect();
        *constraint == indexes::name(collection, index) || *constraint == told(&columns)
    });
    match index {
        Some(index) => StoreError::Conflict { constraint: index.fields().join(",") },
        None => error,
    }
}
