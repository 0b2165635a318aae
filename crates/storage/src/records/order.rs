//! The order of lists, and what comes after a row in it.

use sea_query::{Expr, ExprTrait, NullOrdering, Order, SelectStatement, Value as SqlValue};
use snackbase_application::access::Scoped;
use snackbase_application::ports::{Position, Sort, SortBy};
use snackbase_domain::collection::SYSTEM_FIELDS;
use snackbase_rls::{Columns, Dialect, lower};
use snackbase_rules::{Type, Value as SortValue};

use super::columns::{RecordColumns, column, instant};

/// What rows are ordered by.
pub(super) struct Key {
    by: Expr,
    descending: bool,
    /// Whether there may be nulls: first where ascending, last where descending.
    nullable: bool,
    /// Which value of a position it has; the id comes after all others.
    index: usize,
}

/// The keys of an order; the id is one, or follows in the direction of the first.
/// `now` is the moment that `now()` means in computed keys.
pub(super) fn keys(scoped: &Scoped, sort: &[Sort], now: i64, dialect: Dialect) -> Vec<Key> {
    let columns = RecordColumns(scoped);
    let key = |(index, sort): (usize, &Sort)| {
        let (by, nullable) = match &sort.by {
            SortBy::Field(name) if SYSTEM_FIELDS.contains(&name.as_str()) => (column(scoped, name), false),
            SortBy::Field(name) => (columns.native(name), true),
            SortBy::Expression(typed) => {
                let by = lower(typed, &columns, dialect, now);
                (if typed.ty == Type::Text { dialect.ordered_text(by) } else { by }, true)
            }
        };
        Key { by, descending: sort.descending, nullable, index }
    };
    let mut keys: Vec<_> = sort.iter().enumerate().map(key).collect();
    if !sort.iter().any(|sort| matches!(&sort.by, SortBy::Field(name) if name == "id")) {
        let descending = sort.first().is_some_and(|sort| sort.descending);
        keys.push(Key { by: column(scoped, "id"), descending, nullable: false, index: sort.len() });
    }
    keys
}

impl Key {
    /// Turns the direction round.
    pub fn reverse(&mut self) {
        self.descending = !self.descending;
    }

    /// Adds the key to a select's order. SQLite puts nulls where they belong by
    /// itself, and its indexes serve only what it does by itself.
    pub fn order_by(self, select: &mut SelectStatement, dialect: Dialect) {
        let order = if self.descending { Order::Desc } else { Order::Asc };
        match dialect {
            Dialect::Postgres if self.nullable => {
                let nulls = if self.descending { NullOrdering::Last } else { NullOrdering::First };
                select.order_by_expr_with_nulls(self.by, order, nulls)
            }
            Dialect::Sqlite | Dialect::Postgres => select.order_by_expr(self.by, order),
        };
    }

    fn value(&self, position: &Position, dialect: Dialect) -> Option<Expr> {
        let value = match position.keys.get(self.index) {
            None => SqlValue::String(Some(position.id.clone())),
            Some(SortValue::Null | SortValue::Json) => return None,
            Some(SortValue::Bool(b)) => SqlValue::Bool(Some(*b)),
            Some(SortValue::Number(n)) => SqlValue::Double(Some(*n)),
            Some(SortValue::Text(text)) => SqlValue::String(Some(text.clone())),
            Some(SortValue::Instant { micros, .. }) => instant(*micros, dialect),
        };
        Some(Expr::val(value))
    }

    /// The rows whose value comes after the position's.
    fn beyond(&self, position: &Position, dialect: Dialect) -> Expr {
        let by = self.by.clone();
        match (self.value(position, dialect), self.descending) {
            (None, false) => by.is_not_null(),
            (None, true) => Expr::cust("FALSE"),
            (Some(value), false) => by.gt(value),
            (Some(value), true) if self.nullable => by.clone().lt(value).or(by.is_null()),
            (Some(value), true) => by.lt(value),
        }
    }

    /// The rows that have the position's value.
    fn same(&self, position: &Position, dialect: Dialect) -> Expr {
        match self.value(position, dialect) {
            None => self.by.clone().is_null(),
            Some(value) => self.by.clone().eq(value),
        }
    }
}

/// The condition of the rows that come after a position.
///
/// Keys without nulls and of one direction, as `created_at, id`, are compared as a row
/// value: both databases answer that by going on in an index. Others are compared
/// one by one: the first that differs decides.
pub(super) fn after(keys: &[Key], position: &Position, dialect: Dialect) -> Expr {
    let descending = keys.first().is_some_and(|key| key.descending);
    if keys.iter().all(|key| !key.nullable && key.descending == descending) {
        let row = Expr::tuple(keys.iter().map(|key| key.by.clone()));
        let values = Expr::tuple(keys.iter().filter_map(|key| key.value(position, dialect)));
        return if descending { row.lt(values) } else { row.gt(values) };
    }
    // a > x OR (a = x AND (b > y OR (b = y AND …))), from the inside out.
    let mut inwards = keys.iter().rev();
    let innermost = inwards.next().map_or_else(|| Expr::cust("TRUE"), |key| key.beyond(position, dialect));
    let after = inwards.fold(innermost, |inner, key| {
        key.beyond(position, dialect).or(key.same(position, dialect).and(inner))
    });
    // Says no more, but bounds what an index is read for.
    match keys.first().map(|key| (key, key.value(position, dialect))) {
        Some((key, Some(value))) if !key.nullable && key.descending => key.by.clone().lte(value).and(after),
        Some((key, Some(value))) if !key.nullable => key.by.clone().gte(value).and(after),
        _ => after,
    }
}
