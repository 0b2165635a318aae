//! Evaluation in memory.

use std::cmp::Ordering;

use crate::ast::CompareOp;
use crate::functions as f;
use crate::search::{self, SearchQuery, Term};
use crate::signature::Function;
use crate::typed::{Node, Type, Typed};

/// A value of a field or an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// Finite.
    Number(f64),
    Text(String),
    /// A time. `text` is what was stored, if it was stored as text.
    Instant {
        micros: i64,
        text: Option<String>,
    },
    /// An object or list; only its presence matters.
    Json,
}

/// The record that an expression is evaluated on.
pub trait Row {
    /// The value of a stored field; null for a field without one.
    fn get(&self, field: &str) -> Value;

    /// The record of the same account that a reference means. None: there is none,
    /// or it was not loaded for this evaluation.
    fn related(&self, _field: &str) -> Option<Box<dyn Row + '_>> {
        None
    }

    /// The truth of a stored macro for these arguments. None: unknown, so that a
    /// rule which depends on it denies.
    fn stored_macro(&self, _name: &str, _args: &[Value]) -> Option<bool> {
        None
    }
}

/// Evaluates an elaborated expression. `now_micros` is the value of `now()`, in
/// microseconds since the epoch.
pub fn eval(typed: &Typed, row: &dyn Row, now_micros: i64) -> Value {
    Evaluation { row, now_micros }.value(typed)
}

/// Evaluates an elaborated expression as a condition; none is unknown.
pub fn eval_condition(typed: &Typed, row: &dyn Row, now_micros: i64) -> Option<bool> {
    let evaluation = Evaluation { row, now_micros };
    if typed.ty == Type::Bool {
        evaluation.truth(typed)
    } else {
        evaluation.truth(&typed.clone().into_condition())
    }
}

struct Evaluation<'a> {
    row: &'a dyn Row,
    now_micros: i64,
}

impl Evaluation<'_> {
    fn value(&self, typed: &Typed) -> Value {
        match typed.ty {
            Type::Null => Value::Null,
            Type::Bool => self.truth(typed).map_or(Value::Null, Value::Bool),
            Type::Number => self.number(typed).map_or(Value::Null, Value::Number),
            Type::Text => self.text(typed).map_or(Value::Null, Value::Text),
            Type::Instant => {
                self.instant(typed).map_or(Value::Null, |micros| Value::Instant { micros, text: None })
            }
            Type::Json => self.json(typed),
        }
    }

    fn is_null(&self, typed: &Typed) -> bool {
        match &typed.node {
            Node::Field(name) => self.row.get(name) == Value::Null,
            _ => self.value(typed) == Value::Null,
        }
    }

    /// A choice of any type, or a value of another record. Each operand is evaluated once at most, so that the
    /// time does not grow with the power of the nesting.
    fn choice(&self, typed: &Typed) -> Value {
        match &typed.node {
            Node::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                self.value(if self.truth(condition) == Some(true) { then } else { otherwise })
            }
            Node::Coalesce(options) => {
                let mut values = options.iter().map(|option| self.value(option));
                values.find(|value| *value != Value::Null).unwrap_or(Value::Null)
            }
            Node::NullIf(parts) => {
                let [first, second] = parts.as_ref();
                let first = self.value(first);
                if order(&first, &self.value(second)) == Some(Ordering::Equal) {
                    return Value::Null;
                }
                first
            }
            Node::Through { field, guard, inner, .. } => {
                let Some(row) = self.row.related(field) else { return Value::Null };
                let there = Evaluation { row: &*row, now_micros: self.now_micros };
                let seen = guard.as_ref().is_none_or(|guard| there.truth(guard) == Some(true));
                if seen { there.value(inner) } else { Value::Null }
            }
            _ => Value::Null,
        }
    }

    fn truth(&self, typed: &Typed) -> Option<bool> {
        match &typed.node {
            Node::Bool(value) => Some(*value),
            Node::Field(name) => match self.row.get(name) {
                Value::Bool(value) => Some(value),
                _ => None,
            },
            Node::And(terms) => self.all(terms, false),
            Node::Or(terms) => self.all(terms, true),
            Node::Not(inner) => self.truth(inner).map(|truth| !truth),
            Node::Compare { op, left, right } => {
                order(&self.value(left), &self.value(right)).map(|order| holds(*op, order))
            }
            Node::In { value, list } => {
                let value = self.value(value);
                let mut outcome = Some(false);
                for item in list {
                    match order(&value, &self.value(item)) {
                        Some(Ordering::Equal) => return Some(true),
                        Some(_) => {}
                        None => outcome = None,
                    }
                }
                outcome
            }
            Node::Matches { fields, query } => {
                let texts: Vec<_> = fields.iter().map(|field| self.stored_text(field)).collect();
                Some(query.is_in(&texts.iter().map(String::as_str).collect::<Vec<_>>()))
            }
            Node::Like { text, pattern } => Some(f::like(&self.text(text)?, &self.text(pattern)?)),
            Node::IsNull(inner) => Some(self.is_null(inner)),
            Node::WhenPresent { operand, outcome } => (!self.is_null(operand)).then_some(*outcome),
            Node::NumberTruth(inner) => self.number(inner).map(|number| number != 0.0),
            Node::TextTruth(inner) => {
                self.text(inner).map(|text| !matches!(text.as_str(), "" | "false" | "0"))
            }
            Node::StoredMacro { name, args } => {
                let args: Vec<Value> = args.iter().map(|arg| self.value(arg)).collect();
                self.row.stored_macro(name, &args)
            }
            _ => match self.choice(typed) {
                Value::Bool(value) => Some(value),
                _ => None,
            },
        }
    }

    /// A disjunction (`decisive` true) or a conjunction (false).
    fn all(&self, terms: &[Typed], decisive: bool) -> Option<bool> {
        let mut outcome = Some(!decisive);
        for term in terms {
            match self.truth(term) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => outcome = None,
            }
        }
        outcome
    }

    fn number(&self, typed: &Typed) -> Option<f64> {
        match &typed.node {
            Node::Number(value) => Some(*value),
            Node::Field(name) => match self.row.get(name) {
                Value::Number(value) if value.is_finite() => Some(value),
                _ => None,
            },
            Node::Neg(inner) => self.number(inner).map(|number| -number),
            Node::Arith { op, left, right } => f::arithmetic(*op, self.number(left)?, self.number(right)?),
            Node::BoolNumber(inner) => self.truth(inner).map(f64::from),
            Node::TextNumber(inner) => f::parse_number(&self.text(inner)?),
            Node::DateDiff { unit, instants } => {
                let [to, from] = instants.as_ref();
                Some(f::date_diff(self.instant(to)?, self.instant(from)?, *unit))
            }
            Node::Call { function, args } => self.numeric_call(*function, args),
            Node::Relevance { fields, query } => Some(self.relevance(fields, query)),
            _ => match self.choice(typed) {
                Value::Number(value) => Some(value),
                _ => None,
            },
        }
    }

    fn numeric_call(&self, function: Function, args: &[Typed]) -> Option<f64> {
        if function == Function::Length {
            return self.text(&args[0]).map(|text| f::length(&text));
        }
        let number = self.number(&args[0])?;
        match function {
            Function::Abs => Some(number.abs()),
            Function::Ceil => Some(number.ceil()),
            Function::Floor => Some(number.floor()),
            Function::Round => {
                let digits = args.get(1).map_or(Some(0.0), |digits| self.number(digits))?;
                f::round(number, digits)
            }
            _ => None,
        }
    }

    fn stored_text(&self, field: &str) -> String {
        match self.row.get(field) {
            Value::Text(text) => text,
            _ => String::new(),
        }
    }

    fn relevance(&self, fields: &[String], query: &SearchQuery) -> f64 {
        let words: Vec<_> = fields.iter().map(|field| search::words(&self.stored_text(field))).collect();
        let of_term = |term: &Term| {
            let needle = term.needle();
            words.iter().map(move |words| search::relevance(words, &needle)).collect::<Vec<_>>()
        };
        query.terms.iter().flat_map(of_term).fold(0.0, |sum, part| sum + part)
    }

    fn text(&self, typed: &Typed) -> Option<String> {
        match &typed.node {
            Node::Text(value) => Some(value.clone()),
            Node::Field(name) | Node::FieldText(name) => match self.row.get(name) {
                Value::Text(text) | Value::Instant { text: Some(text), .. } => Some(text),
                Value::Instant { micros, text: None } => Some(f::instant_text(micros)),
                _ => None,
            },
            Node::BoolText(inner) => self.truth(inner).map(|truth| truth.to_string()),
            Node::NumberText(inner) => self.number(inner).map(f::number_text),
            Node::InstantText(inner) => self.instant(inner).map(f::instant_text),
            Node::Call { function, args } => self.text_call(*function, args),
            _ => match self.choice(typed) {
                Value::Text(value) => Some(value),
                _ => None,
            },
        }
    }

    fn text_call(&self, function: Function, args: &[Typed]) -> Option<String> {
        let text = self.text(&args[0])?;
        match function {
            Function::Concat => {
                args[1..].iter().try_fold(text, |joined, arg| f::joined(joined, &self.text(arg)?))
            }
            Function::Lower => Some(f::lower(&text)),
            Function::Upper => Some(f::upper(&text)),
            Function::Trim => Some(f::trim(&text).to_owned()),
            Function::Substring => {
                let start = self.number(&args[1])?;
                let count = match args.get(2) {
                    Some(count) => Some(self.number(count)?),
                    None => None,
                };
                Some(f::substring(&text, start, count))
            }
            _ => None,
        }
    }

    fn instant(&self, typed: &Typed) -> Option<i64> {
        match &typed.node {
            Node::Instant(micros) => Some(*micros),
            Node::Now => Some(self.now_micros),
            Node::Field(name) => match self.row.get(name) {
                Value::Instant { micros, .. } => Some(micros),
                Value::Text(text) => f::parse_instant(&text),
                _ => None,
            },
            Node::TextInstant(inner) => f::parse_instant(&self.text(inner)?),
            Node::DateAdd { unit, instant, amount } => {
                f::date_add(self.instant(instant)?, self.number(amount)?, *unit)
            }
            _ => match self.choice(typed) {
                Value::Instant { micros, .. } => Some(micros),
                _ => None,
            },
        }
    }

    fn json(&self, typed: &Typed) -> Value {
        match &typed.node {
            Node::Json => Value::Json,
            Node::Field(name) => match self.row.get(name) {
                Value::Null => Value::Null,
                _ => Value::Json,
            },
            _ => self.choice(typed),
        }
    }
}

/// How two values of one type are ordered; none if one is null.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Instant { micros: left, .. }, Value::Instant { micros: right, .. }) => Some(left.cmp(right)),
        _ => None,
    }
}

fn holds(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Ge => order.is_ge(),
        CompareOp::Like | CompareOp::NotLike | CompareOp::Matches => false,
    }
}
