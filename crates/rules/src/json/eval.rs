//! The meaning of conditions on JSON.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::Names;
use crate::ast::{CompareOp, Expr, Literal};
use crate::functions as f;
use crate::signature::{Function, Unit};

type Given<'a> = Cow<'a, Value>;

const NULL: Given<'static> = Cow::Owned(Value::Null);

fn truth(value: bool) -> Given<'static> {
    Cow::Owned(Value::Bool(value))
}

fn number(value: f64) -> Given<'static> {
    Cow::Owned(Number::from_f64(value).map_or(Value::Null, Value::Number))
}

fn text(value: String) -> Given<'static> {
    Cow::Owned(Value::String(value))
}

/// The value of an expression; null for what has none.
pub(super) fn value<'a>(expr: &'a Expr, names: &'a dyn Names) -> Given<'a> {
    let value_of = |expr| value(expr, names);
    match expr {
        Expr::Literal(literal) => constant(literal),
        Expr::Field { name, .. } if name.contains('@') => NULL,
        Expr::Field { name, .. } => names.value(name).unwrap_or(NULL),
        Expr::Variable { .. } | Expr::Macro { .. } => NULL,
        Expr::Call { name, args, .. } => Function::resolve(name, args)
            .ok()
            .and_then(|function| call(function, args, names))
            .unwrap_or(NULL),
        Expr::Not(inner) => truth(!is_true(&value_of(inner))),
        Expr::Neg(inner) => as_number(&value_of(inner)).map_or(NULL, |n| number(-n)),
        Expr::Binary { op, left, right } => {
            let (left, right) = (as_number(&value_of(left)), as_number(&value_of(right)));
            left.zip(right).and_then(|(left, right)| f::arithmetic(*op, left, right)).map_or(NULL, number)
        }
        Expr::Compare { op, left, right } => truth(compare(*op, &value_of(left), &value_of(right))),
        Expr::And(terms) => truth(terms.iter().all(|term| is_true(&value_of(term)))),
        Expr::Or(terms) => truth(terms.iter().any(|term| is_true(&value_of(term)))),
        Expr::In { expr, list, negated } => {
            let wanted = value_of(expr);
            truth(list.iter().any(|item| equal(&wanted, &value_of(item))) != *negated)
        }
        Expr::IsNull { expr, negated } => truth(value_of(expr).is_null() != *negated),
        Expr::IsEmpty { expr, negated } => truth(is_empty(&value_of(expr)) != *negated),
    }
}

fn constant(literal: &Literal) -> Given<'static> {
    match literal {
        Literal::Null | Literal::Json => NULL,
        Literal::Bool(value) => truth(*value),
        Literal::Number(value) => number(*value),
        Literal::Text(value) => text(value.clone()),
    }
}

/// Not null, false, 0, or a text, list or object with nothing in it.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        _ => !is_empty(value),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Numbers and truth values: true is 1.
fn numeric(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(*value)),
        Value::Number(number) => number.as_f64(),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same =
                |(key, value): (&String, &Value)| right.get(key).is_some_and(|other| equal(value, other));
            left.len() == right.len() && left.iter().all(same)
        }
        // Integers exactly: doubles do not tell large ones apart.
        (Value::Number(left), Value::Number(right)) if left == right => true,
        (Value::Number(left), Value::Number(right)) if !left.is_f64() && !right.is_f64() => false,
        _ => match (numeric(left), numeric(right)) {
            (Some(left), Some(right)) => left == right,
            _ => left == right,
        },
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64()?.partial_cmp(&right.as_f64()?),
        // By code point, which is the order of the bytes in UTF-8.
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn like(value: &Value, pattern: &Value) -> bool {
    as_text(value).zip(as_text(pattern)).is_some_and(|(value, pattern)| f::like(&value, &pattern))
}

fn compare(op: CompareOp, left: &Value, right: &Value) -> bool {
    let ordered = |fits: fn(Ordering) -> bool| order(left, right).is_some_and(fits);
    match op {
        CompareOp::Eq => equal(left, right),
        CompareOp::Ne => !equal(left, right),
        CompareOp::Lt => ordered(Ordering::is_lt),
        CompareOp::Gt => ordered(Ordering::is_gt),
        CompareOp::Le => ordered(Ordering::is_le),
        CompareOp::Ge => ordered(Ordering::is_ge),
        CompareOp::Like => like(left, right),
        CompareOp::NotLike => !like(left, right),
        CompareOp::Matches => false,
    }
}

/// As computed fields convert: text that reads as a number is one.
fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => f::parse_number(text),
        _ => numeric(value),
    }
}

/// As computed fields convert; objects and lists have no text.
fn as_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
        Value::Number(number) => Some(match (number.as_u64(), number.as_i64()) {
            (None, None) => Cow::Owned(f::number_text(number.as_f64()?)),
            _ => Cow::Owned(number.to_string()),
        }),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn as_instant(value: &Value) -> Option<i64> {
    value.as_str().and_then(f::parse_instant)
}

/// None is null. The number of arguments has been checked by [`Function::resolve`].
fn call<'a>(function: Function, args: &'a [Expr], names: &'a dyn Names) -> Option<Given<'a>> {
    let arg = |at: usize| value(&args[at], names);
    let number_at = |at: usize| as_number(&arg(at));
    let text_at = |at: usize| as_text(&arg(at)).map(Cow::into_owned);
    Some(match function {
        Function::Abs => number(number_at(0)?.abs()),
        Function::Ceil => number(number_at(0)?.ceil()),
        Function::Floor => number(number_at(0)?.floor()),
        Function::Round => {
            let digits = if args.len() > 1 { number_at(1)? } else { 0.0 };
            number(f::round(number_at(0)?, digits)?)
        }
        Function::Length => match arg(0).as_ref() {
            Value::Array(items) => number(items.len() as f64),
            value => number(f::length(&as_text(value)?)),
        },
        Function::Lower => text(f::lower(&text_at(0)?)),
        Function::Upper => text(f::upper(&text_at(0)?)),
        Function::Trim => text(f::trim(&text_at(0)?).to_owned()),
        Function::Substring => {
            let count = if args.len() > 2 { Some(number_at(2)?) } else { None };
            text(f::substring(&text_at(0)?, number_at(1)?, count))
        }
        Function::Concat => {
            let parts = (0..args.len()).map(text_at);
            text(parts.into_iter().try_fold(String::new(), |joined, part| f::joined(joined, &part?))?)
        }
        Function::If => arg(if is_true(&arg(0)) { 1 } else { 2 }),
        Function::Coalesce => (0..args.len()).map(arg).find(|value| !value.is_null())?,
        Function::NullIf => Some(arg(0)).filter(|first| !equal(first, &arg(1)))?,
        Function::DateAdd => {
            let unit = Unit::from_argument(function, &args[2]).ok()?;
            text(f::instant_text(f::date_add(as_instant(&arg(0))?, number_at(1)?, unit)?))
        }
        Function::DateDiff => {
            let unit = Unit::from_argument(function, &args[2]).ok()?;
            number(f::date_diff(as_instant(&arg(0))?, as_instant(&arg(1))?, unit))
        }
        Function::Now => return None,
    })
}
