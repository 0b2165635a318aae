//! Statements that read records, and what their rows mean.

use sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, Value as SqlValue};
use snackbase_application::access::{AccountName, Scoped, Tenant};
use snackbase_application::ports::{ListQuery, SeekQuery, Sort, StoreError, StoredRecord};
use snackbase_domain::collection::{FieldType, SYSTEM_FIELDS};
use snackbase_domain::file::python_json;
use snackbase_domain::record::{Record, Value};
use snackbase_rls::{Dialect, lower_condition};
use snackbase_rules::functions::parse_instant;

use super::columns::{RecordColumns, column, instant, physical};
use super::{counted, order, within};
use crate::driver::json::{JsonKind, JsonShape};
use crate::driver::{Row, Stmt, Total};
use crate::reach::told;
use crate::search;

const ACCOUNTS: &str = "accounts";

/// `SELECT … FROM` the collection's table.
pub(super) fn from(scoped: &Scoped) -> SelectStatement {
    let mut select = Query::select();
    select.from(Alias::new(physical(scoped.compiled().collection.table().as_str())));
    select
}

fn joins_accounts(scoped: &Scoped) -> bool {
    scoped.projection().account_name == AccountName::OfEach
}

fn join_accounts(select: &mut SelectStatement, scoped: &Scoped) {
    let on = Expr::col((Alias::new(ACCOUNTS), Alias::new("id"))).eq(column(scoped, "account_id"));
    select.join(JoinType::LeftJoin, Alias::new(ACCOUNTS), on);
}

fn account_name() -> Expr {
    Expr::col((Alias::new(ACCOUNTS), Alias::new("name")))
}

/// A select of what a reply shows, and the object that a row becomes.
pub(super) fn select_json(scoped: &Scoped) -> (SelectStatement, JsonShape) {
    let mut select = from(scoped);
    let mut shape = JsonShape::default();
    for name in SYSTEM_FIELDS {
        let kind = match name {
            "created_at" | "updated_at" => JsonKind::Instant,
            _ => JsonKind::Text,
        };
        select.expr(column(scoped, name));
        shape.column(name, kind);
    }
    match &scoped.projection().account_name {
        AccountName::Absent => {}
        AccountName::Null => shape.fixed("account_name", None),
        AccountName::Is(name) => shape.fixed("account_name", Some(name)),
        AccountName::OfEach => {
            join_accounts(&mut select, scoped);
            select.expr(account_name());
            shape.column("account_name", JsonKind::Text);
        }
    }
    let shown = &scoped.projection().fields;
    for (field, _) in scoped.compiled().collection.fields.iter().zip(shown).filter(|(_, shown)| **shown) {
        let kind = match field.ty {
            FieldType::Number => JsonKind::Number,
            FieldType::Boolean => JsonKind::Boolean,
            FieldType::Json => JsonKind::Json,
            FieldType::Computed(_) => continue,
            _ => JsonKind::Text,
        };
        select.expr(column(scoped, field.name.as_str()));
        shape.column(field.name.as_str(), kind);
    }
    (select, shape)
}

/// A select of whole records; the account's name comes last where it is asked for.
pub(super) fn select(scoped: &Scoped) -> SelectStatement {
    let mut select = from(scoped);
    for name in record_columns(scoped) {
        select.expr(column(scoped, &name));
    }
    if joins_accounts(scoped) {
        join_accounts(&mut select, scoped);
        select.expr(account_name());
    }
    select
}

/// The columns of a whole record, in order.
pub(super) fn record_columns(scoped: &Scoped) -> Vec<String> {
    let stored = scoped.compiled().collection.stored_fields().map(|f| f.name.as_str());
    SYSTEM_FIELDS.into_iter().chain(stored).map(str::to_owned).collect()
}

/// The rows within reach: of the tenant, and for which the predicate holds.
pub(super) fn reach(scoped: &Scoped, dialect: Dialect) -> Vec<Expr> {
    let mut conditions = bounds(scoped, dialect);
    conditions.extend(predicate(scoped, dialect));
    conditions
}

/// The rows of the tenant, of the versions that are asked for.
pub(super) fn bounds(scoped: &Scoped, dialect: Dialect) -> Vec<Expr> {
    let mut conditions: Vec<_> = told(scoped.tenant(), dialect).into_iter().collect();
    if let Tenant::Account(account) = scoped.tenant() {
        let own = within(scoped, account);
        conditions.push(match dialect {
            // Without statistics SQLite takes an account for small, and would look through all of it.
            Dialect::Sqlite if scoped.predicate().is_some_and(search::narrows) => {
                Expr::cust_with_exprs("likely(?)", [own])
            }
            Dialect::Sqlite | Dialect::Postgres => own,
        });
    }
    if let Some(versions) = scoped.versions() {
        let moments = versions.iter().map(|micros| Expr::val(instant(*micros, dialect)));
        conditions.push(column(scoped, "updated_at").is_in(moments));
    }
    conditions
}

/// The predicate as a condition.
pub(super) fn predicate(scoped: &Scoped, dialect: Dialect) -> Option<Expr> {
    let predicate = scoped.predicate()?;
    Some(lower_condition(predicate, &RecordColumns(scoped), dialect, scoped.now()))
}

/// Restricts a select to the rows within reach.
pub(super) fn restrict(select: &mut SelectStatement, scoped: &Scoped, dialect: Dialect) {
    for condition in reach(scoped, dialect) {
        select.and_where(condition);
    }
}

/// Restricts a select to those of some records that are within reach.
pub(super) fn restrict_to(select: &mut SelectStatement, scoped: &Scoped, ids: &[String], dialect: Dialect) {
    select.and_where(column(scoped, "id").is_in(ids.iter().map(String::as_str)));
    match (dialect, reach(scoped, dialect).into_iter().reduce(Expr::and)) {
        // Without statistics SQLite takes an account, or an author, to have ten rows, and would
        // rather look through all of theirs than look up more ids than that. The sign keeps it
        // from using any other index (https://sqlite.org/optoverview.html, "unary +").
        (Dialect::Sqlite, Some(reach)) => select.and_where(Expr::cust_with_expr("+(?)", reach)),
        (_, Some(reach)) => select.and_where(reach),
        (_, None) => select,
    };
}

/// How many rows are within reach, beside a page of them.
pub(super) fn total(scoped: &Scoped, skip: u64, limit: u64, dialect: Dialect) -> Total {
    let kept = counted::of_scope(scoped);
    let count = kept.clone().unwrap_or_else(|| {
        let mut select = from(scoped);
        select.expr(Expr::cust("COUNT(*)"));
        restrict(&mut select, scoped, dialect);
        Stmt::build(dialect, &select)
    });
    Total { count, kept: kept.is_some(), skip, limit }
}

/// Order and bounds of a page.
pub(super) fn page(select: &mut SelectStatement, scoped: &Scoped, query: &ListQuery, dialect: Dialect) {
    for key in order::keys(scoped, &query.sort, scoped.now(), dialect) {
        key.order_by(select, dialect);
    }
    select.limit(query.limit).offset(query.skip);
}

/// All rows within reach, in order.
pub(super) fn all(scoped: &Scoped, sort: &[Sort], dialect: Dialect) -> SelectStatement {
    let mut select = select(scoped);
    restrict(&mut select, scoped, dialect);
    for key in order::keys(scoped, sort, scoped.now(), dialect) {
        key.order_by(&mut select, dialect);
    }
    select
}

/// The rows next to a position, and one more where there is one. Backwards they
/// come from the position on, the last of the list's order first.
pub(super) fn seek(scoped: &Scoped, query: &SeekQuery, dialect: Dialect) -> SelectStatement {
    let mut select = select(scoped);
    restrict(&mut select, scoped, dialect);
    let mut keys = order::keys(scoped, &query.sort, query.as_of, dialect);
    if query.backwards {
        keys.iter_mut().for_each(order::Key::reverse);
    }
    if let Some(position) = &query.from {
        select.and_where(order::after(&keys, position, dialect));
    }
    for key in keys {
        key.order_by(&mut select, dialect);
    }
    select.limit(query.limit.saturating_add(1));
    select
}

/// A row of `select`.
pub(super) fn stored(scoped: &Scoped, mut row: Row) -> Result<StoredRecord, StoreError> {
    let account_name = match joins_accounts(scoped).then(|| row.values.pop()) {
        Some(Some(SqlValue::String(name))) => name,
        _ => None,
    };
    Ok(StoredRecord { record: record(scoped, row.values)?, account_name })
}

/// The values of `record_columns` as a record.
pub(super) fn record(scoped: &Scoped, values: Vec<SqlValue>) -> Result<Record, StoreError> {
    let broken = |what: &str| StoreError::Inconsistent(format!("a record's {what} cannot be read"));
    let mut values = values.into_iter();
    let mut text = |what| match values.next() {
        Some(SqlValue::String(Some(text))) => Ok(SystemValue::Text(text)),
        Some(SqlValue::BigInt(Some(micros))) => Ok(SystemValue::Micros(micros)),
        Some(SqlValue::ChronoDateTimeUtc(Some(time))) => Ok(SystemValue::Micros(time.timestamp_micros())),
        _ => Err(broken(what)),
    };
    let id = text("id")?.text()?;
    let account_id = text("account_id")?.text()?.parse().map_err(|_| broken("account_id"))?;
    let created_at = text("created_at")?.micros()?;
    let created_by = text("created_by")?.text()?;
    let updated_at = text("updated_at")?.micros()?;
    let updated_by = text("updated_by")?.text()?;
    let fields = scoped.compiled().collection.stored_fields();
    let values = fields
        .zip(values)
        .map(|(field, value)| value_of(&field.ty, value).ok_or_else(|| broken(field.name.as_str())))
        .collect::<Result<_, _>>()?;
    Ok(Record {
        id: snackbase_domain::RecordId::new(id),
        account_id,
        created_at,
        created_by,
        updated_at,
        updated_by,
        values,
    })
}

enum SystemValue {
    Text(String),
    Micros(i64),
}

impl SystemValue {
    fn text(self) -> Result<String, StoreError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Micros(_) => Err(StoreError::Inconsistent("a system field holds no text".into())),
        }
    }

    fn micros(self) -> Result<i64, StoreError> {
        match self {
            Self::Micros(micros) => Ok(micros),
            Self::Text(_) => Err(StoreError::Inconsistent("a system field holds no time".into())),
        }
    }
}

pub(super) fn value_of(ty: &FieldType, value: SqlValue) -> Option<Value> {
    Some(match value {
        SqlValue::Bool(Some(b)) => Value::Bool(b),
        SqlValue::BigInt(Some(n)) => Value::Number(n as f64),
        SqlValue::Double(Some(n)) => Value::Number(n),
        // As earlier programs kept them.
        SqlValue::Json(Some(tree)) if *ty == FieldType::File => Value::Text(python_json(&tree)),
        SqlValue::Json(Some(tree)) => Value::Json(*tree),
        SqlValue::String(Some(text)) if ty.is_time() => {
            let micros = parse_instant(&text)?;
            Value::Time { text, micros }
        }
        SqlValue::String(Some(text)) => Value::Text(text),
        SqlValue::Bool(None)
        | SqlValue::BigInt(None)
        | SqlValue::Double(None)
        | SqlValue::Json(None)
        | SqlValue::String(None) => Value::Null,
        _ => return None,
    })
}
