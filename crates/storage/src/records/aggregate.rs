//! The statement that computes over groups of records, and what its rows mean.
//!
//! Groups are not sorted here: the use case does that, alike for both databases.

use sea_query::{Expr, ExprTrait, Func, SelectStatement, Value as SqlValue};
use snackbase_application::access::Scoped;
use snackbase_application::json;
use snackbase_application::ports::{AggregateQuery, Group, Measure, StoreError};
use snackbase_domain::collection::{Field, FieldType};
use snackbase_domain::record::{Value, canonical};
use snackbase_rls::{Columns, Dialect, lower, lower_condition};

use super::columns::{RecordColumns, column};
use super::read::{from, restrict, value_of};
use crate::driver::{Row, Stmt};

/// Makes microseconds of the years 0 to 9999 positive numbers of at most 18 digits.
const EPOCH_SHIFT: &str = "100000000000000000";

/// Groups within reach, at most as many as asked for.
pub(super) fn statement(scoped: &Scoped, query: &AggregateQuery, dialect: Dialect) -> Stmt {
    let sql = Lowering { scoped, columns: RecordColumns(scoped), query, dialect };
    let mut select = from(scoped);
    for (_, measure) in &query.measures {
        select.expr(sql.shown(measure));
    }
    for name in &query.group_by {
        sql.group(&mut select, name);
    }
    if query.earliest {
        select.expr(Func::min(column(scoped, "created_at"))).expr(Func::min(column(scoped, "id")));
    }
    restrict(&mut select, scoped, dialect);
    if let Some(having) = &query.having {
        select.and_having(lower_condition(having, &sql, dialect, scoped.now()));
    }
    select.limit(query.limit);
    Stmt::build(dialect, &select)
}

struct Lowering<'a> {
    scoped: &'a Scoped,
    columns: RecordColumns<'a>,
    query: &'a AggregateQuery,
    dialect: Dialect,
}

impl Lowering<'_> {
    fn field(&self, name: &str) -> Option<&Field> {
        self.scoped.compiled().collection.field(name)
    }

    /// What a result shows.
    fn shown(&self, measure: &Measure) -> Expr {
        match measure {
            Measure::Min(name) if self.field(name).is_some_and(|f| f.ty.is_time()) => {
                self.time_text(name, |texts| Func::min(texts).into())
            }
            Measure::Max(name) if self.field(name).is_some_and(|f| f.ty.is_time()) => {
                self.time_text(name, |texts| Func::max(texts).into())
            }
            _ => self.compared(measure),
        }
    }

    /// What a condition about groups compares: of a time the instant.
    fn compared(&self, measure: &Measure) -> Expr {
        let columns = &self.columns;
        match measure {
            Measure::Rows => Expr::cust("COUNT(*)"),
            Measure::Count(typed) => {
                Func::count(lower(typed, columns, self.dialect, self.scoped.now())).into()
            }
            Measure::Sum(name) => self.sum(name),
            Measure::Avg(name) => {
                let count = Func::count(columns.native(name));
                let count = match self.dialect {
                    Dialect::Sqlite => count.into(),
                    Dialect::Postgres => Expr::from(count).cast_as("DOUBLE PRECISION"),
                };
                self.sum(name).div(count)
            }
            Measure::Min(name) => Func::min(columns.native(name)).into(),
            Measure::Max(name) => Func::max(columns.native(name)).into(),
        }
    }

    /// The exact sum of the decimals that the numbers show, as a double: see
    /// `snackbase_rules::functions::DecimalSum`. The text of a double is the
    /// shortest one; a direct cast to NUMERIC would keep 15 digits.
    fn sum(&self, name: &str) -> Expr {
        let values = self.columns.native(name);
        match self.dialect {
            Dialect::Sqlite => Func::cust("sb_sum").arg(values).into(),
            Dialect::Postgres => {
                Func::cust("sb_double").arg(Func::sum(values.cast_as("TEXT").cast_as("NUMERIC"))).into()
            }
        }
    }

    /// The text of the first or last of the times; of those at one instant, the
    /// first or last text. It is taken from texts that begin with the instant.
    fn time_text(&self, name: &str, pick: impl FnOnce(Expr) -> Expr) -> Expr {
        let parts = [self.columns.native(name), self.columns.text(name)];
        let dated = match self.dialect {
            Dialect::Sqlite => {
                Expr::cust_with_exprs(format!("printf('%019d', ? + {EPOCH_SHIFT}) || ?"), parts)
            }
            Dialect::Postgres => Expr::cust_with_exprs(
                format!(
                    "(lpad((extract(epoch from $1) * 1000000 + {EPOCH_SHIFT})::bigint::text, 19, '0') || $2) \
                     COLLATE \"C\""
                ),
                parts,
            ),
        };
        Func::cust("substr").arg(pick(dated)).arg(20).into()
    }

    /// Groups by the values of a field, and shows them.
    /// What makes a group. Without statistics SQLite would rather walk through all of an account, in
    /// the order of the groups, than look up the records that a condition wants. The sign keeps it from using
    /// an index for the groups (https://sqlite.org/optoverview.html, "unary +").
    fn key(&self, native: Expr) -> Expr {
        match self.dialect {
            Dialect::Sqlite if self.scoped.predicate().is_some() => Expr::cust_with_expr("+?", native),
            Dialect::Sqlite | Dialect::Postgres => native,
        }
    }

    fn group(&self, select: &mut SelectStatement, name: &str) {
        let native = self.columns.native(name);
        match self.field(name).map(|field| &field.ty) {
            // One group for an instant, however it was written.
            Some(ty) if ty.is_time() => {
                select.expr(Func::min(self.columns.text(name))).add_group_by([self.key(native)]);
            }
            // JSONB is compared by value; on SQLite texts are, so of one form.
            Some(FieldType::Json) if self.dialect == Dialect::Sqlite => {
                let form = Expr::from(Func::cust("sb_json").arg(native));
                select.expr(form.clone()).add_group_by([form]);
            }
            _ => {
                select.expr(native.clone()).add_group_by([self.key(native)]);
            }
        }
    }
}

/// Results by their keys, in a condition about groups.
impl Columns for Lowering<'_> {
    fn native(&self, alias: &str) -> Expr {
        match self.query.measures.iter().find(|(key, _)| key == alias) {
            Some((_, measure)) => self.compared(measure),
            None => Expr::cust("NULL"),
        }
    }

    fn text(&self, alias: &str) -> Expr {
        match self.query.measures.iter().find(|(key, _)| key == alias) {
            Some((_, measure)) => self.shown(measure),
            None => Expr::cust("NULL"),
        }
    }
}

/// Reads a row of the statement.
pub(super) fn group(scoped: &Scoped, query: &AggregateQuery, row: Row) -> Result<Group, StoreError> {
    let broken = || StoreError::Inconsistent("a group does not have the values asked for".to_owned());
    let mut values = row.values.into_iter();
    let mut next = || values.next().ok_or_else(broken);
    let collection = &scoped.compiled().collection;
    let measures = query.measures.iter().map(|(_, measure)| {
        let field = measure.field().and_then(|name| collection.field(name));
        result(field, next()?).ok_or_else(broken)
    });
    let measures = measures.collect::<Result<_, _>>()?;
    let keys = query.group_by.iter().map(|name| match name.as_str() {
        "created_at" | "updated_at" => micros(next()?).map(moment).ok_or_else(broken),
        name => result(collection.field(name), next()?).ok_or_else(broken),
    });
    let keys = keys.collect::<Result<_, _>>()?;
    let earliest = match query.earliest {
        true => match (next()?, next()?) {
            (at, SqlValue::String(Some(id))) => Some((micros(at).ok_or_else(broken)?, id)),
            _ => return Err(broken()),
        },
        false => None,
    };
    Ok(Group { measures, keys, earliest })
}

fn result(field: Option<&Field>, value: SqlValue) -> Option<Value> {
    let ty = field.map_or(&FieldType::Text, |field| &field.ty);
    match (ty, value) {
        (FieldType::Json, SqlValue::String(Some(text))) => {
            Some(Value::Json(serde_json::from_str(&text).ok()?))
        }
        (_, SqlValue::Json(Some(tree))) => Some(Value::Json(canonical(&tree))),
        (ty, value) => value_of(ty, value),
    }
}

fn micros(value: SqlValue) -> Option<i64> {
    match value {
        SqlValue::BigInt(micros) => micros,
        SqlValue::ChronoDateTimeUtc(time) => time.map(|time| time.timestamp_micros()),
        _ => None,
    }
}

/// A moment of a system field, with the text that records show.
fn moment(micros: i64) -> Value {
    Value::Time { text: json::instant_text(micros), micros }
}
