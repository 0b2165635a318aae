//! The functions that lowered expressions call, for a SQLite connection.
//!
//! They are the same Rust functions that evaluate expressions in memory. Numbers
//! are REAL, truth values INTEGER 0 and 1, times INTEGER microseconds since the
//! epoch. Each gives NULL when an argument is NULL.

use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};
use snackbase_domain::record::canonical;
use snackbase_rules::search::{relevance, words};
use snackbase_rules::{ArithOp, Unit, functions as f};

const FLAGS: FunctionFlags = FunctionFlags::SQLITE_UTF8
    .union(FunctionFlags::SQLITE_DETERMINISTIC)
    .union(FunctionFlags::SQLITE_INNOCUOUS);

/// Registers all `sb_…` functions on a connection.
///
/// # Errors
/// What SQLite answers when it refuses a registration.
pub fn register(connection: &Connection) -> Result<()> {
    conversions(connection)?;
    numbers(connection)?;
    texts(connection)?;
    times(connection)?;
    groups(connection)?;
    scalar(connection, "sb_truth", 1, truth)
}

fn conversions(connection: &Connection) -> Result<()> {
    scalar(connection, "sb_bool_number", 1, |c| number(c, 0).map(|b| f64::from(b != 0.0)))?;
    scalar(connection, "sb_bool_text", 1, |c| number(c, 0).map(|b| (b != 0.0).to_string()))?;
    scalar(connection, "sb_number", 1, |c| f::parse_number(text(c, 0)?))?;
    scalar(connection, "sb_number_text", 1, |c| number(c, 0).map(f::number_text))?;
    scalar(connection, "sb_instant", 1, |c| f::parse_instant(text(c, 0)?))?;
    scalar(connection, "sb_instant_text", 1, |c| instant(c, 0).map(f::instant_text))
}

fn numbers(connection: &Connection) -> Result<()> {
    let operators = [
        ("sb_add", ArithOp::Add),
        ("sb_sub", ArithOp::Sub),
        ("sb_mul", ArithOp::Mul),
        ("sb_div", ArithOp::Div),
        ("sb_mod", ArithOp::Rem),
    ];
    for (name, op) in operators {
        scalar(connection, name, 2, move |c| f::arithmetic(op, number(c, 0)?, number(c, 1)?))?;
    }
    scalar(connection, "sb_abs", 1, |c| number(c, 0).map(f64::abs))?;
    scalar(connection, "sb_ceil", 1, |c| number(c, 0).map(f64::ceil))?;
    scalar(connection, "sb_floor", 1, |c| number(c, 0).map(f64::floor))?;
    scalar(connection, "sb_round", 1, |c| f::round(number(c, 0)?, 0.0))?;
    scalar(connection, "sb_round", 2, |c| f::round(number(c, 0)?, number(c, 1)?))
}

fn texts(connection: &Connection) -> Result<()> {
    scalar(connection, "sb_like", 2, |c| {
        // The pattern is read once a statement where it is a constant of it.
        let pattern = c.get_or_create_aux(1, |pattern| pattern.as_str().map(f::Pattern::new)).ok()?;
        text(c, 0).map(|text| pattern.matches(text))
    })?;
    scalar(connection, "sb_concat", 2, |c| f::joined(text(c, 0)?, text(c, 1)?))?;
    scalar(connection, "sb_words", 1, |c| text(c, 0).map(words))?;
    scalar(connection, "sb_relevance", 2, |c| Some(relevance(text(c, 0).unwrap_or_default(), text(c, 1)?)))?;
    scalar(connection, "sb_length", 1, |c| text(c, 0).map(f::length))?;
    scalar(connection, "sb_lower", 1, |c| text(c, 0).map(f::lower))?;
    scalar(connection, "sb_upper", 1, |c| text(c, 0).map(f::upper))?;
    scalar(connection, "sb_trim", 1, |c| text(c, 0).map(|t| f::trim(t).to_owned()))?;
    scalar(connection, "sb_substring", 2, |c| Some(f::substring(text(c, 0)?, number(c, 1)?, None)))?;
    scalar(connection, "sb_substring", 3, |c| {
        Some(f::substring(text(c, 0)?, number(c, 1)?, Some(number(c, 2)?)))
    })
}

fn times(connection: &Connection) -> Result<()> {
    scalar(connection, "sb_date_diff", 3, |c| {
        Some(f::date_diff(instant(c, 0)?, instant(c, 1)?, Unit::parse(text(c, 2)?)?))
    })?;
    scalar(connection, "sb_date_add", 3, |c| {
        f::date_add(instant(c, 0)?, number(c, 1)?, Unit::parse(text(c, 2)?)?)
    })
}

/// What grouping needs: the exact sum of numbers, and the form that equal JSON values share.
fn groups(connection: &Connection) -> Result<()> {
    scalar(connection, "sb_json", 1, |c| {
        serde_json::from_str(text(c, 0)?).ok().map(|tree| canonical(&tree).to_string())
    })?;
    connection.create_aggregate_function("sb_sum", 1, FLAGS, Sum)
}

/// NULL where there is no number.
struct Sum;

impl Aggregate<Option<f::DecimalSum>, Option<f64>> for Sum {
    fn init(&self, _: &mut Context<'_>) -> Result<Option<f::DecimalSum>> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, sum: &mut Option<f::DecimalSum>) -> Result<()> {
        if let Some(term) = number(context, 0) {
            sum.get_or_insert_default().add(term);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Option<f::DecimalSum>>) -> Result<Option<f64>> {
        Ok(sum.flatten().map(|sum| sum.total()))
    }
}

/// The truth of what a stored macro's query answers.
fn truth(context: &Context<'_>) -> Option<bool> {
    match context.get_raw(0) {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number != 0),
        ValueRef::Real(number) => Some(number != 0.0),
        ValueRef::Text(text) => Some(!matches!(text, b"" | b"false" | b"0")),
        ValueRef::Blob(bytes) => Some(!bytes.is_empty()),
    }
}

/// Registers one function; none is NULL.
fn scalar<T: rusqlite::types::ToSql>(
    connection: &Connection,
    name: &str,
    arguments: i32,
    function: impl Fn(&Context<'_>) -> Option<T> + Send + 'static,
) -> Result<()> {
    connection.create_scalar_function(name, arguments, FLAGS, move |context| Ok(function(context)))
}

fn number(context: &Context<'_>, index: usize) -> Option<f64> {
    match context.get_raw(index) {
        ValueRef::Real(value) => Some(value),
        ValueRef::Integer(value) => Some(value as f64),
        ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => None,
    }
}

fn instant(context: &Context<'_>, index: usize) -> Option<i64> {
    match context.get_raw(index) {
        ValueRef::Integer(value) => Some(value),
        _ => None,
    }
}

fn text<'a>(context: &'a Context<'_>, index: usize) -> Option<&'a str> {
    context.get_raw(index).as_str().ok()
}
