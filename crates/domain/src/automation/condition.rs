//! Conditions over JSON: the expressions of rules, evaluated in memory on one object whose fields have
//! no types that are known before.
//!
//! Where rules know three truth values, conditions know two: what cannot be compared does not hold.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Number, Value};
use snackbase_rules::functions::{
    Pattern, arithmetic, date_add, date_diff, instant_text, joined, length, lower, number_text,
    parse_instant, round, substring, trim, upper,
};
use snackbase_rules::limits::MAX_PATTERN_CHARS;
use snackbase_rules::{CompareOp, Expr, Literal, Unit, check_calls, parse_condition};

use super::template::{Names, descend};

/// A condition that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition(Expr);

impl Condition {
    /// Reads a condition; blank text is none.
    ///
    /// # Errors
    /// What is no expression, or calls what there is not, in a sentence.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let expr = parse_condition(text).map_err(|error| error.to_string())?;
        check_calls(&expr)?;
        Ok(Some(Self(expr)))
    }

    /// Whether it holds. `now` is what `now()` means, in microseconds since the Unix epoch.
    pub fn holds(&self, names: &dyn Names, now: i64) -> bool {
        is_true(&Evaluation { names, now }.value(&self.0))
    }
}

/// The names of a record: its fields, by themselves or after `record.` or `trigger.`; dots descend.
#[derive(Clone, Copy, Debug)]
pub struct RecordNames<'r>(pub &'r Map<String, Value>);

impl Names for RecordNames<'_> {
    fn value(&self, name: &str) -> Option<Cow<'_, Value>> {
        let field = |name: &str| match name.split_once('.') {
            Some((first, rest)) => self.0.get(first).map(|value| descend(value, rest)),
            None => self.0.get(name),
        };
        let root = name.strip_prefix("record.").or_else(|| name.strip_prefix("trigger."));
        root.and_then(field).or_else(|| field(name)).map(Cow::Borrowed)
    }
}

struct Evaluation<'a> {
    names: &'a dyn Names,
    now: i64,
}

impl<'a> Evaluation<'a> {
    fn value(&self, expr: &Expr) -> Cow<'a, Value> {
        Cow::Owned(match expr {
            Expr::Literal(literal) => match literal {
                Literal::Null | Literal::Json => Value::Null,
                Literal::Bool(value) => Value::Bool(*value),
                Literal::Number(value) => number(*value),
                Literal::Text(text) => Value::String(text.clone()),
            },
            Expr::Field { name, .. } if name.contains('@') => Value::Null,
            Expr::Field { name, .. } => return self.names.value(name).unwrap_or_default(),
            Expr::Variable { .. } | Expr::Macro { .. } => Value::Null,
            Expr::Call { name, args, .. } => self.call(name, args).unwrap_or_default(),
            Expr::Not(inner) => Value::Bool(!self.truth(inner)),
            Expr::Neg(inner) => self.number(inner).map_or(Value::Null, |n| number(-n)),
            Expr::Binary { op, left, right } => {
                let operands = self.number(left).zip(self.number(right));
                let computed = operands.and_then(|(left, right)| arithmetic(*op, left, right));
                computed.map_or(Value::Null, number)
            }
            Expr::Compare { op, left, right } => {
                Value::Bool(compare(*op, &self.value(left), &self.value(right)))
            }
            Expr::And(terms) => Value::Bool(terms.iter().all(|term| self.truth(term))),
            Expr::Or(terms) => Value::Bool(terms.iter().any(|term| self.truth(term))),
            Expr::In { expr, list, negated } => {
                let value = self.value(expr);
                Value::Bool(list.iter().any(|item| equal(&value, &self.value(item))) != *negated)
            }
            Expr::IsNull { expr, negated } => Value::Bool(self.value(expr).is_null() != *negated),
            Expr::IsEmpty { expr, negated } => {
                let value = self.value(expr);
                let empty = value.is_null() || value.as_str() == Some("");
                Value::Bool(empty != *negated)
            }
        })
    }

    fn truth(&self, expr: &Expr) -> bool {
        is_true(&self.value(expr))
    }

    fn number(&self, expr: &Expr) -> Option<f64> {
        self.value(expr).as_f64()
    }

    fn text(&self, expr: &Expr) -> Option<String> {
        match self.value(expr).into_owned() {
            Value::String(text) => Some(text),
            Value::Number(n) => n.as_f64().map(number_text),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        }
    }

    fn instant(&self, expr: &Expr) -> Option<i64> {
        self.value(expr).as_str().and_then(parse_instant)
    }

    /// A function of computed fields; none where an argument is of no use to it. Numbers of arguments
    /// were checked.
    fn call(&self, name: &str, args: &[Expr]) -> Option<Value> {
        let text = |position: usize| self.text(&args[position]);
        let float = |position: usize| self.number(&args[position]);
        let unit = |position: usize| match &args[position] {
            Expr::Literal(Literal::Text(name)) => Unit::parse(name),
            _ => None,
        };
        Some(match name {
            "now" => instant_text(self.now).into(),
            "lower" => lower(&text(0)?).into(),
            "upper" => upper(&text(0)?).into(),
            "trim" => trim(&text(0)?).into(),
            "length" => number(length(&text(0)?)),
            "substring" => {
                let count = match args.get(2) {
                    Some(count) => Some(self.number(count)?),
                    None => None,
                };
                substring(&text(0)?, float(1)?, count).into()
            }
            "concat" => {
                let parts = args.iter().map(|part| self.text(part));
                parts.reduce(|all, part| joined(all?, &part?))??.into()
            }
            "abs" => number(float(0)?.abs()),
            "ceil" => number(float(0)?.ceil()),
            "floor" => number(float(0)?.floor()),
            "round" => {
                let digits = match args.get(1) {
                    Some(digits) => self.number(digits)?,
                    None => 0.0,
                };
                number(round(float(0)?, digits)?)
            }
            "if" => self.value(&args[if self.truth(&args[0]) { 1 } else { 2 }]).into_owned(),
            "coalesce" => {
                let mut values = args.iter().map(|option| self.value(option));
                values.find(|value| !value.is_null())?.into_owned()
            }
            "nullif" => {
                let first = self.value(&args[0]);
                if equal(&first, &self.value(&args[1])) { Value::Null } else { first.into_owned() }
            }
            "date_diff" => number(date_diff(self.instant(&args[0])?, self.instant(&args[1])?, unit(2)?)),
            "date_add" => instant_text(date_add(self.instant(&args[0])?, float(1)?, unit(2)?)?).into(),
            _ => return None,
        })
    }
}

fn number(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Not null, false, 0, nor empty.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(n) => n.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// A number, or a truth value as one.
fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        other => other.as_f64(),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (as_number(left), as_number(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

fn compare(op: CompareOp, left: &Value, right: &Value) -> bool {
    let ordered = |holds: fn(Ordering) -> bool| {
        let order = match (left, right) {
            (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
            (Value::Number(left), Value::Number(right)) => {
                left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right))
            }
            _ => None,
        };
        order.is_some_and(holds)
    };
    let like = || match (left, right) {
        (Value::String(text), Value::String(pattern)) if pattern.chars().count() <= MAX_PATTERN_CHARS => {
            Some(Pattern::new(pattern).matches(text))
        }
        _ => None,
    };
    match op {
        CompareOp::Eq => equal(left, right),
        CompareOp::Ne => !equal(left, right),
        CompareOp::Lt => ordered(Ordering::is_lt),
        CompareOp::Gt => ordered(Ordering::is_gt),
        CompareOp::Le => ordered(Ordering::is_le),
        CompareOp::Ge => ordered(Ordering::is_ge),
        CompareOp::Like => like() == Some(true),
        CompareOp::NotLike => like() == Some(false),
        // Nothing here is indexed for search.
        CompareOp::Matches => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn holds(text: &str) -> bool {
        let record = json!({
            "title": "Go", "n": 5, "x": 1.5, "yes": true, "no": false, "none": null, "empty": "",
            "tags": ["a", { "b": 2 }], "o": { "k": "v" }, "list": [], "at": "2024-03-01T10:00:00Z",
        });
        let condition = Condition::parse(text).unwrap().unwrap();
        condition.holds(&RecordNames(record.as_object().unwrap()), 0)
    }

    #[test]
    fn conditions_hold_and_do_not() {
        for text in [
            "title = 'Go'",
            "title == \"Go\"",
            "n = 5.0",
            "yes = 1",
            "1 = yes",
            "none = null",
            "absent = null",
            "n > 4 && n <= 5",
            "title > 'Aa'",
            "yes",
            "n",
            "tags",
            "o",
            "!empty",
            "!list",
            "!none",
            "!absent",
            "title ~ 'g%'",
            "title ~ '_o'",
            "title !~ 'x%'",
            "n IN (1, 5)",
            "title NOT IN ('a')",
            "none IS NULL",
            "absent IS NULL",
            "title IS NOT NULL",
            "empty IS EMPTY",
            "absent is empty",
            "title IS NOT EMPTY",
            "n + 1 = 6",
            "-n < 0",
            "n % 2 = 1",
            "lower(title) = 'go'",
            "length(title) = 2",
            "concat(title, n) = 'Go5'",
            "record.title = 'Go'",
            "trigger.n = 5",
            "tags.1.b = 2",
            "o.k = 'v'",
            "record.o.k = 'v'",
            "@request.auth.id = null",
            "TRUE",
            "no = FALSE",
            "if(yes, n, 0) = 5",
            "date_diff(at, '2024-02-29', 'days') > 1",
            "coalesce(none, title) = 'Go'",
            "n != 'x'",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "title = 'go'",
            "n = '5'",
            "n < 'x'",
            "n >= 'x'",
            "n <= none",
            "none >= 0",
            "none != null",
            "no",
            "empty",
            "list",
            "none",
            "absent",
            "n ~ '5'",
            "none ~ '%'",
            "none !~ 'x'",
            "title ~ 'o'",
            "tags.9 = 1",
            "o.k.z = 'v'",
            "n + title = 5",
            "null",
            "''",
            "0",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        assert_eq!(Condition::parse(" \n"), Ok(None));
        for text in [
            "title =",
            "a AND b",
            "a <> b",
            "nope(1)",
            "lower()",
            "@own(1)",
            "title @@ 'go'",
            "(",
            "'x",
            "a = = b",
        ] {
            assert!(Condition::parse(text).is_err(), "{text}");
        }
        assert!(Condition::parse(&"(".repeat(5000)).is_err());
        assert!(Condition::parse(&"a".repeat(9000)).is_err());
    }
}
